"""OCPP 1.6: its messages, and how they translate to and from the neutral language."""
