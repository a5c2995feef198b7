"""What charging costs, told before anybody starts. There is no pricing engine yet; it will answer here."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from ohmstead.charging.models import Session
from ohmstead.network.models import Evse


@dataclass(frozen=True, slots=True)
class Price:
    """`sentence` is what a driver reads; `cost` what a session has cost so far, None while nothing is charged for."""

    sentence: str
    cost: Decimal | None = None
    currency: str = ""


def price_of(at: Evse | Session) -> Price:
    return Price(_("Charging is free here: the operator has set no price."))
