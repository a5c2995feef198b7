"""Files that travel carry no unfinished marks and no paths of the machine they were written on."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
MARKS = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b|pragma: no" r" cover")
PATHS = re.compile(r"(?<![\w.~/:-])/(home|Users|root|work|opt/homebrew/Cellar)/[\w.-]+")
NOT_OURS = ("uv.lock", "src/ohmstead/web/static/vendor/", "LICENSE")
TEXT = {".py", ".md", ".toml", ".html", ".js", ".css", ".yaml", ".yml", ".sh", ".sql", ".svg", ".json", ""}


def problems(name: str) -> list[str]:
    path = ROOT / name
    if name.startswith(NOT_OURS) or path.suffix not in TEXT or not path.is_file():
        return []
    found = []
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        if mark := MARKS.search(line):
            found.append(f"{name}:{number}: unfinished mark {mark.group()}")
        if place := PATHS.search(line):
            found.append(f"{name}:{number}: path of one machine {place.group()}")
    return found


def main() -> int:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = [problem for name in listed.splitlines() for problem in problems(name)]
    print("\n".join(found))
    return 1 if found or not listed else 0


if __name__ == "__main__":
    sys.exit(main())
