"""A template partial wrapped so that htmx puts it in place of the element with the same id."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.html import escape


def partial(template: str, name: str, target: str, context: dict[str, Any], swap: str = "outerMorph") -> str:
    html = render_to_string(f"console/{template}.html#{name}", context)
    return f'<hx-partial hx-target="#{escape(target)}" hx-swap="{swap}">{html}</hx-partial>\n'
