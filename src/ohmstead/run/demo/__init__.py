"""The demo network: a fictional town, its people and a month of history."""
