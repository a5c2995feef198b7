"""A driver's own account: signing in, what they keep with us, what they have charged."""
