"""OCPP-J: frames, the three dialects, quirks. Everything above speaks `ohmstead.station`."""
