"""What can go wrong in the network, each with a sentence for a person."""


class NetworkError(Exception):
    """The message is a sentence for the person who asked."""


class StationExists(NetworkError):
    pass


class StationUnknown(NetworkError):
    pass


class BadPassword(NetworkError):
    pass


class BadProfile(NetworkError):
    pass


class PasswordUnderWay(NetworkError):
    pass


class CommandRefused(NetworkError):
    pass
