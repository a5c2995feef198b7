"""What we ship with must not bind those who use us: no GPL or AGPL among the runtime packages and theirs."""

import re
import sys
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
BINDING = re.compile(r"(?<!L)\bA?GPL|(?<!Lesser )General Public License|Affero|SSPL|Business Source", re.IGNORECASE)


def shipped() -> dict[str, Distribution]:
    """Every installed package that the runtime dependencies reach, by normal name."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    waiting = [Requirement(text) for text in project["dependencies"]]
    found: dict[str, Distribution] = {}
    while waiting:
        wanted = waiting.pop()
        name = re.sub(r"[-_.]+", "-", wanted.name).lower()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue  # for another system or Python
        for text in found[name].requires or []:
            requirement = Requirement(text)
            extras = [*wanted.extras, ""]
            if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(requirement)
    return found


def licence(package: Distribution) -> str:
    said = package.metadata
    expression = said.get("License-Expression")
    if expression:
        return expression
    classes = [line for line in said.get_all("Classifier", []) if line.startswith("License ::")]
    named = "; ".join(classes) or (said.get("License") or "").partition("\n")[0]
    return named or first_line_of_licence_file(package)


def first_line_of_licence_file(package: Distribution) -> str:
    for file in package.files or []:
        if file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING")):
            return file.read_text().strip().partition("\n")[0]
    return ""


def main() -> int:
    packages = shipped()
    bad = 0
    for name, package in sorted(packages.items()):
        words = licence(package)
        if not words or BINDING.search(words):
            bad += 1
            print(f"{name} {package.version}: {words or 'says no licence'}")
    return 1 if bad or not packages else 0


if __name__ == "__main__":
    sys.exit(main())
