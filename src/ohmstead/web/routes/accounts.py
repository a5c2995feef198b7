"""Signing in and out, and what one person prefers."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, path

from ohmstead.web.console import preferences
from ohmstead.web.console.sign_in import SignIn

patterns: list[URLPattern | URLResolver] = [
    path("sign-in", SignIn.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(next_page="/sign-in"), name="sign-out"),
    path("console/theme", preferences.set_theme, name="set-theme"),
    path("console/language", preferences.set_language, name="set-language"),
]
