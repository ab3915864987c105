"""Batch machines: who goes together, how long they wait for others, what a start writes down and what a failure puts back."""

import math
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.decode.bench import PLAIN, Bench

from fong.plan.decode import _kernels_layout as lay
from fong.plan.decode.rule import Rule

batch = PLAIN["batch"]
flow = PLAIN["flow"]
NOW = 10


@st.composite
def washers(draw: st.DrawFn) -> dict[str, Any]:
    """Lots in the queue of one washer that is set up for them; a tool, a material, a rack behind, somebody who loads."""
    n = draw(st.integers(1, 6))

    def column(values: st.SearchStrategy[int]) -> list[int]:
        return [draw(values) for _ in range(n)]

    uses = [draw(st.integers(0, 2)) for _ in range(n)]
    return {
        "jobs": [1] * n,
        "machines": 1,
        "modes": [[(0, draw(st.integers(3, 9)))] for _ in range(n)],
        "op_pieces": column(st.integers(1, 3)),
        "step_batch_milli": column(st.sampled_from((300, 500, 1000))),
        "machine_batch_milli": [draw(st.integers(3000, 6000))],
        "machine_batch_wait_s": [draw(st.sampled_from((0, 0, 4, 12)))],
        "step_family": column(st.sampled_from((0, 0, 0, 1))),
        "step_run_skill": [draw(st.integers(-1, 0))] * n if draw(st.booleans()) else column(st.integers(-1, 0)),
        "step_attend_s": column(st.integers(0, 3)),
        "step_tool": column(st.sampled_from((-1, -1, 0))),
        "tool_quantity": [draw(st.integers(0, 2))],
        "use_ptr": list(range(n + 1)),
        "use_item": [0] * n,
        "use_micro": uses,
        "stock_micro": [draw(st.integers(0, 12))],
        "people": 1,
        "skills": [[0]],
        "calendars": [[(0, draw(st.integers(NOW - 1, NOW + 3))), (NOW + 5, 99)]],
        "machine_calendar": [draw(st.sampled_from((-1, -1, 0)))],
        "person_calendar": [draw(st.sampled_from((-1, -1, 0)))],
        "horizon_s": 99,
    }


def bench(c: dict[str, Any], ready: list[int], wait: float = 1.0) -> Bench:
    b = Bench(Rule(name="fifo", batch_wait=wait), **c)
    for lot in range(len(ready)):
        b.lot[lot, lay.READY] = ready[lot]
        flow.enqueue(b.k, lot)
    return b


class Washer:
    """The same in plain Python: lots are numbers, in the order of the queue."""

    def __init__(self, c: dict[str, Any], ready: list[int]) -> None:
        self.c, self.ready = c, ready
        self.stock, self.tools = c["stock_micro"][0], c["tool_quantity"][0]

    def fills(self, lot: int) -> int:
        return int(self.c["op_pieces"][lot] * self.c["step_batch_milli"][lot])

    def takes(self, lot: int) -> int:
        return int(self.c["op_pieces"][lot] * self.c["use_micro"][lot])

    def open(self, name: str, t: int) -> bool:
        return self.c[name][0] < 0 or any(a <= t < b for a, b in self.c["calendars"][0])

    def loadable(self, seconds: int) -> bool:
        """Whether somebody could load for so long from now on, at once; machine and loader at work."""
        names = ("machine_calendar", "person_calendar")
        return all(self.open(name, t) for name in names for t in range(NOW, NOW + max(1, seconds)))

    def joins(self, lot: int, seed: int, room: int) -> bool:
        alike = all(self.c[x][lot] == self.c[x][seed] for x in ("step_family", "step_run_skill"))
        there = (self.c["step_tool"][lot] < 0 or self.tools > 0) and self.takes(lot) <= self.stock
        return lot != seed and alike and there and self.ready[lot] <= NOW and self.fills(lot) <= room

    def waits(self, seed: int, room: int) -> int | None:
        """Until when the batch waits for others; None: no more. Those who could come now are counted in the queue's order."""
        first = self.ready[seed]
        for lot in range(len(self.ready)):
            if self.joins(lot, seed, room):
                room -= self.fills(lot)
                first = min(first, self.ready[lot])
        until = first + self.c["machine_batch_wait_s"][0]
        nearly_full = room * 10 <= self.c["machine_batch_milli"][0]
        return None if nearly_full or until <= NOW else until

    def why_not(self, seed: int, room: int) -> int:
        """The first thing that is in the way of a batch with this lot."""
        ways = (
            (not self.open("machine_calendar", NOW), lay.W_CLOSED),
            (self.c["step_tool"][seed] == 0 and self.tools == 0, lay.W_TOOL),
            (self.takes(seed) > self.stock, lay.W_MATERIAL),
            (self.c["machine_batch_wait_s"][0] > 0 and self.waits(seed, room) is not None, lay.W_BATCH),
            (self.c["step_run_skill"][seed] == 0 and not self.loadable(self.c["step_attend_s"][seed]), lay.W_PERSON),
        )
        return next((why for there, why in ways if there), lay.OK)

    def members(self, seed: int, room: int) -> list[int]:
        """The seed, then who came first, as far as there is room and a tool."""
        out = [seed]
        self.tools -= self.c["step_tool"][seed] == 0
        while True:
            able = [x for x in range(len(self.ready)) if x not in out and self.joins(x, seed, room)]
            if room <= 0 or not able:
                return out
            lot = min(able, key=lambda x: (self.ready[x], x))
            self.tools -= self.c["step_tool"][lot] == 0
            room -= self.fills(lot)
            out.append(lot)


