"""The compiled parts of the check that follow lots (boxes, places) against slow twins."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.model.check.test_kernels import HORIZON, calendars, column, windows
from tests.naive import hours as naive_hours

from fong._kernels import freeze
from fong.model.check import _kernels as kernels


@given(st.lists(st.sets(st.integers(0, 4)), min_size=1, max_size=4), st.data())
def test_modes_are_found_one_by_one(machines: list[set[int]], data: st.DataObject) -> None:
    """The mode of a step that is the machine, or none."""
    step = data.draw(st.lists(st.integers(0, len(machines) - 1), max_size=6))
    machine = [data.draw(st.integers(-1, 5)) for _ in step]
    listed = [(s, m) for s, some in enumerate(machines) for m in sorted(some)]
    ptr = freeze(np.cumsum([0, *(len(m) for m in machines)]), np.int32)
    got = kernels.find_modes(column(*step), column(*machine), ptr, freeze([m for _, m in listed], np.int32))
    wanted = [listed.index(x) if x in listed else -1 for x in zip(step, machine, strict=True)]
    assert got.tolist() == wanted


@given(st.none() | windows(), st.none() | windows(), st.integers(0, 200), st.integers(0, 40))
def test_what_no_window_holds(a: Any, b: Any, work: int, overtime: int) -> None:
    """Second by second: the longest common window, with overtime, is too short."""
    cal, (x, y) = calendars(a, b)
    got = kernels.never_fits(cal, column(x), column(y), column(work), column(overtime))[0]
    endless = a is None and b is None
    assert bool(got) == (not endless and work - overtime > naive_hours.longest(a, b, HORIZON + 1))


# ------------------------------------------------------------ boxes
@st.composite
def cycles(draw: st.DrawFn, most: int) -> dict[str, Any]:
    """A row that makes some pieces, a few in each cycle, with gaps between cycles."""
    pieces, per = draw(st.integers(1, most)), draw(st.integers(1, 3))
    begin, finish, t = [], [], draw(st.integers(0, 30))
    for _ in range(-(-pieces // per)):
        t += draw(st.integers(0, 5))
        begin.append(t)
        t += draw(st.integers(1, 6))
        finish.append(t)
    end = max(begin[-1], t + draw(st.integers(-3, 4)))
    return {"pieces": pieces, "per": per, "begin": begin, "finish": finish, "end": end}


Rows = list[dict[str, Any]]


def packed(a: Rows, b: Rows, size: int, lag: int, done: tuple[int, int], total: tuple[int, int]) -> kernels.Boxes:
    rows = [*a, *b]
    ends = np.cumsum([0, *(len(r["begin"]) for r in rows)])
    columns: dict[str, Any] = {
        "before": [0],
        "after": [1],
        "lag_s": [lag],
        "size": [size],
        "row_ptr": [0, len(a), len(rows)],
        "row": range(len(rows)),
        "pieces": [r["pieces"] for r in rows],
        "per_cycle": [r["per"] for r in rows],
        "last_end": [r["end"] for r in rows],
        "cycle_ptr": ends,
        "begin": [t for r in rows for t in r["begin"]],
        "finish": [t for r in rows for t in r["finish"]],
        "done": done,
        "total": total,
    }
    return kernels.Boxes(**{name: freeze(list(values), np.int64) for name, values in columns.items()})


def come_by(r: dict[str, Any], size: int, t: int) -> int:
    """Pieces of a row in boxes that are full by t; at the end of the row all are."""
    boxes = [range(first, min(first + size, r["pieces"])) for first in range(0, r["pieces"], size)]
    return sum(len(box) for box in boxes if t >= min(r["finish"][box[-1] // r["per"]], r["end"]))


def begun_by(r: dict[str, Any], t: int) -> int:
    """Pieces whose cycle has begun by t."""
    begun: int = r["per"] * sum(b <= t for b in r["begin"])
    return min(int(r["pieces"]), begun)


@given(
    st.lists(cycles(6), min_size=1, max_size=2),
    st.lists(cycles(6), min_size=1, max_size=2),
    st.integers(1, 4),
    st.integers(0, 5),
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
)
def test_boxes_are_those_of_the_slow_twin(a: Rows, b: Rows, size: int, lag: int, done: tuple[int, int]) -> None:
    """At no moment has the next step begun more pieces than the boxes that have come hold."""
    made, wanted = sum(r["pieces"] for r in a), sum(r["pieces"] for r in b)
    total = (made + done[0], wanted + done[1])
    row, at = kernels.starved(packed(a, b, size, lag, done, total))
    first = None
    for t in sorted({t for r in b for t in r["begin"]}):
        come = sum(come_by(r, size, t - lag) for r in a)
        begun = done[1] + sum(begun_by(r, t) for r in b)
        if come < made and begun > (done[0] + come) * total[1] // total[0]:
            first = t
            break
    assert (int(at[0]) if row[0] >= 0 else None) == first
    if first is not None:
        assert first in b[int(row[0]) - len(a)]["begin"]


# ------------------------------------------------------------ lots that stay on their machine
@st.composite
def standing(draw: st.DrawFn) -> list[tuple[int, int, int, int]]:
    """Machine, begin, end and leave of some lots, in the kernel's order; a few of them empty or gone at once."""
    lots = []
    for _ in range(draw(st.integers(1, 9))):
        begin = draw(st.integers(0, 20))
        end = begin + draw(st.integers(0, 8))
        lots.append((draw(st.integers(0, 1)), begin, end, end + draw(st.integers(-1, 15))))
    return sorted(lots)


@given(standing(), st.lists(st.integers(1, 3), min_size=2, max_size=2))
def test_lots_make_room_as_in_the_slow_twin(lots: list[tuple[int, int, int, int]], slots: list[int]) -> None:
    """Whenever a task begins without a free slot, the lot that has stood longest goes."""
    machine, begin, end, leave = zip(*lots, strict=True)
    room = [slots[m] for m in machine]
    got = kernels.pushed_off(*(column(*c) for c in (machine, begin, end, leave, room)))
    wanted = [kernels.FOREVER] * len(lots)
    for r in range(len(lots)):  # by machine and begin
        t, there = begin[r], [q for q in range(r) if machine[q] == machine[r]]
        busy = 1 + sum(end[q] > t for q in there)
        stays = sorted((end[q], q) for q in there if end[q] <= t < leave[q] and wanted[q] == kernels.FOREVER)
        for _, q in stays[: max(0, busy + len(stays) - room[r])]:
            wanted[q] = t
    assert got.tolist() == wanted
