"""English and German from the start; nothing is left untranslated by oversight."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "ohmstead" / "web"


def said_in_python():
    for path in [*WEB.rglob("*.py"), ROOT / "src/ohmstead/drivers/notice_words.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if called in ("_", "gettext", "ngettext") and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value


def said_in_rules():
    """Sentences about values that cannot be used: the rules say them in English, the console in the reader's words."""
    apps = (ROOT / "src/ohmstead" / app for app in ("network", "charging"))
    for path in (found for app in apps for found in app.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            called = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
            if called in ("Unusable", "Problem", "one_of", "ContractRootRefused", "ReservationRefused"):
                yield from (each.value for each in node.args if isinstance(each, ast.Constant))


def said_in_templates():
    from django.utils.translation.template import templatize

    for path in WEB.rglob("*.html"):
        for quoted in re.findall(
            r"n?gettext\(u?((?:'(?:[^'\\]|\\.)*')|(?:\"(?:[^\"\\]|\\.)*\"))", templatize(path.read_text())
        ):
            yield ast.literal_eval(quoted)


def test_everything_said_has_german_words(database_url):
    from django.utils import translation

    from ohmstead.charging.rules.flags import SENTENCES

    sys.path.insert(0, str(ROOT / "tools"))
    from messages import entries

    known = {key.split("\0")[0] for key, _ in entries((WEB / "locale/de/LC_MESSAGES/django.po").read_text())}
    said = {*said_in_python(), *said_in_templates(), *said_in_rules(), *SENTENCES.values()}
    assert len(said) > 200
    assert sorted(said - known) == []
    with translation.override("de"):
        assert translation.gettext("Charging") == "Lädt"


def test_the_compiled_catalogue_is_made_from_its_source():
    done = subprocess.run([sys.executable, str(ROOT / "tools/messages.py"), "check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_placeholders_survive_translation():
    sys.path.insert(0, str(ROOT / "tools"))
    from messages import entries

    for source, german in entries((WEB / "locale/de/LC_MESSAGES/django.po").read_text()):
        wanted = set(re.findall(r"%\(\w+\)\w+", source))
        for form in german.split("\0"):
            assert set(re.findall(r"%\(\w+\)\w+", form)) == wanted, source


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("/console/", ["Übersicht", "Laufende Ladevorgänge", "3 von 4 Stationen online"]),
        ("/console/stations", ["Gestört", "Ladepunkte", "Alle Standorte"]),
        ("/console/sessions", ["Ladevorgänge", "Begonnen in den letzten"]),
        ("/console/inbox", ["Eingang"]),
        ("/sign-in", ["Anmelden"]),
    ],
)
def test_pages_in_german(browser_of, network, page, words):
    from django.test import Client

    client = browser_of("operator") if page != "/sign-in" else Client(headers={"host": "localhost"})
    if page != "/sign-in":
        client.post("/console/language", {"language": "de", "next": page})
    text = client.get(page, headers={"accept-language": "de-AT,de;q=0.9"}).text
    assert '<html lang="de"' in text
    for word in words:
        assert word in text


def test_numbers_and_decimals_follow_the_language(browser_of, network):
    from tests.web.little_network import session

    session(network.busy)
    german = browser_of("operator")
    german.post("/console/language", {"language": "de"})
    assert "5,50 kWh" in german.get("/console/sessions").text
    assert "5.50 kWh" in browser_of("operator").get("/console/sessions").text


def test_an_unknown_language_or_theme_changes_nothing(operator):
    operator.post("/console/language", {"language": "xx"})
    operator.post("/console/theme", {"theme": "<script>"})
    page = operator.get("/console/").text
    assert '<html lang="en" data-theme="auto">' in page


@pytest.mark.parametrize("theme", ["dark", "light", "auto"])
def test_the_theme_is_remembered(operator, theme):
    operator.post("/console/theme", {"theme": theme})
    assert f'data-theme="{theme}"' in operator.get("/console/").text


def test_every_operation_has_a_german_title_and_sentence():
    from ohmstead.station.commands.operations import OPERATIONS
    from ohmstead.web.console.operation_words import title_msgid

    sys.path.insert(0, str(ROOT / "tools"))
    from messages import entries

    known = {key.split("\0")[0] for key, _ in entries((WEB / "locale/de/LC_MESSAGES/django.po").read_text())}
    said = {text for each in OPERATIONS.values() for text in (title_msgid(each.name), each.sentence)}
    assert sorted(said - known) == []
