"""What each role is for, in words."""

from django.utils.translation import gettext_lazy as _

from ohmstead.access.models import Role

ROLE_WORDS = {
    Role.OWNER: (_("Owner"), _("Everything, also people, keys and the organisation itself.")),
    Role.OPERATOR: (_("Operator"), _("Runs the network: builds, configures, steers and looks after drivers.")),
    Role.TECHNICIAN: (_("Technician"), _("Lets stations in, configures and steers them.")),
    Role.SUPPORT: (_("Support"), _("Helps drivers: starts, stops, unlocks, blocks cards.")),
    Role.FINANCE: (_("Finance"), _("Sees everything, changes nothing; reads the audit trail.")),
    Role.READER: (_("Read-only"), _("Sees everything, changes nothing.")),
}
