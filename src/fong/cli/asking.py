"""From options to what is asked: the values that typer cannot judge."""

from __future__ import annotations

import os
from datetime import date, datetime

from fong.cli.options import Objective
from fong.errors import UsageError
from fong.model.message import message
from fong.workshop.loading import Ask
from fong.workshop.reading import FORMATS

YEARS = range(2000, 2100)
"""Years that a moment may lie in, in tables too."""


def ask_of(
    source: str,
    seconds: float,
    iterations: int | None,
    workers: int | None,
    seed: int,
    objective: Objective | None,
    now: str | None,
    format_: str | None,
    language: str,
) -> Ask:
    """What the options ask for; without a number of workers as many as there are cores.

    Raises
    ------
    UsageError
        A value that typer lets through is still no good.
    """
    if format_ is not None and format_ not in FORMATS:
        raise UsageError(message("cli.bad_choice", option="--format", found=format_, wanted=", ".join(FORMATS)))
    return Ask(
        source=source,
        objective=objective and objective.value,
        seconds=seconds,
        iterations=iterations,
        workers=workers or cores(),
        seed=seed,
        now=None if now is None else moment_of(now),
        format=format_,
        language=language,
    )


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def moment_of(text: str) -> datetime:
    """The moment of ``--now``; naive without an offset.

    Raises
    ------
    UsageError
        It is none.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(message("cli.bad_moment", option="--now", found=text)) from error
    if moment.year not in YEARS:
        raise UsageError(message("cli.bad_year", option="--now", found=text, first=YEARS[0], last=YEARS[-1]))
    return moment


def day_of(text: str) -> date:
    """The day of ``--day``.

    Raises
    ------
    UsageError
        It is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(message("cli.bad_day", option="--day", found=text)) from error
