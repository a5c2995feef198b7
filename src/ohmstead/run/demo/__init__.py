"""The demo network: the town the simulator plays, its operator's people, and a month of history."""

from ohmstead.run.demo.seed import LOGINS, seed, seed_history

__all__ = ["LOGINS", "seed", "seed_history"]
