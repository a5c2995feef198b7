"""What the demo's sign-in page tells; the demo itself is made in run/demo."""

from typing import Final

SLUG: Final = "demo"
DOMAIN: Final = "ampersham.example"
PASSWORD: Final = "ampersham"
