"""What a journey needs of mails, authenticator apps and authenticators."""

import base64
import email
import email.policy
import hmac
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.chromium import DESKTOP, PHONE
from tests.run.instance import Instance, environment_of_a_person

PATIENCE_S = 30.0


def ohmstead(town: Instance, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ohmstead", *words, "--data", str(town.folder.path)],
        capture_output=True,
        text=True,
        check=True,
        env=environment_of_a_person(),
    )
    return done.stdout


def a_person(town: Instance, address: str, organisation: str) -> str:
    """With an account; their password."""
    said = ohmstead(town, "user", "add", address, "--organisation", organisation, "--role", "operator")
    return said.split("shown this once: ")[1].strip()


def mail_to(town: Instance, address: str, containing: str) -> str:
    """The text of a mail in the folder where a town without a mail server leaves them."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        for path in sorted(Path(town.folder.path, "mail").glob("*"), reverse=True):
            for part in _mails(path):
                if part["to"] == address and containing in (text := part.get_content()):
                    return text
        time.sleep(0.2)
    raise AssertionError(f"no mail to {address} with {containing!r}")


def _mails(path: Path) -> list[email.message.EmailMessage]:
    """One file holds the mails of one connection, each behind a line of dashes."""
    parts = re.split(r"\n-{79}\n", path.read_text())
    return [email.message_from_string(part, policy=email.policy.default) for part in parts if part.strip()]


def app_code(key: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    secret = base64.b32decode(key + "=" * (-len(key) % 8))
    digest = hmac.digest(secret, int(time.time() // 30).to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def with_authenticator(page: Page) -> None:
    """A finger on the sensor of a device that keeps passkeys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def look(page: Page, name: str) -> None:
    """Light, dark and on a phone, into the folder that OHMSTEAD_LOOKS names."""
    if folder := os.environ.get("OHMSTEAD_LOOKS"):
        for scheme, size in (("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            page.set_viewport_size(size)  # type: ignore[arg-type]
            kind = "phone" if size is PHONE else scheme
            page.screenshot(path=Path(folder) / f"{name}-{kind}.png", full_page=True)
        page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
