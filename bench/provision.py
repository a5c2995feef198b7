"""Rows the measured system needs: an organisation, thousands of known stations, a card for each.

Runs as a child process: the bench itself never loads Django.
"""

import sys

STATIONS = 10_000
PASSWORD = "kept-by-the-installer-0123456789"


def identity(number: int) -> str:
    return f"B{number:05d}"


def card(number: int) -> str:
    return f"CARD{number:05d}"


def provision(stations: int) -> None:
    """All with one password: the hash is compared per handshake, whoever shares it."""
    from ohmstead.access.models import Organisation
    from ohmstead.drivers.models import Token
    from ohmstead.network.models import Station
    from ohmstead.run.environment import environment
    from ohmstead.station.answers import Admission
    from ohmstead.station.passwords import password_hash

    organisation, _ = Organisation.objects.get_or_create(slug="bench", defaults={"name": "Bench"})
    hashed = password_hash(environment().secret_key, PASSWORD)
    Station.objects.bulk_create(
        Station(organisation=organisation, identity=identity(n), admission=Admission.ACCEPTED, password_hash=hashed)
        for n in range(stations)
    )
    Token.objects.bulk_create(
        Token(organisation=organisation, uid=card(n), canonical_uid=card(n)) for n in range(stations)
    )


if __name__ == "__main__":
    from ohmstead.run.prepare import set_up_django

    set_up_django()
    provision(int(sys.argv[1]))
