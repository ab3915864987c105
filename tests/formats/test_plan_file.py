"""Plan files: what is written is read back; plans of other workshops and bad numbers are refused by name."""

import json
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fong import lang
from fong._kernels import freeze
from fong.errors import InputFault
from fong.formats.benchmark import read_benchmark
from fong.formats.nouns import to_workshop
from fong.formats.plan_file import read_plan, write_plan
from fong.formats.reading import read_tables
from fong.model import Fault, Names, Problem, Schedule

EPOCH = datetime(2026, 3, 2, 8, tzinfo=ZoneInfo("Asia/Hong_Kong"))


def i32(*values: int) -> Any:
    return freeze(list(values), np.int32)


# Two lines of an item with two steps; Mei has two rows: by day and by night.
PROBLEM = Problem(
    epoch=EPOCH,
    names=Names(
        orders=(("1001", 1), ("1001", 2)),
        items=("A", "A"),
        sequences=(10, 20),
        steps=("knit", "link"),
        machines=("K1", "縫盤"),
        people=("Mei", "Ka", "Mei"),
    ),
    job_ptr=i32(0, 2, 4),
    op_step=i32(0, 1, 0, 1),
    op_pieces=i32(5, 4, 7, 6),
    machines=2,
    people=3,
    person_calendar=i32(0, 0, 1),
    cal_ptr=i32(0, 1, 2),
    win_open_s=i32(0, 1000),
    win_close_s=i32(1000, 2000),
)
PLAN = Schedule(
    op=i32(0, 1, 2, 3, 3),
    machine=i32(0, -1, 0, 1, 1),
    start=i32(100, 400, 500, 1100, 1200),
    end=i32(300, 450, 800, 1150, 1250),
    sublot=i32(0, 0, 0, 0, 1),
    pieces=i32(5, 4, 7, 4, 2),
    batch=i32(-1, -1, -1, 3, 3),
    setup_start=i32(50, -1, -1, -1, -1),
    setup_end=i32(100, -1, -1, -1, -1),
    setup_person=i32(0, -1, -1, -1, -1),
    person=i32(-1, 1, -1, 2, 2),
)


def same(a: Schedule, b: Schedule) -> bool:
    """Whether two schedules say the same, whatever they leave out."""
    absent = {"sublot": 0, "pieces": 0}
    return all(
        (a.filled(f.name, absent.get(f.name, -1)) == b.filled(f.name, absent.get(f.name, -1))).all() for f in fields(a)
    )


def refused(data: bytes, problem: Problem = PROBLEM) -> list[tuple[str, int | None, str]]:
    """Code, task and key of each fault; every one can be said."""
    with pytest.raises(InputFault) as raised:
        read_plan(data, problem)
    faults = [f for f in raised.value.faults if isinstance(f, Fault)]
    for f in faults:
        assert all(
            lang.text(c, f.message.params, x) for x in lang.LANGUAGES for c in (f.message.code, f"{f.message.code}.how")
        )
    return [(f.message.code.partition(".")[2], f.place.row, f.place.column) for f in faults]


def plan(**change: Any) -> dict[str, Any]:
    """The plan as an object, its last task changed."""
    whole: dict[str, Any] = json.loads(write_plan(PROBLEM, PLAN))
    whole["tasks"][-1].update(change)
    return whole


def bytes_of(whole: dict[str, Any]) -> bytes:
    return json.dumps(whole).encode()


def test_layout_of_a_workshops_plan() -> None:
    """Keys and their order are as the reference page says; more keys come last."""
    data = write_plan(PROBLEM, PLAN, objective=12, bound=10.5, extra={"status": "feasible"})
    whole = json.loads(data)
    assert list(whole) == ["epoch", "unit", "objective", "bound", "tasks", "status"]
    assert (whole["epoch"], whole["unit"]) == ("2026-03-02T08:00:00+08:00", "s")
    assert whole["tasks"][0] == {
        "order": "1001",
        "line": 1,
        "sequence": 10,
        "sublot": 0,
        "quantity": 5,
        "machine": "K1",
        "batch": None,
        "setup_start": 50,
        "setup_end": 100,
        "setup_person": "Mei",
        "start": 100,
        "end": 300,
        "person": None,
    }
    assert whole["tasks"][1]["machine"] is None


