"""The machine's own Chromium, driven by Playwright; nothing is downloaded."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage"]
IMAGES = Path(__file__).parents[2] / "docs" / "images"
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}

expect.set_options(timeout=30_000)


def path_of_chromium() -> str:
    found = next(filter(None, map(shutil.which, NAMES)), None)
    found = found or next((place for place in PLACES if os.access(place, os.X_OK)), None)
    if found is None:
        pytest.skip("no Chromium on this machine: `sudo apt install chromium` (macOS: brew install --cask chromium)")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    flags = [*FLAGS, "--no-sandbox"] if os.geteuid() == 0 else FLAGS  # as root Chromium refuses to start otherwise
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path_of_chromium(), args=flags)
        yield browser
        browser.close()


class Visitor:
    """A person with a browser; what the browser complains about is kept in `complaints`."""

    def __init__(self, browser: Browser, base: str, **options: object) -> None:
        self.base = base
        self.context: BrowserContext = browser.new_context(
            base_url=base,
            **({"viewport": DESKTOP, "locale": "en-GB"} | options),  # type: ignore[arg-type]
        )
        self.complaints: list[str] = []
        self.page = self.tab()

    def tab(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page

    def _console(self, message: ConsoleMessage) -> None:
        # Software WebGL remarks on its own speed; that is no complaint about the page.
        if message.type in ("error", "warning") and "GL Driver Message" not in message.text:
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def sign_in(self, email: str, password: str) -> Page:
        self.page.goto("/sign-in")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        return self.page

    def prefer(self, **cookies: str) -> None:
        self.context.add_cookies([{"name": name, "value": value, "url": self.base} for name, value in cookies.items()])

    def close(self) -> None:
        self.context.close()


def serious_barriers(page: Page) -> list[str]:
    """What axe calls serious or critical, each with the elements."""
    found = Axe().run(page)["violations"]
    return [
        f"{each['id']}: {each['help']} - {[node['target'] for node in each['nodes']][:3]}"
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def keep_picture(page: Page, name: str, **options: object) -> None:
    """Only when asked to, so that a test run leaves the tree as it was."""
    if os.environ.get("OHMSTEAD_SCREENSHOTS") == "1":
        IMAGES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=IMAGES / f"{name}.png", **options)  # type: ignore[arg-type]
