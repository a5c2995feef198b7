"""Who does something: a person, a program, a station a guest or Ohmstead itself."""

from dataclasses import dataclass
from uuid import UUID

from ohmstead.access.models import ApiKey, User


@dataclass(frozen=True, slots=True)
class Actor:
    """`kind` is 'user', 'key', 'station', 'guest' or 'system'; `user_id` and `key_id` are set for their kind only."""

    kind: str
    name: str
    user_id: UUID | None = None
    key_id: UUID | None = None

    @classmethod
    def of_user(cls, user: User) -> "Actor":
        return cls("user", str(user), user.pk)

    @classmethod
    def of_key(cls, key: ApiKey) -> "Actor":
        return cls("key", f"{key.name} ({key.prefix}…)", key_id=key.pk)

    @classmethod
    def of_station(cls, identity: str) -> "Actor":
        return cls("station", identity)

    @classmethod
    def guest(cls) -> "Actor":
        """Somebody who charges without an account."""
        return cls("guest", "Guest")

    @classmethod
    def job(cls, name: str) -> "Actor":
        """A part of Ohmstead that acts by rule, named so that the audit trail says which."""
        return cls("system", name)


SYSTEM = Actor("system", "Ohmstead")
