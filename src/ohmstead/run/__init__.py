"""Settings, roles, embedded servers and the command line."""
