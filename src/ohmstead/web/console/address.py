"""The addresses a station is pointed at."""

from dataclasses import dataclass

from django.conf import settings

from ohmstead.web.scope import ConsoleRequest


@dataclass(frozen=True, slots=True)
class Address:
    """`profiles`: the OCPP security profiles that connect there."""

    text: str
    profiles: tuple[int, ...]


def ocpp_addresses(request: ConsoleRequest, identity: str = "") -> list[Address]:
    """As seen from where the console is seen: same host, the gateway's ports, the organisation's short name."""
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    path = f"/ocpp/{request.viewer.organisation.slug}/{identity}"
    plain, tls = settings.OHMSTEAD_OCPP_PORT, settings.OHMSTEAD_OCPPS_PORT
    found = [Address(f"ws://{host}:{plain}{path}", (0, 1))] if plain else []
    return found + ([Address(f"wss://{host}:{tls}{path}", (2, 3))] if tls else [])


def ocpp_address(request: ConsoleRequest) -> str:
    """The first of them; a gateway that listens nowhere has none."""
    addresses = ocpp_addresses(request)
    return addresses[0].text if addresses else ""
