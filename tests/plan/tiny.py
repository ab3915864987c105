"""Random workshops so small that every plan of them can be tried."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from tests.model.made import problem

from fong.model import NEVER, Problem

HORIZON = 120

Columns = dict[str, Any]


def windows(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Working time within the horizon: at least 60 s in all, so that something can be made."""
    out, t = [], draw(st.integers(0, 4))
    while t < HORIZON:
        length = draw(st.integers(4, 20))
        out.append((t, min(HORIZON, t + length)))
        t += length + draw(st.integers(1, 8))
    return out


def base(draw: st.DrawFn) -> Columns:
    """Jobs, steps and modes, dates and weights: a flexible job shop."""
    sizes = draw(st.sampled_from([[1, 1], [2, 1], [1, 1, 1], [2, 2], [3, 1], [2, 1, 1]]))
    machines = draw(st.integers(1, 2))
    steps = sum(sizes)
    modes = []
    for _ in range(steps):
        some = draw(st.lists(st.integers(0, machines - 1), min_size=1, max_size=2, unique=True))
        modes.append([(m, draw(st.integers(1, 8))) for m in sorted(some)])
    n = len(sizes)
    return {
        "jobs": sizes,
        "machines": machines,
        "modes": modes,
        "horizon_s": HORIZON,
        "job_release_s": draw(st.lists(st.integers(-5, 15), min_size=n, max_size=n)),
        "job_due_s": draw(st.lists(st.one_of(st.integers(-5, 30), st.just(NEVER)), min_size=n, max_size=n)),
        "job_weight_milli": draw(st.lists(st.sampled_from([0, 500, 1000, 3000]), min_size=n, max_size=n)),
        "job_late_cents_day": draw(st.lists(st.sampled_from([0, 86_400, 50_000, 999_999]), min_size=n, max_size=n)),
    }


def column(draw: st.DrawFn, c: Columns, values: st.SearchStrategy[int]) -> list[int]:
    """One value for each step."""
    return [draw(values) for _ in c["modes"]]


def add_setups(draw: st.DrawFn, c: Columns) -> None:
    """Set-ups by family, with a matrix or without, by hand or not."""
    c["modes"] = [[(m, s, draw(st.integers(0, 4))) for m, s, *_ in modes] for modes in c["modes"]]
    if draw(st.booleans()):
        c["step_family"] = column(draw, c, st.integers(-1, 1))
        c["machine_family"] = [draw(st.integers(-1, 1)) for _ in range(c["machines"])]
        c["families"] = 2
        if draw(st.booleans()):
            cells = draw(st.lists(st.booleans(), min_size=4, max_size=4))
            c["setup_ptr"] = [0, cells[0] + cells[1], sum(cells)]
            c["setup_to"] = [i % 2 for i, there in enumerate(cells) if there]
            c["setup_s"] = [draw(st.integers(0, 6)) for there in cells if there]


def add_people(draw: st.DrawFn, c: Columns) -> None:
    """One or two people for runs and set-ups."""
    n = draw(st.integers(1, 2))
    c["people"] = n
    c["skills"] = [[x for x in range(n) if x == 0 or draw(st.booleans())], list(range(n))]
    if draw(st.booleans()):
        c["step_run_skill"] = column(draw, c, st.integers(-1, 1))
    if any(len(mode) > 2 for modes in c["modes"] for mode in modes):
        c["step_setup_skill"] = column(draw, c, st.integers(-1, 1))
    if "calendars" in c and draw(st.booleans()):
        c["person_calendar"] = [draw(st.integers(-1, len(c["calendars"]) - 1)) for _ in range(n)]
    hand = draw(st.booleans())
    if hand and "step_run_skill" in c:
        c["step_cycle_s"] = column(draw, c, st.integers(1, 6))
        c["modes"] = [
            [] if skill >= 0 and draw(st.booleans()) else m
            for m, skill in zip(c["modes"], c["step_run_skill"], strict=True)
        ]


def add_calendars(draw: st.DrawFn, c: Columns) -> None:
    """Machines that are not always open, and what steps do at a gap."""
    c["calendars"] = [windows(draw) for _ in range(draw(st.integers(1, 2)))]
    if draw(st.booleans()):
        c["machine_calendar"] = [draw(st.integers(-1, len(c["calendars"]) - 1)) for _ in range(c["machines"])]
    if draw(st.booleans()):
        c["step_gap"] = column(draw, c, st.integers(0, 3))
        c["step_overtime_s"] = [draw(st.integers(0, 4)) if gap == 3 else 0 for gap in c["step_gap"]]


def add_pieces(draw: st.DrawFn, c: Columns) -> None:
    """Lots of some pieces, maybe cut, maybe moved on in boxes."""
    c["op_pieces"] = column(draw, c, st.integers(1, 4))
    if draw(st.booleans()):
        c["step_pieces_per_cycle"] = column(draw, c, st.integers(1, 2))
    if draw(st.booleans()):
        c["step_max_lot"] = column(draw, c, st.sampled_from([0, 0, 2]))
        c["step_split_over"] = column(draw, c, st.integers(1, 2))
    if draw(st.booleans()):
        c["step_box"] = column(draw, c, st.integers(0, 2))


def add_lags(draw: st.DrawFn, c: Columns) -> None:
    """Least and longest times between steps."""
    c["step_lag_s"] = column(draw, c, st.integers(0, 5))
    if draw(st.booleans()):
        c["step_max_wait_s"] = [lag + draw(st.sampled_from([0, 3, NEVER - 9])) for lag in c["step_lag_s"]]


