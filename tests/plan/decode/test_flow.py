"""Queues, marks, set-up times, materials and the flow from step to step: lists, sets and sums."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.naive import hours as naive
from tests.plan.decode.bench import PLAIN, Bench

from fong.plan.decode import _kernels_layout as lay
from fong.plan.decode.rule import Guidance, Rule

flow = PLAIN["flow"]
start = PLAIN["start"]
batch = PLAIN["batch"]


# ------------------------------------------------------------ queues and marks
@given(
    st.lists(st.integers(0, 7), max_size=40), st.one_of(st.none(), st.lists(st.integers(0, 3), min_size=8, max_size=8))
)
def test_queues(moves: list[int], keys: list[int] | None) -> None:
    """A lot goes to the end of its queue, or out of the midst of it: as with a list. In a given order it goes behind its equals."""
    told = Guidance(key=np.array(keys, float), machine=np.full(8, -1, np.int32)) if keys else None
    rule = Rule(name="sequence" if keys else "fifo")
    b = Bench(rule, guidance=told, jobs=[1] * 8, machines=2, modes=[[(i % 2, 1)] for i in range(8)])
    wanted: list[list[int]] = [[], []]
    for lot in moves:
        q = wanted[lot % 2]
        if lot in q:
            flow.dequeue(b.k, lot)
            q.remove(lot)
        else:
            flow.enqueue(b.k, lot)
            q.append(lot)
            if keys:
                q.sort(key=keys.__getitem__)
        assert [b.queue(i) for i in range(2)] == wanted
        assert b.lot[lot, lay.STATE] == (lay.L_QUEUED if lot in q else lay.L_TAKEN)


STATES = st.sampled_from((lay.IDLE, lay.IDLE, lay.PENDING, lay.RUNNING, lay.SETTING, lay.BLOCKED))


@st.composite
def floors(draw: st.DrawFn) -> tuple[dict[str, Any], Bench]:
    """Machines with queues of their own and a common one, and handwork; skills, a tool, a material that some steps need."""
    kinds: tuple[list[tuple[int, int]], ...] = ([(0, 1), (1, 1), (2, 1)], [(2, 1)], [(3, 1)], [])
    modes = [draw(st.sampled_from(kinds)) for _ in range(5)]
    skill = st.sampled_from((-1, 0, 1))
    c: dict[str, Any] = {
        "jobs": [1] * 5,
        "machines": 4,
        "modes": modes,
        "step_setup_skill": [draw(skill) if m else -1 for m in modes],
        "step_run_skill": [draw(skill) if m else draw(st.integers(0, 1)) for m in modes],
        "step_tool": [draw(st.sampled_from((-1, 0))) for _ in modes],
        "tool_quantity": [1],
        "use_ptr": [0, 1, 2, 2, 2, 2],
        "use_item": [0, 0],
        "use_micro": [1, 1],
        "stock_micro": [5],
        "people": 3,
        "skills": [[0, 1], [1, 2]],
    }
    b = Bench(**c)
    b.unit[:, lay.U_STATE] = [draw(STATES) for _ in range(4)]
    for lot in range(5):
        if draw(st.booleans()):
            flow.enqueue(b.k, lot)
    b.part("uniform")[:] = [draw(st.integers(0, 1)) for _ in b.part("uniform")]
    return c, b


def served(c: dict[str, Any]) -> list[list[int]]:
    """Which machines serve each queue, queues in the order in which steps name their machines; then the skills' own."""
    out: list[list[int]] = []
    for modes in c["modes"]:
        names = [m for m, _ in modes]
        if names and names not in out:
            out.append(names)
    return [*out, [], []]


def queue_of(c: dict[str, Any], step: int) -> int:
    names = [m for m, _ in c["modes"][step]]
    return served(c).index(names) if names else len(served(c)) - 2 + int(c["step_run_skill"][step])


def to_mark(b: Bench, units: list[int], q: int) -> list[int]:
    """Set-up units always; idle ones if the queue holds anything, of units that are all alike the first."""
    state = b.unit[:, lay.U_STATE]
    idle = [u for u in units if state[u] == lay.IDLE] if b.queue(q) else []
    looked = idle[:1] if b.part("uniform")[q] else idle
    return [u for u in units if state[u] == lay.PENDING or u in looked]


