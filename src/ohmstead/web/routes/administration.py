"""Members, API keys, audit trail and the organisation itself."""

from django.urls import URLPattern, URLResolver, path

from ohmstead.web.console import api_keys, audit, members, organisation

patterns: list[URLPattern | URLResolver] = [
    path("console/members", members.members, name="members"),
    path("console/members/invite", members.invite, name="invite"),
    path("console/members/<uuid:member_id>/role", members.change_role, name="change-role"),
    path("console/members/<uuid:member_id>/remove", members.remove, name="remove-member"),
    path("console/invitations/<uuid:invitation_id>/resend", members.resend, name="resend-invitation"),
    path("console/invitations/<uuid:invitation_id>/withdraw", members.withdraw, name="withdraw-invitation"),
    path("console/api-keys", api_keys.keys, name="api-keys"),
    path("console/api-keys/<uuid:key_id>/revoke", api_keys.revoke, name="revoke-api-key"),
    path("console/audit", audit.audit, name="audit"),
    path("console/audit.csv", audit.export, name="audit-export"),
    path("console/organisation", organisation.organisation, name="organisation"),
    path("console/organisation/revoke-keys", organisation.revoke_every_key, name="revoke-every-api-key"),
    path("console/organisation/leave", organisation.leave, name="leave-organisation"),
]
