"""Limited places between steps: racks, the machines that lots block meanwhile, and work that ran at the start. Played with lists."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan.decode.bench import PLAIN, Bench

from fong.plan.decode import _kernels_layout as lay

flow = PLAIN["flow"]
events = PLAIN["events"]

MACHINES, WASHER, HANDS, RUNS = range(4)
"""How a job's first step is made: on a machine, as a batch, by hand, or on a machine since before the start."""


@dataclass
class Rack:
    """A rack, and the lots that stand on their machines because it is full. Lots are numbers of jobs."""

    room: int
    there: list[int] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)  # room for lots that still run and cannot stay where they are
    standing: dict[int, int] = field(default_factory=dict)  # machine → lot
    gone: set[int] = field(default_factory=set)  # whose next step has begun

    def free(self) -> int:
        return self.room - len(self.there) - len(self.kept)

    def ends(self, lot: int, machine: int) -> None:
        """The lot's run ends on its machine; -1: by hand or in a batch, where room was kept for it."""
        if machine < 0:
            self.kept.remove(lot)
            if lot not in self.gone:
                self.there.append(lot)
        elif lot in self.gone:
            return
        elif self.free() > 0:
            self.there.append(lot)
        else:
            self.standing[machine] = lot

    def leaves(self, lot: int) -> None:
        """The next step begins: the lot leaves rack or machine, and others move up, the lowest machine first."""
        self.gone.add(lot)
        if lot in self.there:
            self.there.remove(lot)
        self.standing = {m: x for m, x in self.standing.items() if x != lot}

    def move_up(self) -> None:
        for machine in sorted(self.standing):
            if self.free() > 0:
                self.there.append(self.standing.pop(machine))


@st.composite
def shops(draw: st.DrawFn) -> tuple[dict[str, Any], list[int]]:
    """Jobs of two steps with the rack between them; each first step on its own machine, so that no order is forbidden."""
    kinds = draw(st.lists(st.sampled_from((MACHINES, MACHINES, WASHER, HANDS, RUNS)), min_size=2, max_size=5))
    n = len(kinds)
    running = [j for j, kind in enumerate(kinds) if kind == RUNS]
    c: dict[str, Any] = {
        "jobs": [2] * n,
        "machines": n + 1,
        "modes": [m for j, kind in enumerate(kinds) for m in ([] if kind == HANDS else [(j, 5)], [(n, 5)])],
        "step_run_skill": [x for kind in kinds for x in (0 if kind == HANDS else -1, -1)],
        "people": 1,
        "skills": [[0]],
        "step_place": [0, -1] * n,
        "place_lots": [draw(st.integers(0, 2))],
        "machine_batch_milli": [9000 if kind == WASHER else 0 for kind in [*kinds, MACHINES]],
        "op_pieces": [x for kind in kinds for x in (0 if kind == RUNS else 1, 1)],
        "op_total": [1] * (2 * n),
        "wip_op": [2 * j for j in running],
        "wip_machine": running,
        "wip_start_s": [-5] * len(running),
        "wip_end_s": [5] * len(running),
    }
    return c, kinds


@settings(max_examples=150)
@given(shops(), st.data())
def test_the_rack(made: tuple[dict[str, Any], list[int]], data: st.DataObject) -> None:
    """Starts, ends and departures in any order: what is in the rack, who stands on his machine, who may start at all."""
    c, kinds = made
    b = Bench(**c)
    rack = Rack(c["place_lots"][0])
    lot_of = {int(op) // 2: i for i, op in enumerate(b.lots.op) if op % 2 == 0}
    running = {j: j for j, kind in enumerate(kinds) if kind == RUNS}
    for j in running:
        b.unit[j, [lay.U_STATE, lay.U_LAST_OP, lay.U_END]] = lay.RUNNING, 2 * j, 5
    idle, done = [j for j in range(len(kinds)) if kinds[j] != RUNS], list[int]()
    while idle or running or len(rack.gone) < len(kinds):
        moves = [("start", j) for j in idle] + [("end", j) for j in running]
        moves += [("leave", j) for j in [*running, *done] if j not in rack.gone]
        move, j = data.draw(st.sampled_from(moves))
        by_hand = kinds[j] in {WASHER, HANDS}
        if move == "start":
            assert flow.wants_room(b.k, 2 * j) == by_hand
            assert flow.has_room(b.k, 2 * j) == (not by_hand or rack.free() > 0)
            if by_hand and rack.free() <= 0:
                idle.remove(j)  # it never starts in this story
                rack.gone.add(j)
                continue
            idle.remove(j)
            flow.keep_room(b.k, 2 * j)
            rack.kept += [j] if by_hand else []
            if kinds[j] != HANDS:
                b.unit[j, [lay.U_STATE, lay.U_LOT]] = lay.RUNNING, lot_of[j]
                b.lot[lot_of[j], lay.UNIT] = j
            running[j] = -1 if by_hand else j
        elif move == "end":
            assert flow.may_block(b.k, 2 * j) == (j not in rack.gone)
            if kinds[j] == RUNS:
                index = c["wip_op"].index(2 * j)
                events.on_wip(b.k, index, 5)
            elif kinds[j] == HANDS:
                events.on_hand(b.k, lot_of[j], 5)
            else:
                events.on_end(b.k, j, 5)
            rack.ends(j, running.pop(j))
            rack.move_up()
            done.append(j)
        else:
            flow.leave_places(b.k, 2 * j + 1)
            rack.leaves(j)
            rack.move_up()
        assert b.part("place")[0] == rack.free()
        standing = {u for u in range(len(kinds)) if b.unit[u, lay.U_STATE] == lay.BLOCKED}
        assert standing == set(rack.standing)
        assert all(flow.op_on(b.k, u) == 2 * rack.standing[u] for u in standing)
        assert all(b.unit[u, lay.U_STATE] == lay.IDLE for u in done if u not in standing and kinds[u] != HANDS)


def test_a_batch_whose_lot_is_gone_frees_its_room() -> None:
    """The next step's set-up has begun while the batch ran: at its end another lot moves up into the room that was kept."""
    c: dict[str, Any] = {"jobs": [2, 2], "machines": 3, "modes": [[(0, 5)], [(2, 5)], [(1, 5)], [(2, 5)]]}
    c |= {"step_place": [0, -1] * 2, "place_lots": [1], "machine_batch_milli": [9000, 0, 0]}
    b = Bench(**c, op_pieces=[1] * 4)
    flow.keep_room(b.k, 0)
    for unit in (0, 1):
        lot = int(np.flatnonzero(b.lots.op == 2 * unit)[0])
        b.unit[unit, [lay.U_STATE, lay.U_LOT]] = lay.RUNNING, lot
        b.lot[lot, lay.UNIT] = unit
    events.on_end(b.k, 1, 5)
    assert b.unit[1, lay.U_STATE] == lay.BLOCKED
    flow.leave_places(b.k, 1)
    assert b.unit[1, lay.U_STATE] == lay.BLOCKED
    events.on_end(b.k, 0, 6)
    assert b.unit[1, lay.U_STATE] == lay.IDLE
    assert b.part("place")[0] == 0


def test_the_last_step_needs_no_place() -> None:
    """Nothing follows it: neither room nor a machine is kept."""
    b = Bench(jobs=[1], machines=1, modes=[[(0, 5)]], step_place=[0], place_lots=[0])
    assert not flow.may_block(b.k, 0)
    assert not flow.wants_room(b.k, 0)
    assert flow.has_room(b.k, 0)
