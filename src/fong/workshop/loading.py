"""The beginning of every use case: what is asked, and the workshop that it is asked of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fong.lang import text
from fong.model.message import Message
from fong.model.order import Workshop
from fong.model.problem import Problem
from fong.workshop.reading import read_with_notes

EXAMPLES = ("knit", "cnc")
"""Workshops that :mod:`fong.examples` makes, by name (a folder of that name is meant by ``./knit``)."""

BOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
TABLES = (".csv", ".tsv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked of the planner.

    Parameters
    ----------
    source
        Path of an input, or one of :data:`EXAMPLES`.
    objective
        One of :data:`fong.model.objective.OBJECTIVES`; None: weighted tardiness for a workshop, makespan for a benchmark instance.
    seconds
        Time for the search; 0: the best dispatch plan.
    iterations
        Moves of the search instead of a time; None: by time.
    workers, seed
        Processes that search (>= 1); seed of the search (>= 0).
    now
        Moment at which the plan begins instead of the input's own; naive: local time of the workshop. It names the week of an
        example, which always begins on a Wednesday at 10:20.
    format
        Name of the input's format; None: by its name and content.
    language
        Language of an example's names.
    """

    source: str
    objective: str | None = None
    seconds: float = 0
    iterations: int | None = None
    workers: int = 1
    seed: int = 0
    now: datetime | None = None
    format: str | None = None
    language: str = "en"

    @property
    def path(self) -> Path | None:
        """Where the input lies; None: it is an example."""
        return None if self.source in EXAMPLES else Path(self.source)

    @property
    def title(self) -> str:
        """How the input is called."""
        if self.source in EXAMPLES:
            return text(f"examples.title.{self.source}", {}, self.language)
        return Path(self.source).resolve().stem


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A workshop or benchmark instance, free of faults, and what its owner should know about the reading."""

    given: Workshop | Problem
    notes: tuple[Message, ...] = ()


def load(ask: Ask) -> Loaded:
    """The workshop or benchmark instance that is asked for.

    Raises
    ------
    InputFault
        With every fault of the input.
    Limit
        It is too large, or takes too long.
    """
    if ask.source in EXAMPLES:
        from fong import examples  # loads the compiler, which a file does not need

        now = ask.now or datetime.now(UTC)
        aware = now if now.tzinfo else now.replace(tzinfo=UTC)
        return Loaded(given=examples.load(ask.source, aware, language=ask.language))
    given, notes = read_with_notes(input_at(Path(ask.source)), format=ask.format, now=ask.now)
    return Loaded(given=given, notes=notes)


def input_at(path: Path) -> Path:
    """The input that a path means: of a folder that holds one workbook and no tables, the workbook."""
    try:
        files = [f for f in path.iterdir() if not f.name.startswith(("~$", "."))] if path.is_dir() else []
    except OSError:  # the reader will say why
        return path
    books = [f for f in files if f.suffix.lower() in BOOKS]
    tables = any(f.suffix.lower() in TABLES for f in files)
    return books[0] if len(books) == 1 and not tables else path
