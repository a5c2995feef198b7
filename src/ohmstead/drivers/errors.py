"""What can go wrong with drivers and tokens, each with a sentence for a person."""


class DriversError(ValueError):
    """The message is a sentence for the person who asked."""


class TokenRefused(DriversError):
    """The token cannot be taken as it was entered."""


class DriverRefused(DriversError):
    """The driver or group cannot be stored as it was entered."""


class NotThisToken(DriversError):
    """No token of that kind or state is there."""


class CodeRefused(DriversError):
    """The code or link opens nothing (any more)."""


class TooManyCodes(DriversError):
    """From one place more codes were asked for than people there can need."""


class AccountRefused(DriversError):
    """The account does not take this."""


class ExportRefused(DriversError):
    """The export cannot be made or fetched."""


class JoinRefused(DriversError):
    """The way into the group is closed."""


class PushRefused(DriversError):
    """The browser's subscription cannot be used."""
