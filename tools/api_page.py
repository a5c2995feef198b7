"""docs/reference/api.md: what the API is like, from its guide here, and its operations, from the OpenAPI document."""

import os
import warnings
from pathlib import Path

GUIDE = Path(__file__).with_name("api_guide.md")


def api_page() -> str:
    lines = [GUIDE.read_text().rstrip(), "", "## Operations", ""]
    lines.append("The reference of an installation, `/api/v1/docs`, shows each with its fields and examples.")
    for chapter in _chapters():
        lines += [
            "",
            f"### {chapter.name}",
            "",
            chapter.words,
            "",
            "| operation | scope | does |",
            "| --- | --- | --- |",
        ]
        lines += [f"| `{each.method} {each.path}` | `{each.scope}` | {each.summary} |" for each in chapter.operations]
    return "\n".join(lines) + "\n"


def _chapters() -> list:
    os.environ.setdefault("DATABASE_URL", "postgresql:///none?host=/nonexistent")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ohmstead.run.settings")
    warnings.simplefilter("ignore")
    import django

    django.setup()
    from ohmstead.web.api.api import api
    from ohmstead.web.api.docs import chapters

    return chapters(api.get_openapi_schema())
