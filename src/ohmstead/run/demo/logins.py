"""Who signs in to the demo."""

from typing import Final

from ohmstead.web.demo import PASSWORD, PEOPLE, SLUG

__all__ = ["LOGINS", "PASSWORD", "PEOPLE", "SLUG"]

_ROLE_WORDS: Final = {"owner": "Owner", "operator": "Operator", "reader": "Read-only"}
LOGINS: Final = [{"email": email, "password": PASSWORD, "role": _ROLE_WORDS[role]} for email, _, role in PEOPLE]