def test_round_trip_of_a_workshops_plan() -> None:
    """A plan comes back as it was; of two rows of one person the one on duty is meant."""
    again = read_plan(write_plan(PROBLEM, PLAN), PROBLEM)
    assert same(again, PLAN)
    assert again.person.tolist() == [-1, 1, -1, 2, 2]


def test_absent_columns_stay_absent() -> None:
    """A plan without batches, set-ups and people has no such columns; pieces are the operation's."""
    bare = Schedule(op=i32(0, 1), machine=i32(0, 1), start=i32(0, 9), end=i32(5, 12))
    again = read_plan(write_plan(PROBLEM, bare), PROBLEM)
    assert [len(getattr(again, n)) for n in ("sublot", "batch", "setup_start", "setup_person", "person")] == [0] * 5
    assert again.pieces.tolist() == [5, 4]


FAULTS: dict[str, tuple[dict[str, Any], tuple[str, int | None, str]]] = {
    "unknown order": (plan(order="9"), ("plan_order", 5, "order")),
    "unknown line": (plan(line=3), ("plan_order", 5, "order")),
    "line is no number": (plan(line=1.5), ("plan_order", 5, "order")),
    "unknown step": (plan(sequence=30), ("plan_step", 5, "sequence")),
    "unknown machine": (plan(machine="K9"), ("plan_machine", 5, "machine")),
    "machine by number": (plan(machine=0), ("plan_machine", 5, "machine")),
    "unknown person": (plan(person="Nobody"), ("plan_person", 5, "person")),
    "text for a time": (plan(start="noon"), ("plan_number", 5, "start")),
    "part of a second": (plan(end=12.5), ("plan_number", 5, "end")),
    "truth for a time": (plan(end=True), ("plan_number", 5, "end")),
    "before now": (plan(start=-1), ("plan_number", 5, "start")),
    "too late": (plan(end=2**31), ("plan_number", 5, "end")),
    "null time": (plan(start=None), ("plan_number", 5, "start")),
    "list for a time": (plan(setup_start=[1]), ("plan_number", 5, "setup_start")),
    "other moment": (plan() | {"epoch": "2026-03-03T08:00:00+08:00"}, ("plan_epoch", None, "epoch")),
    "no moment": (plan() | {"epoch": "soon"}, ("not_date", None, "epoch")),
    "minutes": (plan() | {"unit": "min"}, ("plan_unit", None, "unit")),
}


@pytest.mark.parametrize("case", FAULTS)
def test_fault_of_a_plan(case: str) -> None:
    """What is wrong is told with its task and key, and nothing else."""
    whole, wanted = FAULTS[case]
    assert refused(bytes_of(whole)) == [wanted]


def test_missing_keys_are_told() -> None:
    """A task without a needed key is told; sublot, batch and set-up may be left out."""
    whole = plan()
    for key in ("end", "machine"):
        del whole["tasks"][0][key]
    assert sorted(refused(bytes_of(whole))) == [("required", 1, "end"), ("required", 1, "machine")]
    whole = plan()
    for task in whole["tasks"]:
        for key in ("sublot", "batch", "setup_start", "setup_end"):
            del task[key]
    assert read_plan(bytes_of(whole), PROBLEM).setup_start.tolist() == []


def test_plan_of_another_workshop_is_one_fault() -> None:
    """If no order is known, it is another workshop's plan, and that is all that is said."""
    other = replace(PROBLEM, names=replace(PROBLEM.names, orders=(("7", 1), ("8", 1))))
    assert refused(write_plan(PROBLEM, PLAN), other) == [("other_plan", None, "")]


@pytest.mark.parametrize("data", [b"[]", b"{}", b'{"tasks": 3}', b'{"tasks": [1]}'])
def test_what_is_no_plan(data: bytes) -> None:
    """A file without a list of tasks is no plan."""
    assert refused(data) == [("not_a_plan", None, "")]


