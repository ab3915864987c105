"""The page of all commands for the documentation, made of their help.

``python -m fong.cli.reference`` writes ``docs/reference/cli.md`` in the current folder; a test fails when it is stale.
"""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Any

from fong.cli.commands import tree

PAGE = PurePath("docs", "reference", "cli.md")
WIDTH = 88
HEAD = """# Commands

Made from `fong --help` by `python -m fong.cli.reference`; do not edit. `--lang zh-Hant` and `--lang zh-Hans` give the same pages in
繁體中文 and 简体中文.

Exit codes: 0 all is well · 1 the input is at fault, or no plan obeys all rules · 2 the call is wrong · 130 stopped by Ctrl-C.
"""


def reference() -> str:
    """The whole page, in English."""
    group = tree("en")
    pages = [_section("fong", group, "fong")]
    pages += [_section(f"fong {name}", command, f"fong {name}") for name, command in group.commands.items()]
    return "\n".join([HEAD, *pages])


def _section(title: str, command: Any, call: str) -> str:  # noqa: ANN401 - typer does not export its type
    context = command.make_context(call, ["--help"], resilient_parsing=True, obj="en", terminal_width=WIDTH)
    return f"## {title}\n\n```text\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    Path(PAGE).parent.mkdir(parents=True, exist_ok=True)
    Path(PAGE).write_text(reference(), encoding="utf-8")
