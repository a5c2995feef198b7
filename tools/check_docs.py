"""Every link between our pages leads somewhere, and every page can be reached from docs/README.md."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def links(page: Path) -> list[tuple[str, Path]]:
    """Targets inside the project, as written and as files."""
    written = [target for target in LINK.findall(page.read_text()) if "://" not in target and ":" not in target]
    return [(target, (page.parent / target).resolve()) for target in written]


def main() -> int:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("README.md")]
    problems = [
        f"{page.relative_to(ROOT)}: {target} leads nowhere"
        for page in pages
        for target, file in links(page)
        if not file.exists()
    ]
    reached: set[Path] = set()
    waiting = [ROOT / "docs" / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md" or not page.exists():
            continue
        reached.add(page)
        waiting += [file for _, file in links(page)]
    lost = sorted(set((ROOT / "docs").rglob("*.md")) - reached)
    problems += [f"{page.relative_to(ROOT)} cannot be reached from docs/README.md" for page in lost]
    print("\n".join(problems))
    return 1 if problems or len(reached) < 3 else 0


if __name__ == "__main__":
    sys.exit(main())
