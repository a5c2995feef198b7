"""The append-only log: what was said on every station's line, durable before it is answered."""
