"""Who signs in to the demo."""

from typing import Final

from ohmstead.web.demo import DOMAIN, PASSWORD, SLUG

__all__ = ["LOGINS", "PASSWORD", "PEOPLE", "SLUG"]

PEOPLE: Final = (
    (f"olivia@{DOMAIN}", "Olivia Owens", "owner"),
    (f"oscar@{DOMAIN}", "Oscar Petersen", "operator"),
    (f"rita@{DOMAIN}", "Rita Reyes", "reader"),
)
_ROLE_WORDS: Final = {"owner": "Owner", "operator": "Operator", "reader": "Read-only"}
LOGINS: Final = [{"email": email, "password": PASSWORD, "role": _ROLE_WORDS[role]} for email, _, role in PEOPLE]
