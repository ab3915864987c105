"""The use case *check a plan file*: whoever made it, it is judged by the input's rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from fong.formats.limits import Limits
from fong.formats.plan_file import plan_with_strangers
from fong.model.build import build
from fong.model.check import Findings, check
from fong.model.message import Fault
from fong.model.order import Workshop
from fong.model.problem import Problem
from fong.model.schedule import Schedule
from fong.workshop import child
from fong.workshop.loading import Ask, load
from fong.workshop.planning import LONGEST_DAYS

DAY_S = 86_400
PLAN_LIMITS = Limits()
_MISSING = MappingProxyType({"person": "person_missing", "setup_person": "setup_person"})
"""What the check says of a task without a person, by the plan file's key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What `check` says of a plan, and how large it is; an ``instance`` of a benchmark has jobs and operations, no orders.

    ``strangers``: people in it whom the input does not know.
    """

    findings: Findings
    strangers: tuple[Fault, ...]
    tasks: int
    orders: int
    instance: bool


def judge(ask: Ask, plan_file: Path) -> Judged:
    """Judge a plan file by the rules of an input.

    Raises
    ------
    InputFault
        The input or the plan file cannot be read.
    Limit
        One of them is too large, or takes too long.
    """
    given = load(ask).given
    problem = given if isinstance(given, Problem) else build(given)
    whole, _ = child.ask("plan", plan_file, PLAN_LIMITS)
    schedule, strangers = plan_with_strangers(cast("Mapping[str, Any]", whole), problem, name=plan_file.name)
    if isinstance(given, Workshop):
        problem = build(given, horizon_days=days_for(given, schedule))
    findings = _but_of(strangers, check(problem, schedule))
    return Judged(
        findings=findings,
        strangers=strangers,
        tasks=len(schedule),
        orders=problem.jobs,
        instance=isinstance(given, Problem),
    )


def _but_of(strangers: tuple[Fault, ...], findings: Findings) -> Findings:
    """Without what only follows from people who had to be left out of the plan."""
    left_out = {(_MISSING[f.place.column], (f.place.row or 0) - 1) for f in strangers}
    follow = [f for f in findings.faults if (f.code, f.row) in left_out]
    counts = Counter(findings.counts)
    counts.subtract(f.code for f in follow)
    kept = tuple(f for f in findings.faults if (f.code, f.row) not in left_out)
    return replace(findings, faults=kept, counts=MappingProxyType(dict(+counts)))


def days_for(workshop: Workshop, schedule: Schedule) -> int:
    """The horizon that a plan needs: the workshop's own, doubled until all of the plan lies in it."""
    days, last = workshop.factory.settings.horizon_days, int(schedule.end.max(initial=0))
    while days < LONGEST_DAYS and days * DAY_S < last:
        days *= 2
    return min(days, LONGEST_DAYS)
