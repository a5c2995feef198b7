"""The address a station is pointed at."""

from django.conf import settings

from ohmstead.web.scope import ConsoleRequest


def ocpp_address(request: ConsoleRequest) -> str:
    """As seen from where the console is seen: same host, the gateway's port, the organisation's short name."""
    host = request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()
    return f"ws://{host}:{settings.OHMSTEAD_OCPP_PORT}/ocpp/{request.viewer.organisation.slug}/"
