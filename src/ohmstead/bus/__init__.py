"""NATS: requests between roles, wake-ups and live topics. Losing it delays; it loses nothing."""
