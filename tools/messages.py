"""Translations: `compile` turns each .po into the .mo that Django reads, `check` says where they differ.

No GNU gettext is needed: the catalogues are plain (no contexts, no fuzzy entries), and so is this.
"""

import argparse
import ast
import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

LOCALE = Path(__file__).parents[1] / "src" / "ohmstead" / "web" / "locale"


def entries(text: str) -> Iterator[tuple[str, str]]:
    """(msgid, msgstr) as a .mo holds them: plural forms joined by a zero byte."""
    for block in re.split(r"\n(?=msgid )", text):
        parts: dict[str, str] = {}
        keyword = ""
        for line in block.splitlines():
            if line.startswith("#") or not line.strip():
                continue
            if not line.startswith('"'):
                keyword, _, line = line.partition(" ")
                parts[keyword] = ""
            parts[keyword] += ast.literal_eval(line)
        if "msgid" not in parts:
            continue
        forms = [value for key, value in sorted(parts.items()) if key.startswith("msgstr")]
        names = [parts[key] for key in ("msgid", "msgid_plural") if key in parts]
        if all(forms):
            yield "\0".join(names), "\0".join(forms)


def compiled(text: str) -> bytes:
    """The format of GNU .mo files: a header, two tables of (length, offset), the strings."""
    pairs = sorted((key.encode(), value.encode()) for key, value in entries(text))
    count = len(pairs)
    data, keys, values = b"", [], []
    start = 28 + count * 16
    for table, column in ((keys, 0), (values, 1)):
        for pair in pairs:
            table.append((len(pair[column]), start + len(data)))
            data += pair[column] + b"\0"
    header = struct.pack("<7I", 0x950412DE, 0, count, 28, 28 + count * 8, 0, 0)
    return header + b"".join(struct.pack("<2I", *each) for each in (*keys, *values)) + data


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["check", "compile"])
    what = parser.parse_args().what
    stale = 0
    for source in sorted(LOCALE.rglob("*.po")):
        target, wanted = source.with_suffix(".mo"), compiled(source.read_text())
        if what == "compile":
            target.write_bytes(wanted)
        elif not target.exists() or target.read_bytes() != wanted:
            print(f"{target.relative_to(LOCALE.parents[3])} is not made from its .po: run tools/messages.py compile")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
