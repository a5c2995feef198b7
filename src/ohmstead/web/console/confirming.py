"""The page that asks once more before something that cannot be undone; it works without a script."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def ask(
    request: HttpRequest, *, here: str, title: str, sentences: list[str], button: str, back: str, type_this: str = ""
) -> HttpResponse:
    """The form posts to the page's own address; with `type_this` the person must also type that name."""
    context = {
        "here": here,
        "title": title,
        "sentences": sentences,
        "button": button,
        "back": back,
        "type_this": type_this,
        "mistyped": request.method == "POST",
    }
    return render(request, "console/confirm.html", context, status=422 if request.method == "POST" else 200)


def is_confirmed(request: HttpRequest, type_this: str = "") -> bool:
    return request.method == "POST" and request.POST.get("typed", "").strip() == type_this
