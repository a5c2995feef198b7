"""The field as a journey needs it: simulated stations of one's own, their control by hand, and a program's API."""

import asyncio
import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from playwright.sync_api import APIResponse, Page

from ohmstead.simulator.control import ControlReply, send_once
from tests.browser.chromium import Visitor
from tests.run.instance import Instance


class Field:
    """No simulated driver comes to the stations that are put up here."""

    def __init__(self, town: Instance, visitor: Visitor) -> None:
        self._town, self._visitor = town, visitor

    def control(self, identity: str, verb: str, **args: Any) -> ControlReply:
        """On a thread of its own: Playwright holds this one's event loop."""
        nats_url = str(self._town.folder.read_running()["nats_url"])
        with ThreadPoolExecutor(1) as hands:
            reply = hands.submit(asyncio.run, send_once(nats_url, identity, verb, args)).result()
        assert reply.done, reply.sentence
        return reply

    def station(self, ocpp: str = "2.0.1", *, label: str = "NEW") -> str:
        """Identity of an accepted station that is online and said that its plugs are free."""
        identity = f"{label}-{secrets.token_hex(2).upper()}"
        self.api("POST", "/stations", {"identity": identity})
        self.control(identity, "add", organisation="demo", ocpp=ocpp)
        self.until_free(identity)
        return identity

    def until_free(self, identity: str) -> None:
        def free() -> bool:
            found = self.api("GET", f"/stations/{identity}")
            return bool(found["online"] and found["evses"]) and all(
                evse["state"] == "available" for evse in found["evses"]
            )

        Instance.until(free, 60)

    def until_online(self, identity: str) -> None:
        Instance.until(lambda: self.api("GET", f"/stations/{identity}")["online"], 60)

    def offline(self, identity: str) -> None:
        """Anew, also when it is away already: nobody stays away for ever by itself."""
        if not self.api("GET", f"/stations/{identity}")["online"]:
            self.control(identity, "online")
            self.until_online(identity)
        self.control(identity, "offline")
        Instance.until(lambda: not self.api("GET", f"/stations/{identity}")["online"], 60)

    def charge(self, identity: str, soc: int = 20) -> str:
        """A visitor's car charges at the first plug; the id of the session."""
        self.control(identity, "plug", evse=1, card=self.card(identity), soc=soc)
        running = f"/sessions?station={identity}&state=running"
        Instance.until(lambda: self.api("GET", running)["items"], 60)
        return str(self.api("GET", running)["items"][0]["id"])

    def card(self, identity: str) -> str:
        page = self._visitor.page.request.get(f"/console/stations/{identity}").text()
        found = re.search(r'<option value="(\w+)">Visitor card 1', page)
        assert found, "the station's page offers the visitor's card"
        return found[1]

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """What a program of the operator would be answered."""
        answer = self.ask(method, path, body)
        assert answer.ok, f"{answer.status} {answer.text()}"
        return answer.json() if answer.body() else None

    def ask(self, method: str, path: str, body: Any = None) -> APIResponse:
        page: Page = self._visitor.page
        cookies = {each["name"]: each["value"] for each in self._visitor.context.cookies()}
        token = next((value for name, value in cookies.items() if name.endswith("csrftoken")), "")
        headers = {"X-CSRFToken": token, "Referer": self._visitor.base}
        return page.request.fetch(f"/api/v1{path}", method=method, data=body, headers=headers)
