"""The drivers' web app: find a plug, start, follow, stop."""
