"""The demo network: the town the simulator plays, its operator's people, and a month of history."""

from ohmstead.run.demo.logins import LOGINS

__all__ = ["LOGINS", "seed", "seed_history"]


def seed(reset: bool = False) -> None:
    """Organisation, people, cards, sites and stations, in about a second; `reset` starts the demo anew."""
    from ohmstead.run.demo import seeding

    seeding.seed(reset)


def seed_history() -> int:
    """A month of sessions and readings, unless the demo already has one; how many sessions were written."""
    from ohmstead.run.demo import seeding

    return seeding.seed_history()