@given(floors(), st.lists(st.integers(0, 9), max_size=4))
def test_who_is_looked_at(made: tuple[dict[str, Any], Bench], queues: list[int]) -> None:
    """The units that serve a queue, each once; of handwork the queue itself."""
    c, b = made
    units, hands = list[int](), list[int]()
    for q in (q % len(served(c)) for q in queues):
        flow.mark_queue(b.k, q)
        if not served(c)[q]:
            hands += [q] if q not in hands else []
        else:
            units += [u for u in to_mark(b, served(c)[q], q) if u not in units]
    assert (b.marked(), b.hands()) == (units, hands)


@given(floors(), st.integers(0, 3))
def test_one_unit_more(made: tuple[dict[str, Any], Bench], u: int) -> None:
    """A unit that may take something is marked; after it the next idle one of its queue."""
    c, b = made
    flow.mark_unit(b.k, u)
    open_to_work = [u] if b.unit[u, lay.U_STATE] in {lay.IDLE, lay.PENDING} else []
    assert b.marked() == open_to_work
    for q, units in enumerate(served(c)):
        if u in units:
            after = [v for v in units[units.index(u) + 1 :] if b.unit[v, lay.U_STATE] == lay.IDLE]
            before = b.marked()
            flow.mark_next(b.k, q, u)
            assert b.marked() == before + [v for v in after[:1] if v not in before]


@given(floors(), st.integers(0, 3))
def test_who_waits_for_what(made: tuple[dict[str, Any], Bench], what: int) -> None:
    """Skill 0 or 1, the tool, the material: the queues of all steps that need it are looked at."""
    c, b = made
    needs = [
        what in {c["step_setup_skill"][s], c["step_run_skill"][s]}
        if what < 2
        else c["step_tool"][s] == 0
        if what == 2
        else s < 2
        for s in range(5)
    ]
    queues = sorted({queue_of(c, s) for s in range(5) if needs[s]})
    flow.mark_resource(b.k, what)
    units = [u for q in queues if served(c)[q] for u in to_mark(b, served(c)[q], q)]
    assert b.marked() == list(dict.fromkeys(units))
    assert b.hands() == [q for q in queues if not served(c)[q]]


@given(floors(), st.integers(0, 2))
def test_a_person_comes(made: tuple[dict[str, Any], Bench], who: int) -> None:
    """All that need one of his skills are looked at, and those skills are there again."""
    c, b = made
    own = {0: {0}, 1: {0, 1}, 2: {1}}[who]
    b.part("skill_out")[:] = 7
    flow.mark_person(b.k, who)
    assert b.part("skill_out").tolist() == [-1 if s in own else 7 for s in range(2)]
    needing = {queue_of(c, s) for s in range(5) if own & {c["step_setup_skill"][s], c["step_run_skill"][s]}}
    units = {u for q in needing if served(c)[q] for u in to_mark(b, served(c)[q], q)}
    assert set(b.marked()) == units
    assert set(b.hands()) == {q for q in needing if not served(c)[q]}


