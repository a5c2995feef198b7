"""PostgreSQL and NATS from their wheels, for one machine."""