def add_batches(draw: st.DrawFn, c: Columns) -> None:
    """The first machine makes batches."""
    c["machine_batch_milli"] = [draw(st.integers(1000, 4000)), *([0] * (c["machines"] - 1))]
    c["step_batch_milli"] = column(draw, c, st.integers(300, 1000))
    if "people" in c:
        c["step_attend_s"] = column(draw, c, st.integers(0, 1))


def add_material(draw: st.DrawFn, c: Columns) -> None:
    """One material, on hand and to come."""
    steps = len(c["modes"])
    uses = [draw(st.booleans()) for _ in range(steps)]
    c["use_ptr"] = [sum(uses[:i]) for i in range(steps + 1)]
    c["use_item"] = [0] * sum(uses)
    c["use_micro"] = [draw(st.integers(1, 5)) for there in uses if there]
    c["stock_micro"] = [draw(st.integers(0, 6))]
    c["receipt_ptr"] = [0, 2]
    c["receipt_at_s"] = sorted(draw(st.lists(st.integers(0, 25), min_size=2, max_size=2)))
    c["receipt_micro"] = [draw(st.integers(1, 6)), 100]


def add_tools(draw: st.DrawFn, c: Columns) -> None:
    """One tool that some steps need."""
    c["step_tool"] = column(draw, c, st.integers(-1, 0))
    c["tool_quantity"] = [draw(st.integers(1, 2))]


def add_outside(draw: st.DrawFn, c: Columns) -> None:
    """Some steps are done outside."""
    c["step_outside_s"] = column(draw, c, st.sampled_from([-1, -1, 7]))
    c["modes"] = [m if out < 0 else [] for m, out in zip(c["modes"], c["step_outside_s"], strict=True)]
    if "calendars" in c and draw(st.booleans()):
        c["step_collect"] = [0 if out >= 0 else -1 for out in c["step_outside_s"]]
    if "step_run_skill" in c:
        c["step_run_skill"] = [
            -1 if out >= 0 else q for q, out in zip(c["step_run_skill"], c["step_outside_s"], strict=True)
        ]


def add_zone(draw: st.DrawFn, c: Columns) -> None:
    """The first machine is tended; it is the only one of its zone."""
    c["people"] = c.get("people", 0) + 1
    tender = c["people"] - 1
    c["zones"] = 1
    c["machine_zone"] = [0, *([-1] * (c["machines"] - 1))]
    c["person_zone"] = [*([-1] * tender), 0]
    c["tenders"] = [[tender]]
    if "calendars" in c:
        others = c.get("person_calendar", [-1] * tender)
        c["person_calendar"] = [*others, draw(st.integers(-1, len(c["calendars"]) - 1))]
    c.setdefault("skills", [])
    on_zone = [any(m[0] == 0 for m in modes) for modes in c["modes"]]
    c["step_attend_s"] = [draw(st.integers(0, 3)) if there else 0 for there in on_zone]
    c["step_cycles_per_call"] = column(draw, c, st.integers(1, 3))
    if draw(st.booleans()):
        c["step_stops_micro"] = [draw(st.sampled_from([0, 60_000_000])) if there else 0 for there in on_zone]
        c["step_stop_s"] = column(draw, c, st.integers(0, 20))
    if "step_run_skill" in c:
        c["step_run_skill"] = [-1 if there else q for q, there in zip(c["step_run_skill"], on_zone, strict=True)]


def add_progress(draw: st.DrawFn, c: Columns) -> None:
    """The first operation of the first job runs now, or is done."""
    if c["jobs"][0] < 2 or not c["modes"][0]:
        return
    n = len(c["modes"])
    pieces = c.get("op_pieces", [1] * n)
    c["op_total"] = list(pieces)
    c["op_pieces"] = [0, *pieces[1:]]
    if draw(st.booleans()):
        c["wip_op"], c["wip_start_s"], c["wip_end_s"] = [0], [-3], [draw(st.integers(0, 8))]
        c["wip_machine"] = [c["modes"][0][0][0]]


def add_variants(draw: st.DrawFn, c: Columns) -> None:
    """The steps of the first job are two ways to make it, not a chain."""
    if c["jobs"][0] != 2:
        return
    c["op_variant"] = [0, 1, *([0] * (len(c["modes"]) - 2))]
    starts = {sum(c["jobs"][:j]) for j in range(len(c["jobs"]))}
    c["preds"] = [[] if t in starts or t == 1 else [t - 1] for t in range(len(c["modes"]))]
    del draw


ADDITIONS = {
    "calendars": add_calendars,
    "setups": add_setups,
    "people": add_people,
    "pieces": add_pieces,
    "lags": add_lags,
    "batches": add_batches,
    "material": add_material,
    "tools": add_tools,
    "outside": add_outside,
    "zone": add_zone,
    "progress": add_progress,
    "variants": add_variants,
}
_NOT_TOGETHER = [{"batches", "zone"}, {"progress", "variants"}, {"batches", "lags", "pieces"}]


@st.composite
def workshops(draw: st.DrawFn, only: str = "") -> Problem:
    """A tiny workshop with a few kinds of rules (one of them ``only``, if given)."""
    c = base(draw)
    names = set(draw(st.lists(st.sampled_from(sorted(ADDITIONS)), max_size=3, unique=True)))
    if only:
        names.add(only)
    for pair in _NOT_TOGETHER:
        if pair <= names:
            names -= pair - {only} if only in pair else {min(pair)}
    for name, add in ADDITIONS.items():
        if name in names:
            add(draw, c)
    return problem(**c)
