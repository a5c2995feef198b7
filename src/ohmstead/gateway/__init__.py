"""Station sockets: the door, one link per station, and nothing acknowledged that is not stored."""
