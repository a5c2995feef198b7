"""One row of every thing that has an address, for one organisation, made from the models whatever they hold."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

MARK = "ZWILLING"  # stands in every text of these rows, and nowhere else

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


def build(organisation, user):
    """`.of(label)` is the row of a model; `.address` holds the value for each name in an address."""
    from django.apps import apps

    made = {"access.organisation": organisation, "access.user": user}

    def of(label):
        if label not in made:
            model = apps.get_model(label)
            made[label] = model._base_manager.filter(**_owned(model, of)).first() or _filled(model, of)
        return made[label]

    address = {name: of(label).pk for name, label in THINGS.items()}
    station = of("network.station")
    return SimpleNamespace(of=of, station=station, address=address | {"identity": station.identity})


def _owned(model, of):
    """What of this kind is there already: the organisation's, or its parent's."""
    parents = [field for field in model._meta.fields if field.related_model is not None and not field.null]
    direct = [field for field in parents if field.name == "organisation"] or parents
    return {field.name: of(field.related_model._meta.label_lower) for field in direct[:1]}


def _filled(model, of):
    values = {}
    for field in model._meta.concrete_fields:
        if field.remote_field is not None and field.related_model is not model and field.related_model is not None:
            label = field.related_model._meta.label_lower
            if not field.null or label == "access.organisation":
                values[field.name] = of(label)
        elif field.primary_key and not field.has_default() and field.get_internal_type() == "UUIDField":
            values[field.name] = uuid4()
        elif not (field.primary_key or field.has_default() or field.null) or field.name in ("name", "uid", "email"):
            values[field.name] = _value(field)
    made = model(**values)
    model._base_manager.bulk_create([made])
    return made


def _value(field):
    kind = field.get_internal_type()
    now = datetime.now(UTC)
    if field.choices:
        return field.choices[0][0]
    if kind in ("CharField", "SlugField", "TextField"):
        return MARK[: field.max_length] if field.max_length else MARK
    if kind == "EmailField":
        return f"{MARK.lower()}@twin.example"
    simple = {
        "DateTimeField": now,
        "DateField": now.date(),
        "DecimalField": Decimal(1),
        "BooleanField": False,
        "JSONField": {},
        "BinaryField": b"x",
        "ArrayField": [],
        "DurationField": timedelta(1),
        "UUIDField": uuid4(),
        "GenericIPAddressField": "192.0.2.1",
        "DateTimeRangeField": (now, now + timedelta(hours=1)),
    }
    return simple.get(kind, 1)
