"""Reads the golden cases through the doors that users have: CSV tables and plan files."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from fong.formats.nouns import to_workshop
from fong.formats.plan_file import read_plan
from fong.formats.reading import read_tables
from fong.model import Problem, Schedule
from fong.model.build import build


class Golden(NamedTuple):
    """One case: the problem, and what is expected of it."""

    problem: Problem
    expected: Mapping[str, Any]

    def schedule(self, tasks: Sequence[Mapping[str, Any]]) -> Schedule:
        """The plan file's tasks as a schedule."""
        whole = {"epoch": self.expected["epoch"], "unit": self.expected["unit"], "tasks": list(tasks)}
        return read_plan(json.dumps(whole).encode(), self.problem)


def read(folder: Path) -> Golden:
    """Read one case."""
    tables = read_tables(folder.name, {f.name: f.read_bytes() for f in folder.glob("*.csv")})
    return Golden(build(to_workshop(tables)), json.loads((folder / "expected.json").read_text("utf-8")))
