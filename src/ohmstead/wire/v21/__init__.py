"""OCPP 2.1: its messages, and how they translate to and from the neutral language."""
