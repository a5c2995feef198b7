"""Members, API keys, audit trail and the organisation itself."""

from django.urls import URLPattern, URLResolver, path

from ohmstead.web.console import api_keys

patterns: list[URLPattern | URLResolver] = [
    path("console/api-keys", api_keys.keys, name="api-keys"),
    path("console/api-keys/<uuid:key_id>/revoke", api_keys.revoke, name="revoke-api-key"),
]
