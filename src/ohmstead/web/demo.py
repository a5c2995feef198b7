"""What the demo's sign-in page tells; the demo itself is made in run/demo."""

from typing import Final

SLUG: Final = "demo"
DOMAIN: Final = "ampersham.example"
VISITOR: Final = "Visitor"  # how the labels of cards begin that no simulated driver carries
PASSWORD: Final = "ampersham"
PEOPLE: Final = (
    (f"olivia@{DOMAIN}", "Olivia Owens", "owner"),
    (f"oscar@{DOMAIN}", "Oscar Petersen", "operator"),
    (f"rita@{DOMAIN}", "Rita Reyes", "reader"),
)
