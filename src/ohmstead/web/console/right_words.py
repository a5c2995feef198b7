"""What each right allows, in words; the scopes of API keys are told in the same."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from ohmstead.access.rights import Right

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class RightWords:
    word: "_StrPromise"
    sentence: "_StrPromise"


RIGHT_WORDS = {
    Right.VIEW: RightWords(_("View"), _("See the network, its stations and sessions.")),
    Right.OPERATE: RightWords(_("Operate"), _("Start and stop sessions, unlock, restart, change availability.")),
    Right.CONFIGURE: RightWords(_("Configure"), _("Settings, firmware, certificates, logs and raw messages.")),
    Right.ADMIT: RightWords(_("Admit"), _("Let stations in or turn them away.")),
    Right.NETWORK: RightWords(_("Build"), _("Add and change sites, stations and connectors.")),
    Right.DRIVERS: RightWords(_("Drivers"), _("Drivers, their cards and groups.")),
    Right.PEOPLE: RightWords(_("People"), _("Members, roles, invitations and the organisation itself.")),
    Right.INTEGRATE: RightWords(_("Integrate"), _("API keys and webhooks.")),
    Right.AUDIT: RightWords(_("Audit"), _("Read who did what.")),
}


def right_word(name: str) -> str:
    """A scope of former days is shown by its name."""
    known = {right.value: words for right, words in RIGHT_WORDS.items()}
    return str(known[name].word) if name in known else name
