"""docs/reference/events.md: the catalogue of events, from the code."""

import json


def events_page() -> str:
    from ohmstead.integration.events import KINDS, schema_of
    from ohmstead.web.api.docs import kind_of
    from ohmstead.web.api.examples import example_of

    lines = [
        "# Events",
        "",
        "What happened, as [webhooks](../how-to/receive-webhooks.md) are told and `GET /api/v1/events` lists it. Each",
        "event has `type`, `timestamp` (when it happened), `id`, `version` and `data`. Fields are added, never changed",
        "or removed; if a kind ever had to change, its `version` would rise. An event may be told twice, with the same",
        "`id`. They are written while somebody listens and kept for 30 days.",
        "This page is written by `tools/reference_pages.py` from the code.",
    ]
    for kind, event in KINDS.items():
        schema = schema_of(kind)
        lines += ["", f"## {kind}", "", event.__doc__ or "", "", "| field | kind |", "| --- | --- |"]
        lines += [f"| `{name}` | {kind_of(field)} |" for name, field in schema["properties"].items()]
        lines += ["", "```json", json.dumps(example_of(schema, {}), indent=2), "```"]
    return "\n".join(lines) + "\n"
