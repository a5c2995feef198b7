"""One running demo town per test process, starting it takes longest; its visitors' browsers must not complain."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Visitor, chromium, path_of_chromium
from tests.browser.field import Field
from tests.browser.steps import OPERATOR
from tests.run.instance import Instance


@pytest.fixture(scope="session")
def town(tmp_path_factory) -> Iterator[Instance]:
    path_of_chromium()
    instance = Instance(tmp_path_factory.mktemp("town") / "data")
    instance.start("--demo", "--speed", "10", OHMSTEAD_ALLOW_PRIVATE_ADDRESSES="1")  # receivers of tests are here
    yield instance
    instance.stop()
    for process in instance.processes():
        process.kill()


@pytest.fixture(scope="module")  # Playwright holds an event loop while it runs, which other files need
def browser():
    with chromium() as found:
        yield found


@pytest.fixture
def visitor(town, browser):
    visitors: list[Visitor] = []

    def arrive(**options) -> Visitor:
        visitors.append(Visitor(browser, f"http://127.0.0.1:{town.ports['--port']}", **options))
        return visitors[-1]

    yield arrive
    complaints = [complaint for each in visitors for complaint in each.complaints]
    for each in visitors:
        each.close()
    assert complaints == []


@pytest.fixture
def operator(visitor) -> Visitor:
    someone = visitor()
    someone.sign_in(OPERATOR["email"], OPERATOR["password"])
    expect(someone.page.get_by_role("heading", level=1)).to_have_text("Ampersham Charging")
    return someone


@pytest.fixture(scope="module")
def desk(town, browser) -> Iterator[Visitor]:
    """An operator whose browser stays open for the whole file."""
    someone = Visitor(browser, f"http://127.0.0.1:{town.ports['--port']}")
    someone.sign_in(OPERATOR["email"], OPERATOR["password"])
    expect(someone.page.get_by_role("heading", level=1)).to_have_text("Ampersham Charging")
    yield someone
    someone.close()
    assert someone.complaints == []


@pytest.fixture(scope="module")
def field(town, desk) -> Field:
    return Field(town, desk)
