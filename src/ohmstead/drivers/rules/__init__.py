"""Pure rules about identities."""
