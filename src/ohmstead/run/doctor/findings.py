"""What a check found, in one line for a person."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`fine` is False when somebody should act; `says` then tells what to do."""

    what: str
    fine: bool
    says: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.fine else 'LOOK'}  {self.what:<11} {self.says}"


def fine(what: str, says: str) -> Finding:
    return Finding(what, True, says)


def look(what: str, says: str) -> Finding:
    return Finding(what, False, says)


type Check = Callable[[], Iterable[Finding]]


def examine(checks: Iterable[tuple[str, Check]]) -> Iterator[Finding]:
    """Run checks in order; one that cannot be carried out is a finding too and stops no other."""
    for what, check in checks:
        try:
            yield from check()
        except (OSError, ValueError, LookupError, RuntimeError) as failed:
            yield look(what, f"could not be checked: {failed}")
