"""The stations and cards the load uses; a child process, so that the load itself never loads Django."""

import sys

PASSWORD = "kept-by-the-installer-0123456789"
ORGANISATION = "chaos"
CARDS = 4  # per station, used in turn


def identity(number: int) -> str:
    return f"C{number:04d}"


def card(number: int, turn: int) -> str:
    return f"CH{number:04d}{turn % CARDS}"


def provision(stations: int) -> None:
    from ohmstead.access.models import Organisation
    from ohmstead.drivers.models import Token
    from ohmstead.network.models import Station
    from ohmstead.run.environment import environment
    from ohmstead.station.answers import Admission
    from ohmstead.station.passwords import password_hash

    house = Organisation.objects.create(slug=ORGANISATION, name="Chaos")
    hashed = password_hash(environment().secret_key, PASSWORD)
    Station.objects.bulk_create(
        Station(organisation=house, identity=identity(n), admission=Admission.ACCEPTED, password_hash=hashed)
        for n in range(stations)
    )
    cards = [card(number, turn) for number in range(stations) for turn in range(CARDS)]
    Token.objects.bulk_create(Token(organisation=house, uid=uid, canonical_uid=uid) for uid in cards)


if __name__ == "__main__":
    from ohmstead.run.prepare import set_up_django

    set_up_django()
    provision(int(sys.argv[1]))
