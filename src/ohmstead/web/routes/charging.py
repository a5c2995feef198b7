"""Sessions."""

from django.urls import URLPattern, URLResolver, path

from ohmstead.web.console import session, sessions

patterns: list[URLPattern | URLResolver] = [
    path("console/sessions", sessions.sessions, name="sessions"),
    path("console/sessions/<uuid:session_id>", session.session, name="session"),
]
