"""Writes pages of docs/reference from the code; `--check` only says whether they are current."""

import sys
from pathlib import Path

import typer
from api_page import api_page
from events_page import events_page
from typer.main import get_command

from ohmstead.run.cli import app
from ohmstead.run.environment import described

PAGES = Path(__file__).parents[1] / "docs" / "reference"
NOTE = "This page is written by `tools/reference_pages.py` from the code."


def environment_page() -> str:
    lines = [
        "# Environment variables",
        "",
        "Every role reads its settings from these. `ohmstead up` sets them for the roles it starts; what you set",
        f"yourself reaches them too. {NOTE}",
        "",
        "| variable | default | meaning |",
        "| --- | --- | --- |",
    ]
    lines += [
        f"| `{variable}` | {f'`{default}`' if default else ''} | {says} |" for variable, default, says in described()
    ]
    return "\n".join(lines) + "\n"


def cli_page() -> str:
    lines = ["# Command line", "", f"`ohmstead --help` and `ohmstead <command> --help` say the same. {NOTE}", ""]
    command = get_command(app)
    lines += commands(command, typer.Context(command, info_name="ohmstead"))
    return "\n".join(lines).rstrip() + "\n"


def commands(group: "typer.core.TyperGroup", context: typer.Context) -> list[str]:
    lines: list[str] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = typer.Context(command, info_name=name, parent=context)
        if hasattr(command, "list_commands"):
            lines += commands(command, inner)
        else:
            lines += described_command(command, inner)
    return lines


def described_command(command: "typer.core.TyperCommand", context: typer.Context) -> list[str]:
    shown = [parameter for parameter in command.params if not getattr(parameter, "hidden", False)]
    arguments = [p.metavar or p.name.upper() for p in shown if p.param_type_name == "argument"]
    lines = [f"## {' '.join([context.command_path, *arguments])}", "", *(command.help or "").strip().splitlines(), ""]
    rows = []
    for parameter in shown:
        record = parameter.get_help_record(context)
        if record and parameter.name != "help":
            rows.append(f"| `{record[0]}` | {' '.join(record[1].split()).replace('|', '\\|')} |")
    if rows:
        lines += ["| option or argument | meaning |", "| --- | --- |", *rows, ""]
    return lines


def main() -> int:
    stale = []
    for name, text in {
        "environment.md": environment_page(),
        "cli.md": cli_page(),
        "api.md": api_page(),
        "events.md": events_page(),
    }.items():
        path = PAGES / name
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    if stale and "--check" in sys.argv:
        print(f"docs/reference: {', '.join(stale)} not current: run `.venv/bin/python tools/reference_pages.py`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
