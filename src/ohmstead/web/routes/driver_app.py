"""The drivers' web app: it lives at the root, beside the operators' console."""

from django.urls import URLPattern, URLResolver, path

from ohmstead.web.driver import charging, home, plug, site, starting
from ohmstead.web.driver.api.api import urls as api_urls

patterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="driver-home"),
    path("sites/<uuid:site_id>", site.site, name="driver-site"),
    path("q", plug.enter, name="driver-enter"),
    path("q/<str:code>", plug.plug, name="driver-plug"),
    path("q/<str:code>/start", plug.start, name="driver-begin"),
    path("starts/<uuid:start_id>", starting.starting, name="driver-start"),
    path("charging", charging.charging, name="driver-charging"),
    path("charging/<uuid:session_id>", charging.charge, name="driver-charge"),
    path("charging/<uuid:session_id>/stop", charging.stop, name="driver-stop"),
    path("charging/<uuid:session_id>/limit", charging.limit, name="driver-limit"),
    path("api/v1/driver/", api_urls),
]
