"""The use cases *learn* and *compare*: a shop's own time log becomes tables; a plan of its last orders is laid beside what happened."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from fractions import Fraction
from pathlib import Path
from typing import cast

from fong.errors import InputFault, UsageError
from fong.formats.limits import Limits
from fong.formats.log_columns import LogColumns
from fong.learn import Cut, Learned, LearnOptions, RestPlan, Sample, compare
from fong.learn.split import TWO_THIRDS
from fong.model.build import build
from fong.model.check import Finding, check
from fong.model.comparison import Comparison
from fong.model.message import Fault, Message, message
from fong.model.order import Workshop
from fong.model.problem import Problem
from fong.plan.result import Result
from fong.workshop.child import ask, look
from fong.workshop.logs import Gathered, Rest
from fong.workshop.writing import write

LOG_LIMITS = Limits(seconds=300, cells=10_000_000)
"""A log is long and narrow: it may hold more cells than a sheet; and what it teaches is worked out in that time, too."""
LONGEST_DAYS = 3650
SAMPLES = "_samples.csv"
"""Written beside the tables; a name that begins with ``_`` is no table."""
REPORT = "_report.txt"
"""All that was assumed, likewise; of a workbook its name comes before."""
Report = Callable[[str, float, int | None], None]
"""Stage, share done (0…1), best value so far or None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOptions:
    """What the owner of a log says about it.

    Parameters
    ----------
    columns
        Of the log.
    enrich, enrich_columns, shifts_min
        A second log that knows more (machine, flag, pieces), its columns, and the minutes by which its clock may be behind.
    learn
        How the log is read as a factory.
    """

    columns: LogColumns = field(default_factory=LogColumns)
    enrich: Path | None = None
    enrich_columns: LogColumns = field(default_factory=LogColumns)
    shifts_min: tuple[int, ...] = (0,)
    learn: LearnOptions = field(default_factory=LearnOptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A comparison and all that it came from. ``comparison`` None: there is no plan, or it breaks a rule (``faults``)."""

    gathered: Gathered
    parts: Cut
    learned: Learned
    rest: RestPlan
    comparison: Comparison | None
    faults: tuple[Finding, ...] = ()
    reasons: tuple[Message, ...] = ()


def gather(log: Path, options: LogOptions) -> Gathered:
    """Read the log, and join the second one to it.

    Raises
    ------
    InputFault
        With every fault of the logs.
    Limit
        A log is too large.
    """
    return cast("Gathered", _asked("log", log, options))


def learn_log(
    log: Path, out: Path | None, options: LogOptions | None = None, *, share: Fraction | None = None
) -> Learned:
    """Learn a factory and an order book from a log, and write them as a CSV folder or a workbook.

    Parameters
    ----------
    log
        The log, a CSV file.
    out
        Folder for the tables (it is made), or a file ``.xlsx``; None: nothing is written.
    options
        What its owner says.
    share
        Of the orders, which a comparison will learn from; None: there will be none.

    Raises
    ------
    InputFault
        With every fault of the logs, or a file cannot be written, or there are too few orders to compare.
    """
    more = {} if share is None else {"share": str(share)}
    learned = cast("Learned", _asked("learn", log, options or LogOptions(), **more))
    if out is not None:
        _write(out, learned)
    return learned


def compare_log(
    log: Path,
    options: LogOptions | None = None,
    *,
    objective: str = "flow_time",
    seconds: float = 0,
    workers: int = 1,
    seed: int = 0,
    share: Fraction = TWO_THIRDS,
    report: Report | None = None,
) -> Compared:
    """Learn from the first orders of a log, plan the others, and lay the plan beside what happened.

    Of joined logs only the orders that both know are used.

    Raises
    ------
    InputFault
        With every fault of the logs.
    """
    from fong.plan.solve import solve

    made = cast("Rest", _asked("rest", log, options or LogOptions(), share=str(share)))
    parts, learned, rest = made.parts, made.learned, made.rest
    problem, result = _planned(
        rest.workshop,
        lambda p: solve(p, objective=objective, seconds=seconds, workers=workers, seed=seed, progress=report),
    )
    findings = check(problem, result.schedule) if result.schedule is not None else None
    good = result.schedule if findings is not None and findings.ok else None
    return Compared(
        gathered=made.gathered,
        parts=parts,
        learned=learned,
        rest=rest,
        comparison=None
        if good is None
        else compare(parts, rest, learned.knowledge, problem, good, objective=objective, status=result.status),
        faults=findings.faults if findings is not None else (),
        reasons=result.reasons,
    )


def _planned(workshop: Workshop, solver: Callable[[Problem], Result]) -> tuple[Problem, Result]:
    """Plan over longer and longer horizons until the work fits."""
    days = workshop.factory.settings.horizon_days
    while True:
        problem = build(workshop, horizon_days=days)
        result = solver(problem)
        if result.schedule is not None or days >= LONGEST_DAYS:
            return problem, result
        days = min(2 * days, LONGEST_DAYS)


def write_page(compared: Compared, page: Path, title: str, language: str) -> None:
    """Write the comparison page.

    Raises
    ------
    InputFault
        There is nothing to show, or the file cannot be written.
    """
    from fong.render.comparison import comparison_page

    if compared.comparison is None:
        raise InputFault([Fault(message=message("learn.no_plan"))])
    write({page: comparison_page(compared.comparison, title, language).encode()})


# ---------------------------------------------------------------- files


def write_report(out: Path, words: str) -> Path:
    """Write all that is to be said of what was learned beside the tables; return where it lies.

    Raises
    ------
    InputFault
        The file cannot be written.
    """
    report = _report(out)
    write({report: f"{words}\n".encode("utf-8", "replace")})
    return report


def _report(out: Path) -> Path:
    return out.with_name(f"{out.stem}{REPORT}") if _is_book(out) else out / REPORT


def _is_book(out: Path) -> bool:
    return out.suffix.lower() == ".xlsx"


def _asked(job: str, log: Path, options: LogOptions, **more: object) -> object:
    """What the child makes of the logs, which are strangers' files."""
    if options.enrich is not None:
        look(options.enrich, LOG_LIMITS, folders=False)
    return ask(job, log, LOG_LIMITS, **asked(options), **more)[0]


def asked(options: LogOptions) -> dict[str, object]:
    """What the owner says, as JSON can say it."""
    now = options.learn.now
    return {
        "columns": _columns(options.columns),
        "enrich": None if options.enrich is None else str(options.enrich),
        "enrich_columns": _columns(options.enrich_columns),
        "shifts_min": list(options.shifts_min),
        "learn": asdict(options.learn) | {"now": None if now is None else now.isoformat()},
    }


def _columns(columns: LogColumns) -> dict[str, object]:
    return {f.name: getattr(columns, f.name) for f in fields(columns)} | {"kinds": dict(columns.kinds)}


def _write(out: Path, learned: Learned) -> None:
    from fong.formats import writing

    if _is_book(out):
        for path in (out, _report(out)):
            if path.exists():
                raise UsageError(message("learn.out_exists", path=str(path)))
        write({out: writing.write_workbook(learned.workshop)})
        return
    tables: Mapping[str, bytes] = writing.write_csv(learned.workshop)
    _make(out, tables)
    write({out / name: data for name, data in tables.items()} | {out / SAMPLES: samples_csv(learned.samples)})


def _make(folder: Path, tables: Mapping[str, bytes]) -> None:
    """Make the folder; one with tables that were not learned stays as it is."""
    try:
        if folder.is_file():
            raise UsageError(message("learn.out_is_file", path=str(folder)))
        own = tables if (folder / SAMPLES).exists() else {}  # what was learned may be learned anew
        others = sorted(p.name for p in folder.glob("*.csv") if p.name not in own and not p.name.startswith("_"))
        if others:
            raise UsageError(message("learn.out_holds_tables", path=str(folder), files=", ".join(others[:5])))
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise InputFault([Fault(message=message("learn.folder_not_made", path=str(folder), why=why))]) from error


def samples_csv(samples: tuple[Sample, ...]) -> bytes:
    """The number behind every figure, as CSV; a cell that begins like a formula is kept from being one."""
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(["figure", "step", "item", "machine", "person", "value", "samples"])
    for s in samples:
        names = [f"'{n}" if n[:1] in {"=", "+", "-", "@"} else n for n in (s.step, s.item, s.machine, s.person)]
        rows.writerow([s.figure, *names, f"{s.value:g}", s.samples])
    return b"\xef\xbb\xbf" + text.getvalue().encode("utf-8", "replace")
