"""OCPP 2.0.1: its messages, and how they translate to and from the neutral language."""
