"""`make check`: every rule of the house that a program can hold, side by side, with what was found in full."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
# No database: makemigrations compares models with migration files and only warns that it could not connect.
NO_DATABASE = {
    "DATABASE_URL": "postgresql:///none?host=/nonexistent",
    "DJANGO_SETTINGS_MODULE": "ohmstead.run.settings",
}

STEPS: dict[str, list[str]] = {
    "types": [f"{BIN}/mypy"],
    "migrations": [sys.executable, "-W", "ignore", "-m", "django", "makemigrations", "--check", "--dry-run"],
    "imports": [f"{BIN}/lint-imports"],
    "lint": [f"{BIN}/ruff", "check", "--quiet", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "--quiet", "."],
    "wire": [sys.executable, "tools/generate_wire.py", "--check"],
    "translations": [sys.executable, "tools/messages.py", "check"],
    "vendored files": [sys.executable, "tools/vendor_static.py", "check"],
    "reference pages": [sys.executable, "tools/reference_pages.py", "--check"],
    "docs": [sys.executable, "tools/check_docs.py"],
    "module sizes": [sys.executable, "tools/check_sizes.py"],
    "words and paths": [sys.executable, "tools/check_text.py"],
    "licences": [sys.executable, "tools/check_licences.py"],
}


def run(step: str) -> tuple[str, int, str, float]:
    began = time.monotonic()
    environment = {**os.environ, **NO_DATABASE}
    done = subprocess.run(STEPS[step], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return step, done.returncode, (done.stdout + done.stderr).strip(), time.monotonic() - began


def main() -> int:
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for step, status, text, took_s in pool.map(run, STEPS):
            print(f"{'ok    ' if status == 0 else 'FAILED'} {step} ({took_s:.1f} s)", flush=True)
            if status:
                failed.append(step)
                print("\n".join(f"       {line}" for line in text.splitlines()), flush=True)
    if failed:
        print(f"make check: {', '.join(failed)} failed.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
