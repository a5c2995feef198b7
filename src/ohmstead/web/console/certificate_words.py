"""Certificates in words: how far one of ours came, when it ends, and what a station trusts others for."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ohmstead.network.certificate_queries import IssuedCertificate
from ohmstead.network.models import Command
from ohmstead.network.rules.certificates import CertificateStage
from ohmstead.web.console.command_steps import NOT_SENT, Step
from ohmstead.web.console.words import COMMAND_LOOKS, Look, command_look

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

ENDS_SOON: Final = timedelta(days=30)
CERTIFICATE_LOOKS: Final[dict[str, Look]] = {
    CertificateStage.IN_USE: Look("available", "circle-check", _("In use")),
    "ending": Look("warning", "clock", _("Ends soon")),
    CertificateStage.TAKEN: Look("preparing", "hourglass", _("Accepted, not used yet")),
    CertificateStage.NOT_TAKEN: Look("faulted", "ban", _("Not accepted")),
    CertificateStage.ON_ITS_WAY: Look("preparing", "arrow-up-right", _("On its way")),
    CertificateStage.HANDED_OUT: Look("preparing", "key", _("Issued, not used yet")),
    CertificateStage.EXPIRED: Look("faulted", "circle-x", _("Expired")),
    CertificateStage.REVOKED: Look("faulted", "ban", _("Revoked")),
}
ROOT_KINDS: Final["dict[str, _StrPromise]"] = {
    "csms_root": _("Root of the network management"),
    "manufacturer_root": _("Root of the manufacturer"),
    "mobility_operator_root": _("Root of a mobility operator"),
    "oem_root": _("Root of a car maker"),
    "v2g_root": _("Root of V2G"),
}
TRUST_KINDS: Final["dict[str, _StrPromise]"] = ROOT_KINDS | {"v2g_chain": _("Chain for Plug & Charge")}

_SIGNED: Final = Look("plain", "certificate", _("Signed"))
_USED: Final = Look("available", "circle-check", _("Used"))
_OVER: Final = (CertificateStage.NOT_TAKEN, CertificateStage.EXPIRED, CertificateStage.REVOKED)


def look_of(each: IssuedCertificate, now: datetime) -> Look:
    ends_soon = each.stage == CertificateStage.IN_USE and each.certificate.not_after < now + ENDS_SOON
    return CERTIFICATE_LOOKS["ending" if ends_soon else each.stage]


def ends_in_words(not_after: datetime, now: datetime) -> str:
    days = abs(not_after - now).days
    if not_after <= now:
        if not days:
            return gettext("ended today")
        return ngettext("ended %(number)d day ago", "ended %(number)d days ago", days) % {"number": days}
    if not days:
        return gettext("ends within a day")
    return ngettext("ends in %(number)d day", "ends in %(number)d days", days) % {"number": days}


def stages(each: IssuedCertificate) -> list[Step]:
    """Requested, signed, sent, accepted, used; one that was handed out with its key is only issued and used."""
    certificate, delivery = each.certificate, each.certificate.delivery
    if delivery is None:
        found = [Step("done", _SIGNED, _("Issued"))]
    else:
        requested = Step("done", COMMAND_LOOKS["queued"], _("Requested"), delivery.asked_at)
        found = [requested, Step("done", _SIGNED, _SIGNED.word, delivery.asked_at), *_delivered(delivery)]
    if certificate.used_at is not None:
        return [*found, Step("done", _USED, _USED.word, certificate.used_at)]
    return found if each.stage in _OVER else [*found, Step("ahead", _USED, _USED.word)]


def _delivered(delivery: Command) -> list[Step]:
    sent, accepted = COMMAND_LOOKS["sent"], COMMAND_LOOKS["accepted"]
    ahead = Step("ahead", accepted, accepted.word)
    if delivery.state in NOT_SENT:
        waits = command_look(delivery.state)
        return [Step("now", waits, waits.word), Step("ahead", sent, sent.word), ahead]
    if delivery.state == "sent":
        return [Step("now", sent, sent.word, delivery.sent_at), ahead]
    answered = command_look(delivery.state)
    phase = "done" if delivery.state == "accepted" else "ended"
    passed = [Step("done", sent, sent.word, delivery.sent_at)] if delivery.sent_at else []
    return [*passed, Step(phase, answered, answered.word, delivery.ended_at)]