# ------------------------------------------------------------ set-ups, materials, tools
@given(
    st.integers(-1, 2),
    st.integers(-1, 2),
    st.integers(0, 9),
    st.dictionaries(st.tuples(st.integers(0, 1), st.integers(0, 2), st.integers(0, 2)), st.integers(0, 9)),
    st.integers(0, 1),
    st.integers(1, 2),
    st.booleans(),
)
def test_set_up_times(
    present: int,
    wanted: int,
    own: int,
    matrix: dict[tuple[int, int, int], int],
    group: int,
    slots: int,
    same: bool,  # noqa: FBT001
) -> None:
    """The step's own for unknown families and on several slots; else the matrix' row, else none within a family, the own between.

    Nothing after a sub-lot of the same operation.
    """
    cells = sorted(matrix)
    rows = [sum((g, a) < (x // 3, x % 3) for g, a, _ in cells) for x in range(7)] if cells else []
    b = Bench(
        jobs=[1],
        machines=1,
        modes=[[(0, 1, own)]],
        step_family=[wanted],
        machine_family=[present],
        machine_group=[group],
        machine_slots=[slots],
        families=3,
        setup_ptr=rows,
        setup_to=[to for _, _, to in cells],
        setup_s=[matrix[x] for x in cells],
    )
    b.unit[0, lay.U_LAST_OP] = 0 if same else -1
    known = present >= 0 and wanted >= 0
    told = matrix.get((group, present, wanted), 0 if present == wanted else own) if known else own
    assert flow.matrix_need(b.k, group, present, wanted, own) == told
    assert flow.setup_need(b.k, 0, 0, 0) == (0 if same else own if slots > 1 else told)


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4)), max_size=4),
    st.lists(st.integers(0, 12), min_size=3, max_size=3),
    st.integers(1, 4),
)
def test_material(uses: list[tuple[int, int]], stock: list[int], pieces: int) -> None:
    """A step takes so much of each material for each piece, and may start when all of it is there."""
    uses = list(dict(uses).items())
    b = Bench(
        jobs=[1],
        machines=1,
        modes=[[(0, 1)]],
        use_ptr=[0, len(uses)],
        use_item=[i for i, _ in uses],
        use_micro=[n for _, n in uses],
        stock_micro=stock,
    )
    rest = [s - pieces * sum(n for item, n in uses if item == i) for i, s in enumerate(stock)]
    assert flow.has_material(b.k, 0, pieces) == (min(rest[i] for i, _ in uses) >= 0 if uses else True)
    flow.take_material(b.k, 0, pieces)
    assert b.part("stock").tolist() == rest
    flow.take_material(b.k, 0, -pieces)
    assert b.part("stock").tolist() == stock


@given(st.integers(1, 40), st.integers(1, 7))
def test_cycles(pieces: int, at_once: int) -> None:
    """As many as it takes until all pieces are made."""
    b = Bench(jobs=[1], machines=1, modes=[[(0, 1)]], step_pieces_per_cycle=[at_once])
    assert flow.cycles_of(b.k, 0, pieces) == len(range(0, pieces, at_once))


# ------------------------------------------------------------ one step after the other
@st.composite
def graphs(draw: st.DrawFn) -> dict[str, Any]:
    """A job whose operations follow each other somehow, with lags, in one to three sub-lots, and a release."""
    n = draw(st.integers(2, 5))
    return {
        "jobs": [n],
        "machines": 1,
        "modes": [[(0, 1)] if draw(st.booleans()) else [] for _ in range(n)],
        "step_outside_s": [0] * n,
        "preds": [sorted(draw(st.sets(st.integers(0, i - 1)))) if i else [] for i in range(n)],
        "step_lag_s": [draw(st.integers(0, 5)) for _ in range(n)],
        "step_max_lot": [1] * n,
        "op_pieces": [draw(st.integers(1, 3)) for _ in range(n)],
        "job_release_s": [draw(st.integers(-3, 9))],
    }


@given(graphs(), st.data())
def test_when_operations_may_start(c: dict[str, Any], data: st.DataObject) -> None:
    """Once the last end of each one before is certain: at the latest of these ends with their lags, not before the release."""
    c["step_outside_s"] = [-1 if m else 9 for m in c["modes"]]
    b = Bench(**c)
    n = c["jobs"][0]
    ends: dict[int, list[int]] = {op: [] for op in range(n)}
    shown = {op for op in range(n) if not c["preds"][op]}
    t = 0
    while shown - {op for op in range(n) if len(ends[op]) == c["op_pieces"][op]}:
        open_now = sorted(op for op in shown if len(ends[op]) < c["op_pieces"][op])
        op = data.draw(st.sampled_from(open_now))
        t += data.draw(st.integers(0, 2))
        end = t + data.draw(st.integers(0, 6))
        lot = next(i for i, o in enumerate(b.lots.op) if o == op and b.lot[i, lay.END] < 0)
        before = b.events()
        flow.note_end(b.k, lot, end, t)
        ends[op].append(end)
        assert b.op[op, lay.OP_END] == max(ends[op])
        news = []
        for x in range(n):
            told = all(len(ends[a]) == c["op_pieces"][a] for a in c["preds"][x])
            if told and x not in shown:
                shown.add(x)
                ready = max([c["job_release_s"][0], *(max(ends[a]) + c["step_lag_s"][a] for a in c["preds"][x])])
                mine = [i for i, o in enumerate(b.lots.op) if o == x]
                assert [int(b.lot[i, lay.READY]) for i in mine] == [ready] * len(mine)
                state = lay.L_QUEUED if c["modes"][x] else lay.L_TAKEN
                assert all(b.lot[i, lay.STATE] == state for i in mine)
                news.append((max(ready, t), lay.E_READY, x))
        assert b.events() == sorted([*before, *news])
    assert all(b.op[op, lay.UNSTARTED] == 0 for op in range(n))


