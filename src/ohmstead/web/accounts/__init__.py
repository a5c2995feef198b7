"""Signing in and one's own account: for operators now, made so that drivers can use the same."""
