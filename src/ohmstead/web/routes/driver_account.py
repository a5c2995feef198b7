"""A driver's way in and own account."""

from django.urls import URLPattern, URLResolver, path

from ohmstead.web.driver.account import door, history, home, keeping, notices, security, worker

patterns: list[URLPattern | URLResolver] = [
    path("enter", door.enter, name="enter"),
    path("enter/code", door.enter_code, name="enter-code"),
    path("enter/link/<str:secret>", door.enter_link, name="enter-link"),
    path("enter/become", door.become, name="become-driver"),
    path("me", home.me, name="driver-account"),
    path("me/welcome", home.welcome, name="welcome"),
    path("me/leave", door.leave, name="leave"),
    path("me/profile", home.profile, name="me-profile"),
    path("me/consent", home.consent, name="me-consent"),
    path("me/security", security.security, name="me-security"),
    path("me/security/email", security.new_email, name="me-email"),
    path("me/security/sessions/<int:login_id>/end", security.end_session, name="me-end-session"),
    path("me/security/sessions/end-others", security.end_others, name="me-end-others"),
    path("me/vehicles", keeping.vehicles, name="me-vehicles"),
    path("me/vehicles/add", keeping.add_vehicle, name="me-add-vehicle"),
    path("me/vehicles/<uuid:vehicle_id>", keeping.edit_vehicle, name="me-vehicle"),
    path("me/vehicles/<uuid:vehicle_id>/main", keeping.make_main, name="me-main-vehicle"),
    path("me/vehicles/<uuid:vehicle_id>/remove", keeping.remove_vehicle, name="me-remove-vehicle"),
    path("me/preferences", keeping.preferences, name="me-preferences"),
    path("me/notices", notices.choices, name="me-notices"),
    path("me/push/on", notices.subscribe, name="me-push-on"),
    path("me/push/off", notices.unsubscribe, name="me-push-off"),
    path("me/push-worker.js", worker.push_worker, name="me-push-worker"),
    path("me/history", history.history, name="driver-history"),
    path("me/history.csv", history.as_csv, name="me-history-csv"),
    path("me/history.pdf", history.as_pdf, name="me-history-pdf"),
    path("me/history/<uuid:session_id>", history.session, name="me-session"),
]
