"""The forms on a page, with what a browser would send."""

from html.parser import HTMLParser


class Forms(HTMLParser):
    """`found`: (address, {name: value}) of each form that is posted; empty text fields get a word."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self._fields = None
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        about = dict(attrs)
        if tag == "form":
            self._fields = {}
            if about.get("method", "").lower() == "post":
                self.found.append((about.get("action") or "", self._fields))
        elif self._fields is not None:
            self._field(tag, about)

    def handle_endtag(self, tag):
        if tag == "form":
            self._fields = None

    def _field(self, tag, about):
        name = about.get("name")
        if tag == "select":
            self._select = name or ""
        elif tag == "option" and self._select and ("selected" in about or self._select not in self._fields):
            self._fields[self._select] = about.get("value", "")
        elif tag == "textarea" and name:
            self._fields[name] = "Words"
        elif tag == "input" and name and (about.get("type") not in _CHOSEN or "checked" in about):
            self._fields[name] = about.get("value") or _WORDS.get(about.get("type", "text"), "Words")


_CHOSEN = ("checkbox", "radio", "file", "submit")
_WORDS = {"email": "somebody@hill.example", "number": "1", "url": "https://crm.example/hook", "hidden": ""}
