"""Sessions."""

from django.urls import URLPattern, URLResolver, path

from ohmstead.web.console import session, session_closing, session_export, sessions

patterns: list[URLPattern | URLResolver] = [
    path("console/sessions", sessions.sessions, name="sessions"),
    path("console/sessions/export.csv", session_export.export, name="export-sessions"),
    path("console/sessions/<uuid:session_id>", session.session, name="session"),
    path("console/sessions/<uuid:session_id>/signed/<str:digest>", session.signed_value, name="signed-value"),
    path("console/sessions/<uuid:session_id>/close", session_closing.close, name="close-session"),
]