@settings(max_examples=200)
@given(washers(), st.integers(0, 5), st.data())
def test_a_batch_begins(c: dict[str, Any], seed: int, data: st.DataObject) -> None:
    """All or nothing: why not, and the queue as it was; or the members, the longest cycle, what they take, who loads."""
    n = len(c["modes"])
    seed %= n
    ready = [data.draw(st.sampled_from((NOW - 9, NOW - 4, NOW - 1, NOW, NOW, NOW + 1))) for _ in range(n)]
    ready[seed] = min(ready[seed], NOW)
    c["machine_family"] = [c["step_family"][seed]]
    b, twin = bench(c, ready), Washer(c, ready)
    room = c["machine_batch_milli"][0] - twin.fills(seed)
    assert all(batch.batch_units(b.k, lot) == twin.fills(lot) for lot in range(n))
    assert [batch.goes_with(b.k, x, seed, room, NOW) for x in range(n)] == [twin.joins(x, seed, room) for x in range(n)]
    loads = c["step_attend_s"][seed]
    by_hand = c["step_run_skill"][seed] == 0
    assert batch.loader_there(b.k, seed, c["machine_calendar"][0], NOW) == (not by_hand or twin.loadable(loads))
    wanted = twin.why_not(seed, room)
    until = twin.waits(seed, room)
    members = [] if wanted else twin.members(seed, room)
    attend = max([0, *(c["step_attend_s"][x] for x in members)]) if by_hand else 0
    if by_hand and members and not twin.loadable(attend):
        wanted = lay.W_PERSON  # all together take too long
    assert batch.begin_batch(b.k, seed, 0, 0, NOW) == wanted
    if wanted:
        assert b.unit[0, lay.U_STATE] == lay.IDLE
        assert (b.part("stock")[0], b.part("tool")[0]) == (c["stock_micro"][0], c["tool_quantity"][0])
        assert sorted(b.queue(0)) == list(range(n))
        assert not b.op[:, lay.SPREAD].any()
        assert b.events() == ([(until, lay.E_CHECK, 0)] if wanted == lay.W_BATCH else [])
        return
    # what each takes may leave nothing for the next: those go back to the end of the queue
    cycle = max(c["modes"][x][0][1] for x in members)
    stays: list[int] = []
    for x in members:
        if twin.takes(x) <= twin.stock:
            twin.stock -= twin.takes(x)
            stays.append(x)
        else:
            twin.tools += c["step_tool"][x] == 0
    hall = [t for t in range(NOW, 99) if twin.open("machine_calendar", t)]
    end = hall[cycle - 1] + 1
    assert b.chain(seed) == stays
    assert b.queue(0) == [*(x for x in range(n) if x not in members), *(x for x in members if x not in stays)]
    for x in stays:
        row = b.lot[x]
        assert row[[lay.START, lay.END, lay.PERSON]].tolist() == [NOW, end, 0 if by_hand else -1]
        assert row[[lay.BATCH_ID, lay.SETUP_START, lay.UNIT]].tolist() == [1, -1, 0]
        assert b.op[x, [lay.OP_END, lay.UNSTARTED, lay.SPREAD]].tolist() == [end, 0, 1]
    assert (b.part("stock")[0], b.part("tool")[0]) == (twin.stock, twin.tools)
    unit = b.unit[0, [lay.U_STATE, lay.U_LOT, lay.U_SINCE, lay.U_END, lay.U_FAMILY]]
    assert unit.tolist() == [lay.RUNNING, seed, NOW, end, c["step_family"][seed]]
    held = NOW + attend if attend else 0
    assert b.person[0, lay.FREE_AT] == held
    assert set(b.events()) == {(end, lay.E_END, 0), *([(held, lay.E_PERSON, 0)] if held else [])}


