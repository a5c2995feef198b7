"""Pure rules of deliveries."""
