"""The use cases that write a plan: as a page, a table, a calendar, a plan file, lists on paper."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

from fong import render
from fong.errors import UsageError
from fong.formats.plan_file import write_plan
from fong.model.message import message
from fong.render import PlanView
from fong.render.holds import holds
from fong.workshop.explaining import descriptions, drawn, some_of, view
from fong.workshop.planning import Planned
from fong.workshop.writing import write

__all__ = ["SUFFIXES", "By", "content", "export", "plan_file", "write", "write_day_lists", "write_tonight"]

By = Literal["machine", "person"]
_PAGES = {".html": "gantt_page", ".csv": "plan_csv", ".xlsx": "plan_xlsx", ".ics": "plan_ics"}
"""What writes each kind of file; it is loaded when it is asked for, since openpyxl takes a quarter of a second."""
SUFFIXES = (".json", *_PAGES)
"""What a plan can be written as."""


def export(planned: Planned, paths: Sequence[Path], language: str, only: str | None = None) -> None:
    """Write a plan as files, by their suffixes; calendars of ``only`` one person or machine, if one is named.

    Raises
    ------
    UsageError
        Nobody and no machine in the plan has that name, or any work.
    InputFault
        A file cannot be written; then none is.
    """
    shown = view(planned)
    write({path: content(planned, shown, path.suffix.lower(), language, only) for path in paths})


def content(planned: Planned, shown: PlanView, suffix: str, language: str, only: str | None = None) -> bytes:
    """A plan as the bytes of one kind of file (one of :data:`SUFFIXES`); raises as :func:`export` does."""
    if suffix == ".json":
        return plan_file(planned)
    if suffix == ".ics" and only is not None:
        by, name = _meant(shown, only)
        return render.plan_ics(shown, language, by=by, only=name)
    page: Callable[[PlanView, str], str | bytes] = getattr(render, _PAGES[suffix])
    return _bytes(page(shown, language))


def _meant(shown: PlanView, wanted: str) -> tuple[By, str]:
    """Whose name is meant, a person's (who comes first, if a machine is called alike) or a machine's; case matters only between two."""
    people = list(dict.fromkeys(hold.person for hold in holds(shown)))
    machines = list(dict.fromkeys(bar.row.name for bar in shown.all_bars()))
    rows = [row.name for row in shown.people] + [row.name for row in shown.machines]
    idle = [name for name in rows if name not in {*people, *machines}]
    for alike in (str, str.casefold):
        named = [name for name in (*people, *machines, *idle) if alike(name) == alike(wanted)]
        if len(set(named)) == 1:
            if named[0] in idle:
                raise UsageError(message("cli.only_idle", name=named[0]))
            return ("person" if named[0] in people else "machine"), named[0]
    raise UsageError(message("cli.no_name", name=wanted, some=some_of(wanted, [*people, *machines])))


def plan_file(planned: Planned) -> bytes:
    """The plan as JSON, with what repeats it."""
    ask, result = planned.ask, planned.result
    extra = {
        "objective_name": result.objective,
        "status": result.status,
        "rule": result.rule,
        "seconds": ask.seconds,
        "seed": ask.seed,
        "workers": ask.workers,
    }
    return write_plan(planned.problem, drawn(planned), objective=result.value, bound=result.bound, extra=extra)


def write_day_lists(planned: Planned, pages: Mapping[By, Path], language: str, day: date | None = None) -> None:
    """Write the day's lists for machines, for people, or both.

    Raises
    ------
    UsageError
        The plan has no dates.
    InputFault
        A file cannot be written; then none is.
    """
    shown = view(planned)
    when = day or first_day(planned)
    write({path: render.day_list(shown, when, by, language).encode() for by, path in pages.items()})


def write_tonight(planned: Planned, page: Path, language: str) -> None:
    """Write tonight's loading list; raises as :func:`write_day_lists` does."""
    lines = planned.workshop.orders if planned.workshop else ()
    day, title = first_day(planned), planned.ask.title
    called = descriptions(planned)
    text = render.tonight_list(
        planned.problem, drawn(planned), day, language, title=title, lines=lines, descriptions=called
    )
    write({page: text.encode()})


def first_day(planned: Planned) -> date:
    """The day on which the plan begins."""
    epoch = planned.problem.epoch
    if epoch is None:
        raise UsageError(message("render.no_dates"))
    return epoch.date()


def _bytes(data: str | bytes) -> bytes:
    return data.encode("utf-8") if isinstance(data, str) else data
