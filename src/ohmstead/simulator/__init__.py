"""Charging stations, cars and drivers that speak every dialect, for demos, tests and operators' own trials."""
