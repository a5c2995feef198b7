"""Live updates: what changed comes in over the bus, the page's own partials go out over server-sent events."""
