"""What the browser gets: only our own files, nothing inline, nothing missing."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "ohmstead" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))


def test_vendored_files_are_those_of_the_lock():
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools/vendor_static.py"), "check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_a_changed_vendored_file_is_noticed(tmp_path):
    import shutil

    sys.path.insert(0, str(ROOT / "tools"))
    import vendor_static

    copy = tmp_path / "vendor"
    shutil.copytree(WEB / "static" / "vendor", copy)
    (copy / "htmx.min.js").write_text("alert(1)")
    (copy / "stowaway.js").write_text("")
    assert vendor_static.check(copy) == [
        "static/vendor/stowaway.js is not in vendor.lock",
        "static/vendor/htmx.min.js differs from vendor.lock",
    ]


def icons_used():
    for path in [*TEMPLATES, *WEB.rglob("*.py")]:
        text = path.read_text()
        yield from re.findall(r"{% icon '([a-z0-9-]+)'", text)
    for path in (WEB / "console").glob("*.py"):
        yield from re.findall(r'(?:Look|Entry)\("[a-z-]+", "([a-z0-9-]+)"', path.read_text())


def test_every_icon_used_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([^"]+)"', (WEB / "static/vendor/icons.svg").read_text()))
    assert set(icons_used()) <= sprite


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_inline_script_style_or_handler(path):
    text = path.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style", text)
    assert not re.search(r"\son[a-z]+\s*=", text)
    assert not re.search(r"""(?:src|href|action)=["'](?:https?:)?//""", text)


def test_pages_forbid_everything_from_elsewhere(operator, network):
    answer = operator.get("/console/")
    policy = answer.headers["Content-Security-Policy"]
    for rule in ("default-src 'self'", "script-src 'self'", "style-src-elem 'self'", "frame-ancestors 'none'"):
        assert rule in policy
    assert "unsafe-eval" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "file",
    ["css/tokens.css", "css/console.css", "js/console.js", "vendor/htmx.min.js", "vendor/icons.svg", "img/logo.svg",
     "vendor/inter-latin.woff2"],
)  # fmt: skip
def test_static_files_are_served_without_signing_in(database, file):
    from django.test import Client

    answer = Client(headers={"host": "localhost"}).get(f"/static/{file}")
    assert answer.status_code == 200
    answer.close()


def test_stylesheets_name_only_files_that_exist():
    for sheet in (WEB / "static/css").glob("*.css"):
        for name in re.findall(r'url\("([^"]+)"\)', sheet.read_text()):
            assert (sheet.parent / name).resolve().exists(), name


def _luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "state", ["available", "charging", "preparing", "suspended", "reserved", "faulted", "offline", "muted", "text"]
)
def test_state_words_are_readable_on_every_ground(theme, state):
    css = (WEB / "static/css/tokens.css").read_text()
    block = css.split(':root[data-theme="dark"]')[theme == "dark"].split("}")[0 if theme == "dark" else -2]
    if theme == "light":
        block = css.split(":root {")[1].split("}")[0]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    grounds = [colours["card"], colours["paper"], colours.get(f"{state}-soft", colours["card"])]
    for ground in grounds:
        assert _contrast(colours[state], ground) >= 4.5
