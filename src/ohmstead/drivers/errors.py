"""What can go wrong with drivers and tokens, each with a sentence for a person."""


class DriversError(ValueError):
    """The message is a sentence for the person who asked."""


class TokenRefused(DriversError):
    """The token cannot be taken as it was entered."""


class DriverRefused(DriversError):
    """The driver or group cannot be stored as it was entered."""


class NotThisToken(DriversError):
    """No token of that kind or state is there."""
