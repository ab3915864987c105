"""From a problem and a schedule to rows, bars and orders."""

import pytest
from tests.model.made import plan, problem, row
from tests.render.plans import H, knitting, rows, small_view

from fong.model import NEVER, Schedule
from fong.render import PlanView, view_of
from fong.render.view import RowKind


def test_rows_are_machines_then_what_no_machine_does(view: PlanView) -> None:
    """Machines in their order with group and zone; then steps done by hand or outside, a row each."""
    assert [(m.name, m.kind, m.group, m.zone) for m in view.machines] == [
        ("K1", RowKind.MACHINE, "flat", 0),
        ("K2", RowKind.MACHINE, "flat", 0),
        ("W1", RowKind.MACHINE, "washers", -1),
        ("link", RowKind.HAND, "", -1),
        ("plate", RowKind.OUTSIDE, "", -1),
    ]
    assert [(p.name, p.zone) for p in view.people] == [("Ann", 0), ("Ben", -1), ("Cy", -1)]
    assert [(z.name, z.limit[0]) for z in view.zones] == [("knitting", (0, 3))]


def test_bars_are_by_start_with_work_in_progress(view: PlanView) -> None:
    """Every task is a bar, by start; what runs already comes first and is told apart."""
    assert len(view.bars) == len(rows()) + 1
    assert view.bars.start.tolist() == sorted(view.bars.start.tolist())
    first = view.bar(0)
    assert (first.order.label, first.step, first.machine, first.run, first.running) == (
        "1003", "knit", "K2", (-H, 900), True,
    )  # fmt: skip
    assert first.pieces == 2


def test_a_bar_has_names(view: PlanView) -> None:
    """A bar on demand says who, what, where and when."""
    bar = next(b for b in view.all_bars() if b.order.label == "1001/1" and b.step == "knit")
    assert (bar.setup, bar.setup_person, bar.run, bar.pieces, bar.sequence) == ((0, 900), "Cy", (900, 79_260), 20, 10)
    link = next(b for b in view.all_bars() if b.order.label == "1001/1" and b.step == "link")
    assert (link.machine, link.person, link.held_until_s, link.setup) == ("", "Ben", 97_200, None)


def test_a_batch_lets_go_of_its_person_after_loading(view: PlanView) -> None:
    """The washer's person is held for the 600 s of loading."""
    wash = next(b for b in view.all_bars() if b.step == "wash")
    assert (wash.batch, wash.held_until_s - wash.run[0]) == (0, 600)


def test_waits_are_from_ready_to_begin(view: PlanView) -> None:
    """A lot waits from the end of the step before it to its own set-up or run."""
    waits = {(b.order.label, b.step): b.wait_s for b in view.all_bars()}
    assert waits["1001/1", "knit"] == 0
    assert waits["1001/1", "wash"] == 240
    assert waits["1001/1", "link"] == 2100
    assert waits["1002", "knit"] == 79_260
    assert waits["1003", "wash"] == 25_500


def test_lags_and_releases_are_no_waiting() -> None:
    """A lot that dries, or is not released yet, does not wait."""
    p = problem(
        jobs=[2], machines=1, modes=[[(0, 10)], [(0, 10)]], op_step=[1, 0], step_lag_s=[7, 30], job_release_s=[100]
    )
    v = view_of(p, plan([row(0, 0, 105, 115), row(1, 0, 150, 160)]), title="")
    assert v.bars.wait_s.tolist() == [5, 5]


def test_orders_know_their_end_and_lateness(view: PlanView) -> None:
    """Late is what ends after its date; the worst weighs most; an undated order is never late."""
    assert [(o.label, o.end_s, o.late_s) for o in view.orders] == [
        ("1001/1", 97_200, 7200),
        ("1001/2", 85_200, 0),
        ("1002", 282_200, 82_200),
        ("1003", 98_400, 0),
    ]
    assert view.late() == [0, 2]
    assert view.orders[0].customer == "Cloudline"
    assert view.orders[3].due_s is None


def test_a_graph_keeps_its_joins() -> None:
    """Orders that are no chain carry who comes before whom; chains do not."""
    p = problem(jobs=[3, 2], machines=1, modes=[[(0, 10)]] * 5, preds=[[], [], [0, 1], [], [3]])
    v = view_of(p, plan([row(i, 0, i * 10, i * 10 + 10) for i in range(5)]), title="")
    assert v.before == {0: ((), (), (0, 1))}
    assert v.bars.wait_s.tolist() == [0, 10, 0, 30, 0]


def test_a_benchmark_has_numbers_for_names() -> None:
    """Without names and dates an index is the name, a step is counted within its job."""
    p = problem(jobs=[2, 1], machines=2, modes=[[(0, 3)], [(1, 4)], [(0, 5)]])
    v = view_of(p, plan([row(0, 0, 0, 3), row(1, 1, 3, 7), row(2, 0, 3, 8)]), title="ft")
    assert v.clock is None
    assert [(b.order.label, b.step, b.machine, b.pieces) for b in v.all_bars()] == [
        ("0", "0", "0", 1), ("0", "1", "1", 1), ("1", "0", "0", 1),
    ]  # fmt: skip
    assert (v.begin_s, v.end_s) == (0, 8)


def test_an_empty_plan_can_be_shown() -> None:
    """No task at all: rows, and a window of some width."""
    v = view_of(problem(jobs=[1], machines=1, modes=[[(0, 3)]]), plan([]), title="")
    assert (len(v.bars), v.end_s > v.begin_s, v.orders[0].end_s) == (0, True, None)


def test_columns_are_read_only(view: PlanView) -> None:
    """Nobody can write into a view."""
    with pytest.raises(ValueError, match="read-only"):
        view.bars.start[0] = 1


@pytest.mark.parametrize("absent", ["pieces", "batch", "setup_start", "person", "sublot"])
def test_absent_columns_mean_their_default(absent: str) -> None:
    """A schedule may leave out columns that say nothing."""
    p = problem(jobs=[1], machines=1, modes=[[(0, 3)]], op_pieces=[5])
    full = plan([row(0, 0, 0, 15, pieces=5)])
    columns = {name: getattr(full, name) for name in Schedule.__dataclass_fields__ if name != absent}
    bar = view_of(p, Schedule(**columns), title="").bar(0)
    assert bar == view_of(p, full, title="").bar(0)
    assert bar.pieces == 5


def test_the_view_reaches_back_to_work_in_progress() -> None:
    """What began before now is in the window, and so is now."""
    v = small_view()
    assert (v.begin_s, v.end_s, v.now_s) == (-H, 282_200, 0)
    later = view_of(knitting(), plan(rows()), title="", now_s=400_000)
    assert later.end_s > later.now_s > NEVER // 10_000
