"""A module over 400 lines wants to be split by noun; generated ones say so on their first line."""

import sys
from pathlib import Path

LIMIT_LINES = 400
ROOT = Path(__file__).parents[1]


def too_long(path: Path) -> str | None:
    lines = path.read_text().splitlines()
    if len(lines) <= LIMIT_LINES or "generated" in lines[0].lower():
        return None
    return f"{path.relative_to(ROOT)}: {len(lines)} lines, at most {LIMIT_LINES}; split it by noun"


def main() -> int:
    folders = ["src", "tests", "tools", "bench", "chaos"]
    modules = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    problems = [problem for path in modules if (problem := too_long(path))]
    print("\n".join(problems))
    return 1 if problems or not modules else 0


if __name__ == "__main__":
    sys.exit(main())
