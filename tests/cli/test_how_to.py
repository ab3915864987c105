"""What the how-to pages tell people to type works exactly as written."""

import re
import shlex
from pathlib import Path

from tests.cli.conftest import Run

HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to"


def commands(page: str) -> list[list[str]]:
    """Every `fong` line of a page's shell blocks, in order."""
    blocks = re.findall(r"```sh\n(.*?)```", (HOW_TO / page).read_text("utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("fong ")]
    return [shlex.split(line, comments=True)[1:] for line in lines]


def test_from_excel_to_a_plan(fong: Run, tmp_path: Path) -> None:
    """A stranger who types the page's commands one after the other gets a template, a check, a plan, reasons and lists."""
    typed = commands("excel-to-plan.md")
    assert [words[0] for words in typed[:3]] == ["new", "check", "plan"]
    for words in typed:
        done = fong(*words)
        assert done.returncode == 0, (words, done.stdout, done.stderr)
    written = {file.name for file in tmp_path.rglob("*") if file.is_file()}
    assert {"workshop.xlsx", "plan.html", "plan.xlsx", "day-list-machine.html", "tonight.html"} <= written
