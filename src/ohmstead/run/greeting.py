"""What `ohmstead up` tells the person at the terminal once everything runs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ohmstead.run.up import Wish


def greeting(wish: "Wish", told: dict[str, Any], took_s: float) -> str:
    """`told` is what the preparation found: logins to show, and whether they are shown this once only."""
    host = "127.0.0.1" if wish.host in ("0.0.0.0", "::") else wish.host
    host = f"[{host}]" if ":" in host else host
    console = f"http://{host}:{wish.web_port}"
    lines = ["", f"Ohmstead runs (started in {took_s:.1f} s). Ctrl-C stops it.", "", f"  Console    {console}/"]
    lines += [
        f"             {login['email']}  password {login['password']}  ({login['role']})" for login in told["logins"]
    ]
    if told.get("shown_once"):
        lines.append("             This password is shown this once: keep it.")
    schemes = [("ws", wish.ocpp_port), ("wss", wish.ocpps_port)]
    addresses = [f"{scheme}://{host}:{port}/ocpp/<station identity>" for scheme, port in schemes if port]
    lines += [f"  {'Stations' if n == 0 else '':<10} {address}" for n, address in enumerate(addresses)]
    lines += [f"  API        {console}/api/docs", f"  Data, logs {wish.folder.path}"]
    if told.get("mail_folder"):
        lines.append(f"  Mails      are written to {told['mail_folder']}")
    lines.append("")
    return "\n".join(lines)
