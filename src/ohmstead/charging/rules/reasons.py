"""Why a token may charge or not: what stations hear, what the operator reads and what the driver reads."""

from enum import StrEnum
from typing import Final

from ohmstead.station.tokens import TokenVerdict


class Reason(StrEnum):
    VALID = "valid"
    MAY_STOP = "may_stop"
    NO_TOKEN_ASKED = "no_token_asked"
    FREE_VEND = "free_vend"
    MASTER = "master"
    ROAMING = "roaming"
    UNKNOWN = "unknown"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    NOT_ACTIVATED = "not_activated"
    NOT_YET_VALID = "not_yet_valid"
    MASTER_STARTS_NOTHING = "master_starts_nothing"
    TOO_OFTEN = "too_often"
    ROAMING_REFUSED = "roaming_refused"
    WRONG_SITE = "wrong_site"
    PRIVATE_SITE = "private_site"
    SITE_CLOSED = "site_closed"
    STATION_AWAY = "station_away"
    PLUG_OUT_OF_SERVICE = "plug_out_of_service"
    RESERVED = "reserved"
    NO_PAYMENT = "no_payment"
    ENERGY_LIMIT = "energy_limit"
    MONEY_LIMIT = "money_limit"
    SESSIONS_LIMIT = "sessions_limit"
    TIME_LIMIT = "time_limit"
    AT_ONCE_LIMIT = "at_once_limit"
    CONCURRENT = "concurrent"
    CERTIFICATE = "certificate"


_V = TokenVerdict
# OCPP has few words. Its 2.x NoCredit covers whatever was used up; a station shows NotAtThisTime as "come back later".
VERDICTS: Final = {
    Reason.UNKNOWN: _V.UNKNOWN,
    Reason.BLOCKED: _V.BLOCKED,
    Reason.EXPIRED: _V.EXPIRED,
    Reason.NOT_ACTIVATED: _V.INVALID,
    Reason.NOT_YET_VALID: _V.NOT_AT_THIS_TIME,
    Reason.MASTER_STARTS_NOTHING: _V.INVALID,
    Reason.TOO_OFTEN: _V.INVALID,
    Reason.ROAMING_REFUSED: _V.INVALID,
    Reason.WRONG_SITE: _V.NOT_AT_THIS_LOCATION,
    Reason.PRIVATE_SITE: _V.NOT_AT_THIS_LOCATION,
    Reason.SITE_CLOSED: _V.NOT_AT_THIS_TIME,
    Reason.STATION_AWAY: _V.INVALID,
    Reason.PLUG_OUT_OF_SERVICE: _V.NOT_ALLOWED_TYPE_EVSE,
    Reason.RESERVED: _V.NOT_AT_THIS_TIME,
    Reason.NO_PAYMENT: _V.NO_CREDIT,
    Reason.ENERGY_LIMIT: _V.NO_CREDIT,
    Reason.MONEY_LIMIT: _V.NO_CREDIT,
    Reason.SESSIONS_LIMIT: _V.NO_CREDIT,
    Reason.TIME_LIMIT: _V.NO_CREDIT,
    Reason.AT_ONCE_LIMIT: _V.CONCURRENT_TX,
    Reason.CONCURRENT: _V.CONCURRENT_TX,
    Reason.CERTIFICATE: _V.INVALID,
}  # the others are accepted

# (operator, driver); {detail} is filled in by the rule.
SENTENCES: Final[dict[Reason, tuple[str, str]]] = {
    Reason.VALID: ("The token is valid.", "You may charge."),
    Reason.MAY_STOP: ("{detail}", "Your session ends."),
    Reason.NO_TOKEN_ASKED: ("The station charges without asking for a token.", "You may charge."),
    Reason.FREE_VEND: ("The site lets everybody charge.", "You may charge."),
    Reason.MASTER: ("A master pass may stop every session.", "This pass stops sessions."),
    Reason.ROAMING: ("A partner network accepts the token: {detail}.", "You may charge."),
    Reason.UNKNOWN: ("No such token in this organisation.", "This card is not known here."),
    Reason.BLOCKED: ("The token is blocked{detail}.", "This card is blocked."),
    Reason.EXPIRED: ("The token has expired.", "This card has expired."),
    Reason.NOT_ACTIVATED: ("The token is not activated yet.", "Activate this card first, by the number on it."),
    Reason.NOT_YET_VALID: ("The token is valid from {detail} UTC on.", "This card is not valid yet."),
    Reason.MASTER_STARTS_NOTHING: ("A master pass starts no session.", "This pass only stops sessions."),
    Reason.TOO_OFTEN: (
        "The token was presented {detail} times here within a minute.",
        "Too many tries. Wait a minute and try again.",
    ),
    Reason.ROAMING_REFUSED: ("A partner network refuses the token: {detail}.", "Your provider does not allow this."),
    Reason.WRONG_SITE: (
        "The site is kept to groups, and the token is in none of them.",
        "This site is private, and your card is not on its list.",
    ),
    Reason.PRIVATE_SITE: (
        "The site is private: no guests, and no customers of partners.",
        "This site is private.",
    ),
    Reason.SITE_CLOSED: ("The site is closed at this time.", "This site is closed now."),
    Reason.STATION_AWAY: ("The station is not connected.", "This station cannot be reached now."),
    Reason.PLUG_OUT_OF_SERVICE: ("The plug is {detail}.", "This plug is out of service. Please take another one."),
    Reason.RESERVED: ("Reserved for another driver until {detail}.", "This plug is reserved for someone else."),
    Reason.NO_PAYMENT: ("The driver has no means of payment.", "Add a means of payment first."),
    Reason.ENERGY_LIMIT: (
        "The group {detail} allows no more energy this month.",
        "You have used the energy your group allows this month.",
    ),
    Reason.MONEY_LIMIT: (
        "The group {detail} allows no more money this month.",
        "You have used the amount your group allows this month.",
    ),
    Reason.SESSIONS_LIMIT: (
        "The group {detail} allows no more sessions this month.",
        "You have used the sessions your group allows this month.",
    ),
    Reason.TIME_LIMIT: (
        "The group {detail} allows no more time this month.",
        "You have used the time your group allows this month.",
    ),
    Reason.AT_ONCE_LIMIT: (
        "The group {detail} allows no more sessions at the same time.",
        "You are charging already. Stop that session first.",
    ),
    Reason.CONCURRENT: (
        "The token already has a running session (transaction {detail}).",
        "This card is charging already. Stop that session first.",
    ),
    Reason.CERTIFICATE: (
        "The certificate of the contract is not accepted: {detail}.",
        "Your car's contract is not accepted here. Use a card or the app, or ask your provider.",
    ),
}