def test_batches_may_have_any_ids() -> None:
    """Words for batches are numbered in the order of their first use."""
    whole = plan(batch="b")
    whole["tasks"][0]["batch"] = "a"
    whole["tasks"][3]["batch"] = "b"
    assert read_plan(bytes_of(whole), PROBLEM).batch.tolist() == [0, -1, -1, 1, 1]


def test_moment_without_offset_is_the_workshops() -> None:
    """A plan written by hand may name its moment in local time."""
    assert len(read_plan(bytes_of(plan() | {"epoch": "2026-03-02T08:00"}), PROBLEM)) == 5


@pytest.mark.parametrize("case", ["01", "05", "07", "09", "11b"])
@pytest.mark.may_skip("sample data may be absent")
def test_golden_plans_are_read(case: str, shared: Path) -> None:
    """The expected plans of the golden cases, and their faulty twins, are plan files."""
    from fong.model.build import build

    folder = shared / "tools" / "golden" / f"case{case}"
    workshop = to_workshop(read_tables("x", {f.name: f.read_bytes() for f in folder.glob("*.csv")}))
    whole = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    problem = build(workshop)
    first = read_plan(json.dumps(whole).encode(), problem)
    assert first.end.tolist() == [t["end"] for t in whole["tasks"]]
    again = json.loads(write_plan(problem, first))
    assert again["tasks"] == whole["tasks"]
    for twin in whole["faulty"]:
        assert len(read_plan(json.dumps(whole | {"tasks": twin["tasks"]}).encode(), problem)) == len(twin["tasks"])


# Benchmark instances.

INSTANCE = read_benchmark("x.txt", b"2 2\n0 3 1 2\n1 4 0 1\n")


def test_layout_of_an_instances_plan() -> None:
    """Tasks have the instance's own numbers; what was found comes after them."""
    solved = Schedule(op=i32(2, 0), machine=i32(1, 0), start=i32(0, 0), end=i32(4, 3))
    whole = json.loads(write_plan(INSTANCE, solved, objective=7, bound=6, extra={"seed": 1}))
    assert list(whole) == ["tasks", "objective", "bound", "seed"]
    assert whole["tasks"][0] == {"job": 1, "step": 0, "machine": 1, "person": None, "start": 0, "end": 4}


@given(st.permutations(range(4)), st.lists(st.integers(0, 10**6), min_size=4, max_size=4))
def test_round_trip_of_an_instances_plan(order: list[int], starts: list[int]) -> None:
    """A plan comes back as it was, rows in their order."""
    op = i32(*order)
    solved = Schedule(
        op=op,
        machine=freeze(INSTANCE.mode_machine[op], np.int32),
        start=i32(*starts),
        end=i32(*[s + 1 for s in starts]),
    )
    assert same(read_plan(write_plan(INSTANCE, solved), INSTANCE), solved)


INSTANCE_FAULTS: dict[str, tuple[dict[str, Any], tuple[str, int | None, str]]] = {
    "unknown job": ({"job": 2}, ("plan_operation", 2, "step")),
    "unknown step": ({"step": 2}, ("plan_operation", 2, "step")),
    "unknown machine": ({"machine": 2}, ("plan_machine", 2, "machine")),
    "negative": ({"start": -1}, ("plan_number", 2, "start")),
    "text": ({"job": "1"}, ("plan_number", 2, "job")),
}


@pytest.mark.parametrize("case", INSTANCE_FAULTS)
def test_fault_of_an_instances_plan(case: str) -> None:
    """What is wrong is told with its task and key."""
    change, wanted = INSTANCE_FAULTS[case]
    task = {"job": 0, "step": 0, "machine": 0, "person": None, "start": 0, "end": 3}
    assert refused(bytes_of({"tasks": [task, task | change]}), INSTANCE) == [wanted]


def test_plan_of_another_instance() -> None:
    """If no job and step is known, it is another instance's plan."""
    task = {"job": 5, "step": 0, "machine": 0, "start": 0, "end": 3}
    assert refused(bytes_of({"tasks": [task]}), INSTANCE) == [("other_plan", None, "")]
