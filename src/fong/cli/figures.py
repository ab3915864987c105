"""The one JSON object of ``--json``."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from fong.cli.speaking import Voice
from fong.errors import FongError, InputFault
from fong.model.message import Fault
from fong.model.objective import OBJECTIVES, evaluate
from fong.workshop.explaining import late_names
from fong.workshop.loading import Ask
from fong.workshop.planning import Planned


def figures(planned: Planned, voice: Voice) -> dict[str, Any]:
    """All figures of a plan. ``objective`` and ``bound`` are integers: seconds, weight × seconds, orders or cents."""
    result, schedule = planned.result, planned.schedule
    there = schedule is not None
    values = {name: evaluate(planned.problem, schedule, name) for name in OBJECTIVES} if schedule is not None else {}
    gap = result.gap_pct if there else None
    return {
        "objective": result.value if there else None,
        "objective_name": result.objective,
        "bound": result.bound,
        "gap_pct": None if gap is None else round(gap, 3),
        "status": result.status if there else "refused" if planned.faults else "none",
        "checked": there,
        "rule": result.rule,
        "iterations": result.iterations,
        "tasks": len(schedule) if schedule is not None else 0,
        "orders": len({order for order, _ in planned.problem.names.orders}) or planned.problem.jobs,
        "order_lines": planned.problem.jobs,
        "late_orders": values.get("late_orders"),
        "late_order_names": late_names(planned) if there else [],
        "values": values,
        **asked(planned.ask),
        "read_s": round(planned.read_s, 3),
        "first_solution_s": None if planned.first_s is None else round(planned.first_s, 3),
        "elapsed_s": round(planned.elapsed_s, 3),
        "peak_rss_mb": peak_rss_mb(),
        "messages": [voice.say(what) for what in (*planned.notes, *result.reasons)],
        "facts": told(planned.facts, voice),
        "faults": told(planned.faults, voice),
    }


def fault_figures(ask: Ask, error: FongError, voice: Voice) -> dict[str, Any]:
    """The same object where the input could not be planned at all: its figures are null, ``faults`` says why."""
    empty = ("objective", "bound", "gap_pct", "late_orders", "read_s", "first_solution_s", "elapsed_s")
    faults: Iterable[object] = error.faults if isinstance(error, InputFault) else [getattr(error, "message", error)]
    return {
        **dict.fromkeys(empty),
        "objective_name": ask.objective,
        "status": "fault",
        "checked": False,
        "late_order_names": [],
        "tasks": 0,
        **asked(ask),
        "peak_rss_mb": peak_rss_mb(),
        "messages": [],
        "facts": [],
        "faults": told(faults, voice),
    }


def asked(ask: Ask) -> dict[str, Any]:
    """What repeats the run: with the seed and the workers the plan is the same."""
    return {"source": ask.source, "seconds": ask.seconds, "seed": ask.seed, "workers": ask.workers}


def told(findings: Iterable[object], voice: Voice) -> list[dict[str, Any]]:
    """Faults or findings as data: code, sentence, and the place in the input or the task in the plan."""
    return [_told(finding, voice) for finding in findings]


def _told(finding: object, voice: Voice) -> dict[str, Any]:
    what = voice.message_of(finding)
    out: dict[str, Any] = {"code": what.code, "message": voice.say(what)}
    if isinstance(finding, Fault):
        place = finding.place
        out |= {"table": place.table, "source": place.source, "row": place.row, "column": place.column}
    return out


def peak_rss_mb() -> float | None:
    """The most memory that this process, or one of its children, ever held; None where the system does not tell (Windows)."""
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(most * unit / 1e6, 1)
