"""What happened, told to whoever asked to be told: domain events and webhooks."""