@settings(max_examples=150)
@given(
    pieces=st.tuples(st.integers(1, 7), st.integers(1, 7)),
    box=st.integers(1, 4),
    cycles=st.tuples(st.integers(1, 5), st.integers(1, 5)),
    at_once=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    lag=st.integers(0, 3),
    begin=st.sampled_from((0, 2, 11)),
    gap=st.sampled_from((0, 2)),
)
def test_boxes(
    pieces: tuple[int, int],
    box: int,
    cycles: tuple[int, int],
    at_once: tuple[int, int],
    lag: int,
    begin: int,
    gap: int,
) -> None:
    """The earliest start from which the next step, cycle after cycle, never begins more pieces than the finished boxes hold."""
    hours = [(0, 7), (9, 15), (16, 400)]
    b = Bench(
        jobs=[2],
        machines=2,
        modes=[[(0, cycles[0])], [(1, cycles[1])]],
        op_pieces=list(pieces),
        step_pieces_per_cycle=list(at_once),
        step_box=[box, 0],
        step_lag_s=[lag, 0],
        step_gap=[gap, 0],
        calendars=[hours],
        machine_calendar=[0, -1],
        horizon_s=400,
    )
    b.lot[0, [lay.UNIT, lay.START]] = 0, begin
    b.unit[0, lay.U_MODE] = 0
    made: list[tuple[int, int]] = []  # when a box is there, and how many pieces there are then
    for done in [*range(box, pieces[0], box), pieces[0]]:
        work = -(-done // at_once[0]) * cycles[0]
        end = naive.work_end(hours, None, begin, work, 400) if gap == 0 else begin + work
        assert end is not None
        made.append((end + lag, done * pieces[1] // pieces[0]))
    last = made[-1][0]

    def starves(s: int) -> bool:
        for n, begun in enumerate([*range(at_once[1], pieces[1], at_once[1]), pieces[1]]):
            t = s + n * cycles[1]
            if begun > max((good for there, good in made if there <= t), default=0):
                return True
        return False

    wanted = next(s for s in range(last + 1) if not starves(s))
    assert flow.box_start(b.k, 0, 1, last) == wanted
    b.op[0, lay.OP_END] = last - lag
    flow.tell_successors(b.k, 0, begin)
    assert b.op[1, lay.OP_READY] == wanted
    assert b.lot[1, lay.READY] == wanted


def test_no_boxes() -> None:
    """Not where the next step is a batch, or when the lot has ended already."""
    c: dict[str, Any] = {
        "jobs": [2],
        "machines": 2,
        "modes": [[(0, 5)], [(1, 1)]],
        "op_pieces": [4, 4],
        "step_box": [1, 0],
    }
    washer: dict[str, Any] = {"machine_batch_milli": [0, 9000]}
    for more, t, ready in (({}, 0, 17), ({}, 20, 20), (washer, 0, 20)):
        b = Bench(**c, **more)
        b.lot[0, [lay.UNIT, lay.START]] = 0, 0
        b.op[0, lay.OP_END] = 20
        flow.tell_successors(b.k, 0, t)
        assert b.op[1, lay.OP_READY] == ready


@given(st.integers(-1, 0), st.integers(0, 3))
def test_a_lot_is_finished(tool: int, others: int) -> None:
    """One less to do, one more done; its tool is there for others, who are looked at."""
    b = Bench(jobs=[1, 1], machines=1, modes=[[(0, 1)]] * 2, step_tool=[tool, 0], tool_quantity=[5])
    flow.enqueue(b.k, 1)
    b.g[[lay.G_DONE, lay.G_POLLS]] = others, 9
    flow.finish(b.k, 0, 4)
    assert b.lot[0, lay.STATE] == lay.L_DONE
    assert b.op[0, lay.LEFT] == 0
    assert b.g[[lay.G_DONE, lay.G_POLLS]].tolist() == [others + 1, 0]
    assert (b.part("tool")[0], b.marked()) == ((6, [0]) if tool == 0 else (5, []))


# ------------------------------------------------------------ which machines
@settings(max_examples=100)
@given(
    st.integers(1, 3),
    st.integers(-1, 1),
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 3)), max_size=25),
)
def test_over_how_many_machines(most: int, group: int, moves: list[tuple[int, int, int]]) -> None:
    """Sub-lots use at most so many machines, operations of a group one: as with sets. Units 0 and 1 are slots of one machine."""
    b = Bench(
        Rule(name="fifo", wide=True),
        jobs=[2],
        machines=3,
        modes=[[(0, 1), (1, 1), (2, 1)]] * 2,
        machine_slots=[2, 1, 1],
        op_pieces=[3, 3],
        step_max_lot=[1, 1],
        step_split_over=[most, 3],
        op_same=[group, 0],
    )
    machine = [0, 0, 1, 2]
    where: dict[int, int] = {}  # lots that have a unit
    bound: dict[int, int] = {}
    group_of = [group, 0]
    for lot, u, how in moves:
        op = lot // 3
        used = {machine[x] for i, x in where.items() if i // 3 == op}
        own = bound.get(group_of[op])
        may = own in {None, machine[u]} and (len(used) < [most, 3][op] or machine[u] in used)
        if lot not in where:
            b.lot[lot, lay.STATE] = lay.L_HIDDEN
            assert flow.may_use(b.k, lot, u) == may
            assert flow.group_of(b.k, op) == group_of[op]
            if not may:
                continue
            where[lot] = u
            if group_of[op] >= 0:
                bound[group_of[op]] = machine[u]
            flow.enqueue(b.k, lot)
            if how == 0:
                start.claim(b.k, lot, u, 7, 0)
                assert b.unit[u, [lay.U_LOT, lay.U_MODE]].tolist() == [lot, 7]
            elif how == 1:
                batch.take_into(b.k, lot, u, machine[u], machine[u])
                assert b.lot[lot, lay.WHY] == machine[u]
            else:
                flow.dequeue(b.k, lot)
                flow.settle(b.k, lot, u)
                if group_of[op] >= 0:
                    b.part("same")[group_of[op]] = machine[u]
            assert b.queue(0) == []
            assert b.lot[lot, lay.STATE] == lay.L_TAKEN
        else:
            flow.forget(b.k, lot, where.pop(lot))
            flow.ungroup(b.k, op)
            if not any(group_of[i // 3] == group_of[op] for i in where):
                bound.pop(group_of[op], None)
        assert b.lot[lot, lay.UNIT] == where.get(lot, -1)
        spread = [len({machine[x] for i, x in where.items() if i // 3 == o}) for o in range(2)]
        assert b.op[:, lay.SPREAD].tolist() == spread
        assert {g: m for g, m in enumerate(b.part("same").tolist()) if m >= 0} == bound


def test_a_group_that_runs_now_stays() -> None:
    """Work that ran at the start keeps its group to its machine, whatever is taken back."""
    c: dict[str, Any] = {
        "jobs": [2],
        "machines": 2,
        "modes": [[(0, 1), (1, 1)]] * 2,
        "op_pieces": [0, 1],
        "op_total": [1, 1],
        "op_same": [0, 0],
    }
    runs: dict[str, Any] = {"wip_op": [0], "wip_machine": [1], "wip_start_s": [0], "wip_end_s": [9]}
    for more, bound in ((runs, 1), ({}, -1)):
        b = Bench(**c, **more)
        b.part("same")[0] = 1
        flow.ungroup(b.k, 1)
        assert b.part("same")[0] == bound