@given(washers(), st.integers(1, 6))
def test_a_batch_is_set_up(c: dict[str, Any], setup: int) -> None:
    """Once for all members; they are loaded when it is done, by the same rules."""
    n = len(c["modes"])
    c |= {
        "modes": [[(0, s, setup)] for [(_, s)] in c["modes"]],
        "machine_family": [2],
        "families": 3,
        "machine_batch_wait_s": [0],
        "machine_calendar": [-1],
        "person_calendar": [-1],
        "step_setup_skill": [0] * n,
        "stock_micro": [99],
        "step_tool": [-1] * n,
    }
    ready = [0] * n
    b, twin = bench(c, ready), Washer(c, ready)
    assert batch.begin_batch(b.k, 0, 0, 0, NOW) == lay.OK
    members = twin.members(0, c["machine_batch_milli"][0] - twin.fills(0))
    assert b.chain(0) == members
    assert b.unit[0, lay.U_STATE] == lay.SETTING
    assert b.lot[0, [lay.SETUP_START, lay.SETUP_PERSON]].tolist() == [NOW, 0]
    assert set(b.events()) == {(NOW + setup, lay.E_SETUP, 0), (NOW + setup, lay.E_PERSON, 0)}
    b.person[0, lay.FREE_AT] = NOW
    PLAIN["start"].setup_over(b.k, 0, NOW + setup)
    assert b.unit[0, [lay.U_STATE, lay.U_FAMILY]].tolist() == [lay.PENDING, c["step_family"][0]]
    assert batch.load_run(b.k, 0, NOW + setup) == lay.OK
    for x in members:
        times = b.lot[x, [lay.SETUP_START, lay.SETUP_END, lay.SETUP_PERSON, lay.START]]
        assert times.tolist() == [NOW, NOW + setup, 0, NOW + setup]
    cycle = max(c["modes"][x][0][1] for x in members)
    assert math.isclose(b.unit[0, lay.U_END], NOW + setup + cycle)


@given(st.lists(st.booleans(), min_size=1, max_size=4), st.integers(0, 3))
def test_a_rack_behind_the_washer(chosen: list[bool], room: int) -> None:
    """A batch takes room for each of its lots when it begins; those who find none go back."""
    n = len(chosen)
    b = Bench(
        jobs=[2] * n,
        machines=2,
        modes=[[(0, 5)], [(1, 5)]] * n,
        machine_batch_milli=[9000, 0],
        step_place=[0, -1] * n,
        place_lots=[room],
    )
    for op in range(n):
        b.lot[2 * op, lay.READY] = 0
        flow.enqueue(b.k, 2 * op)
    got = batch.begin_batch(b.k, 0, 0, 0, NOW)
    assert got == (lay.OK if room else lay.W_PLACE)
    inside = min(room, n)
    assert b.part("place")[0] == room - inside
    assert [lot for lot in range(0, 2 * n, 2) if b.lot[lot, lay.START] == NOW] == list(range(0, 2 * inside, 2))
    assert sorted(b.queue(0)) == list(range(2 * inside, 2 * n, 2))


def test_those_who_waited_for_the_washer_leave() -> None:
    """The lots of a batch leave the rack where they stood: room for two more."""
    b = Bench(
        jobs=[2, 2],
        machines=2,
        modes=[[(1, 5)], [(0, 5)]] * 2,
        machine_batch_milli=[9000, 0],
        step_place=[0, -1, 0, -1],
        place_lots=[2],
    )
    b.part("place")[0] = 0
    for lot in (0, 2):
        b.lot[lot, lay.STATE] = lay.L_DONE
        b.lot[lot + 1, lay.READY] = 0
        flow.enqueue(b.k, lot + 1)
    assert batch.begin_batch(b.k, 1, 0, 0, NOW) == lay.OK
    assert b.part("place")[0] == 2


def test_a_batch_that_is_nearly_full_does_not_wait() -> None:
    """With a tenth of the room left it goes; with more it waits for others until the first lot's limit."""
    for fills, wanted in ((2700, lay.OK), (2699, lay.W_BATCH)):
        b = Bench(
            Rule(name="fifo", batch_wait=1.0),
            jobs=[1],
            machines=1,
            modes=[[(0, 5)]],
            step_batch_milli=[fills],
            machine_batch_milli=[3000],
            machine_batch_wait_s=[20],
        )
        b.lot[0, lay.READY] = 0
        flow.enqueue(b.k, 0)
        assert batch.begin_batch(b.k, 0, 0, 0, NOW) == wanted
