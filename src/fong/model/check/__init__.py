"""The one independent judge of every plan: whatever made it, it is lawful if :func:`check` finds no fault.

One module a family of rules; none of them knows how plans are made. What the rules are, and how doubtful words are read, stands in
``docs/dev/rules.md``.
"""

from __future__ import annotations

from fong.model.check import (
    batches,
    coverage,
    fluid,
    form,
    machines,
    materials,
    outside,
    people,
    places,
    precedence,
    release,
    runs,
    setups,
    tools,
    transfer,
    zones,
)
from fong.model.check.findings import CAP, Book, Finding, Findings, Task
from fong.model.check.rows import known
from fong.model.problem import Problem
from fong.model.schedule import Schedule

__all__ = ["CAP", "Finding", "Findings", "Task", "check"]


def check(problem: Problem, schedule: Schedule) -> Findings:
    """Judge a plan by all rules of the workshop, exactly, in integers.

    Slack is lawful everywhere: a task may end later than it needs to. What has happened before now is a fact, never a fault.

    Parameters
    ----------
    problem
        What there is and what is to be made.
    schedule
        The plan; rows in any order. It is only read.

    Returns
    -------
    Findings
        All faults and facts. A malformed schedule (an operation that does not exist, a run that ends before it starts) is judged
        by its form alone.

    Source: the project's definition of a plan (zones, holds, calls, fluid rates); the zone table is the only thing that this
    judge and a planner share.

    """
    book = Book(problem)
    if not form.check(problem, schedule, book):
        return book.findings()
    rows = known(problem, schedule)
    spans = precedence.span(rows)
    links = precedence.edges(rows, spans)
    tasks = fluid.tended(rows)
    flow = fluid.flow(rows, tasks, transfer.boxed_rows(rows, links))
    need = setups.needed(rows)
    coverage.check(rows, book)
    release.check(rows, book)
    precedence.check(rows, book, spans, links)
    transfer.check(rows, book, links, flow)
    machines.check(rows, book)
    batches.check(rows, book)
    runs.check(rows, book)
    setups.check(rows, book, need, flow)
    people.check(rows, book, need)
    zones.check(rows, book, need, tasks, flow)
    outside.check(rows, book)
    materials.check(rows, book)
    tools.check(rows, book)
    places.check(rows, book, links)
    return book.findings()
