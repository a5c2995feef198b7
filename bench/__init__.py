"""What Ohmstead costs per message, measured against a bare WebSocket echo in the same run."""
