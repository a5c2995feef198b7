"""One row of every thing that has an address, for one organisation, made from the models whatever they hold."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

MARK = "ZWILLING"  # stands in every text of these rows, and nowhere else

_TEXTS = ("CharField", "SlugField", "TextField")

_ASKED = {"kind": "ClearTokenCache", "command": {"type": "ClearTokenCache"}}
_AS_IT_MUST_BE = {"network.command": _ASKED, "network.bulk": _ASKED}

# What each name in an address stands for.
THINGS = {
    "site_id": "network.site",
    "photo_id": "network.sitephoto",
    "draft_id": "network.importdraft",
    "evse_id": "network.evse",
    "connector_id": "network.connector",
    "command_id": "network.command",
    "bulk_id": "network.bulk",
    "template_id": "network.settingtemplate",
    "certificate_id": "network.certificate",
    "installed_id": "network.installedcertificate",
    "root_id": "network.contractroot",
    "session_id": "charging.session",
    "reservation_id": "charging.reservation",
    "driver_id": "drivers.driver",
    "group_id": "drivers.group",
    "token_id": "drivers.token",
    "card_id": "drivers.token",
    "sighting_id": "drivers.sighting",
    "alarm_id": "drivers.alarm",
    "webhook_id": "integration.webhook",
    "delivery_id": "integration.delivery",
    "member_id": "access.membership",
    "invitation_id": "access.invitation",
    "key_id": "access.apikey",
    "import_id": "network.importdraft",
    "log_id": "network.stationfile",
    "image_id": "network.firmwareimage",
    "camera_id": "charging.camera",
    "filter_id": "web.savedfilter",
    "start_id": "charging.appstart",
}


def build(organisation, user, mark=MARK, *, every_text=False):
    """`.of(label)` is the row of a model; `.address` holds the value for each name in an address.

    With `every_text` the mark stands also in texts that may be empty, and in those within JSON and lists.
    """
    from django.apps import apps

    made = {"access.organisation": organisation, "access.user": user}

    def of(label):
        if label not in made:
            model = apps.get_model(label)
            known = model._base_manager.filter(**_owned(model, of)).first()
            made[label] = known or _filled(model, of, mark, every_text)
        return made[label]

    address = {name: of(label).pk for name, label in THINGS.items()}
    station = of("network.station")
    return SimpleNamespace(of=of, station=station, address=address | {"identity": station.identity})


def _owned(model, of):
    """What of this kind is there already: the organisation's, or its parent's."""
    parents = [field for field in model._meta.fields if field.related_model is not None and not field.null]
    direct = [field for field in parents if field.name == "organisation"] or parents
    return {field.name: of(field.related_model._meta.label_lower) for field in direct[:1]}


def _filled(model, of, mark, every_text):
    values = {}
    for field in model._meta.concrete_fields:
        if field.remote_field is not None and field.related_model is not model and field.related_model is not None:
            label = field.related_model._meta.label_lower
            if not field.null or label == "access.organisation":
                values[field.name] = of(label)
        elif field.primary_key and not field.has_default() and field.get_internal_type() == "UUIDField":
            values[field.name] = uuid4()
        elif not (field.primary_key or field.has_default() or field.null) or field.name in ("name", "uid", "email"):
            values[field.name] = _value(field, mark)
        elif every_text and not field.primary_key:
            values |= _more_text(field, mark)
    made = model(**values | _AS_IT_MUST_BE.get(model._meta.label_lower, {}))
    model._base_manager.bulk_create([made])
    return made


def _more_text(field, mark):
    kind = field.get_internal_type()
    if kind in _TEXTS and not field.choices:
        return {field.name: mark[: field.max_length]}
    if kind == "JSONField" and field.name in ("details", "detail", "answer", "more", "filters"):
        return {field.name: {mark: mark}}
    if kind == "ArrayField" and field.base_field.get_internal_type() in _TEXTS:
        return {field.name: [mark[: field.base_field.max_length]]}
    return {}


def _value(field, mark):
    kind = field.get_internal_type()
    now = datetime.now(UTC)
    if field.choices:
        return field.choices[0][0]
    if kind in _TEXTS:
        return mark[: field.max_length]
    if kind == "EmailField":
        return f"{mark.lower()}@twin.example"
    simple = {
        "DateTimeField": now,
        "DateField": now.date(),
        "DecimalField": Decimal(1),
        "BooleanField": False,
        "JSONField": {},
        "BinaryField": b"name,time_zone\nX,UTC\n",
        "ArrayField": [],
        "DurationField": timedelta(1),
        "UUIDField": uuid4(),
        "GenericIPAddressField": "192.0.2.1",
        "DateTimeRangeField": (now, now + timedelta(hours=1)),
    }
    return simple.get(kind, 1)
