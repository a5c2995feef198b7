"""Vendored browser assets: `refresh` fetches the pinned npm packages (maintainers only), `check` re-hashes them."""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

STATIC = Path(__file__).parents[1] / "src" / "ohmstead" / "web" / "static"
VENDOR = STATIC / "vendor"
LOCK = VENDOR / "vendor.lock"
SPRITE = "icons.svg"
ICON_PACKAGE = ("@tabler/icons", "3.51.0", "MIT")

PACKAGES = [
    (
        ("htmx.org", "4.0.1", "0BSD"),
        {"dist/htmx.min.js": "htmx.min.js", "dist/ext/hx-sse.min.js": "hx-sse.min.js", "LICENSE": "htmx.LICENSE"},
    ),
    (
        ("maplibre-gl", "6.17.0", "BSD-3-Clause"),
        {
            "dist/maplibre-gl.mjs": "maplibre-gl.mjs",
            "dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs",
            "dist/maplibre-gl.css": "maplibre-gl.css",
            "LICENSE.txt": "maplibre-gl.LICENSE",
        },
    ),
    (
        ("@fontsource-variable/inter", "5.3.0", "OFL-1.1"),
        {
            "files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
            "files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
            "LICENSE": "inter.LICENSE",
        },
    ),
    (
        ("@fontsource-variable/jetbrains-mono", "5.3.0", "OFL-1.1"),
        {
            "files/jetbrains-mono-latin-wght-normal.woff2": "jetbrains-mono-latin.woff2",
            "LICENSE": "jetbrains-mono.LICENSE",
        },
    ),
]

ICONS = """
    activity adjustments adjustments-horizontal alert-circle alert-triangle antenna-bars-5 api arrow-back-up arrow-down
    arrow-down-left arrow-left arrow-right arrow-up arrow-up-right arrows-sort ban battery-4 battery-charging bed bell
    bolt bookmark broadcast building building-community building-store bulb bus calendar calendar-time camera car
    car-crash car-garage cash certificate charging-pile chart-line check chevron-down chevron-left chevron-right circle
    circle-check circle-dashed circle-off circle-x clipboard-check clipboard-list clock clock-pause cloud-upload code
    coin command copy cpu credit-card current-location database device-desktop device-floppy device-mobile
    device-sd-card devices dots download edit external-link eye eye-off file-code file-export file-import file-text
    filter fingerprint flag gauge hand-stop heartbeat help history history-toggle home hourglass id inbox info-circle
    key keyboard language layers-intersect layout-dashboard link list list-check list-details list-search lock
    lock-open login logout mail map map-pin menu-2 message message-2 minus mood-smile moon network nfc notes package
    paperclip pencil percentage photo player-pause player-play player-skip-forward player-stop plug plug-connected
    plug-connected-x plug-x plus power printer progress progress-check qrcode receipt refresh report road rocket rotate
    rotate-clockwise route school search send server settings shield shield-check shield-lock signature solar-panel
    square-check stack-2 star sun table tag tags target temperature terminal-2 ticket timeline toggle-left tool tools
    trash upload user user-plus users versions wallet webhook wifi wifi-off world x
""".split()  # noqa: SIM905


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["check", "refresh"])
    if parser.parse_args().what == "refresh":
        refresh()
    problems = check()
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def refresh() -> None:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for (package, version, licence), files in PACKAGES:
            source = unpacked(package, version, Path(folder))
            for origin, name in files.items():
                # Source maps are not shipped, so the pointer to them would be a 404 in every developer console.
                data = re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", (source / origin).read_bytes())
                (VENDOR / name).write_bytes(data)
                rows.append(row(package, version, name, data, licence))
        package, version, licence = ICON_PACKAGE
        source = unpacked(package, version, Path(folder))
        sprite = sprite_of(source / "icons" / "outline").encode()
        for name, data in ((SPRITE, sprite), ("tabler-icons.LICENSE", (source / "LICENSE").read_bytes())):
            (VENDOR / name).write_bytes(data)
            rows.append(row(package, version, name, data, licence))
    LOCK.write_text(json.dumps(rows, indent=1) + "\n")


def unpacked(package: str, version: str, folder: Path) -> Path:
    answer = subprocess.run(
        ["npm", "pack", f"{package}@{version}", "--json", "--silent"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    archive = folder / json.loads(answer.stdout)[0]["filename"]
    target = folder / archive.stem
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def sprite_of(folder: Path) -> str:
    """One file with a <symbol> per icon used, to be shown by <use href="...#name">."""
    symbols = []
    for name in sorted(ICONS):
        body = (folder / f"{name}.svg").read_text()
        shapes = re.findall(r"<(?:path|circle|rect|line|polyline|ellipse)\b[^>]*/>", body)
        inner = "".join(shape for shape in shapes if 'd="M0 0h24v24H0z"' not in shape)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{inner}</symbol>')
    style = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {style}>\n' + "\n".join(symbols) + "\n</svg>\n"


def row(package: str, version: str, file: str, data: bytes, licence: str) -> dict[str, str]:
    digest = hashlib.sha256(data).hexdigest()
    return {"package": package, "version": version, "file": file, "sha256": digest, "licence": licence}


def check(folder: Path = VENDOR) -> list[str]:
    """A sentence per file that is not the one the lock names."""
    locked = {entry["file"]: entry["sha256"] for entry in json.loads((folder / LOCK.name).read_text())}
    present = {path.name for path in folder.iterdir()} - {LOCK.name}
    problems = [f"static/vendor/{name} is not in vendor.lock" for name in sorted(present - locked.keys())]
    for name, digest in locked.items():
        path = folder / name
        if not path.exists():
            problems.append(f"static/vendor/{name} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            problems.append(f"static/vendor/{name} differs from vendor.lock")
    return problems


if __name__ == "__main__":
    sys.exit(main())
