"""What can go wrong in the network, each with a sentence for a person."""

from collections.abc import Mapping

from ohmstead.network.rules.problems import Problem


class NetworkError(Exception):
    """The message is a sentence for the person who asked."""


class BadValues(NetworkError):
    """Values that cannot be used: `problems` names each field, so that a form shows the sentence beside it."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(f"{name}: {problem}" for name, problem in self.problems.items()))


class SiteExists(BadValues):
    pass


class SiteUnknown(NetworkError):
    pass


class SiteInUse(NetworkError):
    pass


class PlugExists(BadValues):
    pass


class TooManyPhotos(NetworkError):
    pass


class BadPhoto(NetworkError):
    pass


class ContractRootRefused(NetworkError):
    pass


class ImportHasFaults(NetworkError):
    pass


class ImportIsOver(NetworkError):
    pass


class StationNotInService(NetworkError):
    pass


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


class KeyUsedAgain(NetworkError):
    pass


class TemplateExists(NetworkError):
    pass


class BadImage(NetworkError):
    pass


class TooLate(NetworkError):
    pass


class NoStations(NetworkError):
    pass
