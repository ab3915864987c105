"""Longest waits: what can be reserved from when on, and blocks of it, all or nothing. Start by start, and the state put back."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.naive import hours as naive
from tests.naive.hours import Hours
from tests.plan.decode.bench import PLAIN, Bench

from fong.model import NEVER
from fong.plan.decode import _kernels_layout as lay

waits = PLAIN["waits"]
blocks = PLAIN["blocks"]
outside = PLAIN["outside"]
people = PLAIN["people"]
STEP = lay.TRY_S
END = 8 * STEP
WORDS = ("resume", "fit", "run_on", "overtime")

hours = st.sampled_from(
    (None, [(0, 7 * STEP)], [(2 * STEP, 5 * STEP), (6 * STEP, END)], [(0, 4 * STEP + 7), (6 * STEP, END)])
)
few = st.integers(0, 6).map(lambda x: x * STEP // 2)


# ------------------------------------------------------------ one lot
@st.composite
def shops(draw: st.DrawFn) -> dict[str, Any]:
    """One lot that two machines may take, with a set-up, people for both, a tool and a material."""
    halls = [draw(hours), draw(hours), draw(hours), draw(hours)]
    return {
        "jobs": [1],
        "machines": 2,
        "modes": [[(m, draw(st.integers(1, 2 * STEP)), draw(st.sampled_from((0, STEP // 2, STEP)))) for m in range(2)]],
        "step_setup_skill": [draw(st.integers(-1, 0))],
        "step_run_skill": [draw(st.integers(-1, 1))],
        "step_gap": [draw(st.integers(0, 3))],
        "step_overtime_s": [draw(st.sampled_from((0, 5)))],
        "step_tool": [draw(st.integers(-1, 0))],
        "tool_quantity": [draw(st.sampled_from((0, 1, 1)))],
        "use_ptr": [0, 1],
        "use_item": [0],
        "use_micro": [draw(st.integers(0, 2))],
        "stock_micro": [draw(st.integers(0, 3))],
        "people": 2,
        "skills": [[0, 1], [1]],
        "calendars": [h or [(0, END)] for h in halls],
        "machine_calendar": [-1 if h is None else i for i, h in enumerate(halls[:2])],
        "person_calendar": [-1 if h is None else i + 2 for i, h in enumerate(halls[2:])],
        "horizon_s": END,
    }


def spans(c: dict[str, Any], name: str, i: int) -> Hours:
    number = c[name][i]
    found: Hours = None if number < 0 else c["calendars"][number]
    return found


def whole(h: Hours, a: int, b: int) -> bool:
    """Open in all of [a, b), and at a."""
    return h is None or any(x <= a < y and b <= y for x, y in h)


def someone(c: dict[str, Any], skill: int, booked: list[list[tuple[int, int]]], a: int, b: int) -> int:
    """The first with the skill who is at work in all of [a, b), and booked for none of it."""
    for who in c["skills"][skill]:
        if whole(spans(c, "person_calendar", who), a, b) and not any(x < b and a < y for x, y in booked[who]):
            return int(who)
    return -1


def reserved(
    c: dict[str, Any], free: list[int], booked: list[list[tuple[int, int]]], low: int, high: int
) -> tuple[int, ...] | None:
    """The first machine, and its first start on the grid of tries, at which all there is to it fits: machine, start, end, setter, worker."""
    short = c["use_micro"][0] > c["stock_micro"][0] or (c["step_tool"][0] == 0 and c["tool_quantity"][0] == 0)
    for m, cycle, setup in c["modes"][0] if not short else ():
        hall = spans(c, "machine_calendar", m)
        setting, running = c["step_setup_skill"][0], c["step_run_skill"][0]
        if free[m] > high:
            continue
        for at in range(max(low, free[m] + setup), high + 1, STEP):
            if setup and not whole(hall, at - setup, at):
                continue
            setter = someone(c, setting, booked, at - setup, at) if setup and setting >= 0 else -1
            end = naive.end_of(hall, None, at, cycle, WORDS[c["step_gap"][0]], c["step_overtime_s"][0], END)
            worker = someone(c, running, booked, at, end) if running >= 0 and end >= 0 else -1
            lacks = (setup and setting >= 0 and setter < 0) or (running >= 0 and worker < 0)
            if end < 0 or lacks or (worker >= 0 and worker == setter):
                continue
            return m, at, end, setter, worker, at - setup if setup else -1
    return None


@settings(max_examples=120)
@given(
    shops(),
    st.tuples(few, few),
    st.lists(st.tuples(few, few.map(lambda x: x + 1)), min_size=2, max_size=2),
    few,
    few,
)
def test_a_reservation(
    c: dict[str, Any], free: tuple[int, int], held: list[tuple[int, int]], low: int, more: int
) -> None:
    """What is found is the first that fits, written down; taken back, nothing has happened."""
    b = Bench(**c)
    for u in range(2):
        b.unit[u, [lay.U_STATE, lay.U_END, lay.U_LAST_OP]] = lay.RUNNING if free[u] else lay.IDLE, free[u], -1
    booked = [[(a, a + n)] for a, n in held]
    for who, [(a, e)] in enumerate(booked):
        waits.book(b.k, who, a, e)
    b.lot[0, lay.WHY] = 0
    before = b.state()
    wanted = reserved(c, list(free), booked, low, low + more)
    assert waits.reserve_lot(b.k, 0, low, low + more, 0) == (wanted is not None)
    if wanted is None:
        assert b.state() == before
        return
    row = b.lot[0, [lay.UNIT, lay.START, lay.END, lay.SETUP_PERSON, lay.PERSON, lay.SETUP_START]]
    assert tuple(row.tolist()) == wanted
    u, start, end, setter, worker, setup = wanted
    assert b.unit[u, [lay.U_RES, lay.U_RES_LOT]].tolist() == [setup if setup >= 0 else start, 0]
    assert b.part("stock")[0] == c["stock_micro"][0] - c["use_micro"][0]
    assert b.part("tool")[0] == c["tool_quantity"][0] - (c["step_tool"][0] == 0)
    assert setter < 0 or people.booked(b.k, setter, setup, start)
    assert worker < 0 or people.booked(b.k, worker, start, end)
    assert waits.unit_from(b.k, u, 0) == NEVER  # one reservation at a time
    waits.unfix(b.k, 0)
    b.lot[0, lay.WHY] = 0  # a scratch: why not, or by which mode
    assert b.state() == before


@given(
    st.sampled_from((lay.IDLE, lay.SETTING, lay.PENDING, lay.RUNNING, lay.BLOCKED)),
    st.integers(0, 9),
    st.integers(0, 9),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_from_when_a_unit_can_be_reserved(
    state: int,
    t: int,
    end: int,
    tended: bool,  # noqa: FBT001
    place: bool,  # noqa: FBT001
    taken: bool,  # noqa: FBT001
) -> None:
    """Now if it is idle, from the end of its run if that is certain and its lot can leave; else nobody knows."""
    b = Bench(jobs=[2], machines=1, modes=[[(0, 1)]] * 2, step_place=[0 if place else -1, -1], place_lots=[1])
    b.unit[0, [lay.U_STATE, lay.U_END, lay.U_NEED, lay.U_LOT]] = state, end, 5 if tended else 0, 0
    b.unit[0, lay.U_RES] = 50 if taken else NEVER
    wanted = NEVER
    if state == lay.IDLE and not taken:
        wanted = t
    elif state == lay.RUNNING and not (tended or place or taken) and end > t:
        wanted = end
    assert waits.unit_from(b.k, 0, t) == wanted


@given(st.integers(1, 4), st.integers(1, 4), st.booleans())
def test_sub_lots_on_each_other_s_heels(pieces: int, cycle: int, place: bool) -> None:  # noqa: FBT001
    """Sub-lots that must follow are reserved one behind the other on the machine that the first has, unless they may stay on it."""
    b = Bench(
        jobs=[2],
        machines=1,
        modes=[[(0, cycle)], [(0, 1)]],
        op_pieces=[pieces, 1],
        step_max_lot=[1, 0],
        step_place=[0 if place else -1, -1],
        place_lots=[9],
    )
    got = [waits.reserve_lot(b.k, lot, 7, 7 + 9, 0) for lot in range(pieces)]
    starts = [7 + cycle * i for i in range(pieces)]
    good = [at <= 16 and (i == 0 or not place) for i, at in enumerate(starts)]
    assert got == good
    kept = [i for i in range(pieces) if good[i]]
    assert b.lot[kept, lay.START].tolist() == [starts[i] for i in kept]
    assert b.chain(int(b.unit[0, lay.U_RES_LOT])) == kept
    assert waits.sibling(b.k, 0, 0) == (-1 if place else kept[-1])
    assert waits.sibling(b.k, 1, 0) == -1


@given(st.integers(0, 9), st.integers(0, 9), st.booleans())
def test_how_long_a_worker_is_held(attend: int, need: int, washer: bool) -> None:  # noqa: FBT001
    """While a batch is loaded, else the whole run."""
    b = Bench(jobs=[1], machines=1, modes=[[(0, 1)]], step_attend_s=[attend])
    assert waits.run_hold(b.k, 0, 1000 if washer else 0, need) == (attend if washer else need)


# ------------------------------------------------------------ what follows, and what follows that
@st.composite
def chains(draw: st.DrawFn) -> dict[str, Any]:
    """A graph of steps that are sent out when they are collected, with lags and longest waits; one tool, one material."""
    n = draw(st.integers(1, 6))
    lags = [draw(st.integers(0, 4)) for _ in range(n)]
    return {
        "jobs": [n],
        "machines": 0,
        "modes": [[] for _ in range(n)],
        "preds": [sorted(draw(st.sets(st.integers(max(0, i - 2), i - 1), max_size=2))) if i else [] for i in range(n)],
        "step_outside_s": [draw(st.integers(0, 6)) for _ in range(n)],
        "step_lag_s": lags,
        "step_max_wait_s": [draw(st.sampled_from((lag, lag + 1, lag + 2, lag + 3, lag + 6, NEVER))) for lag in lags],
        "step_collect": [draw(st.sampled_from((-1, 0))) for _ in range(n)],
        "calendars": [[(3, 6), (9, 14), (17, 20), (25, 60)]],
        "step_tool": [draw(st.sampled_from((-1, -1, -1, 0))) for _ in range(n)],
        "tool_quantity": [draw(st.integers(1, 2))],
        "use_ptr": list(range(n + 1)),
        "use_item": [0] * n,
        "use_micro": [draw(st.integers(0, 1)) for _ in range(n)],
        "stock_micro": [draw(st.integers(2, 4))],
        "horizon_s": 60,
    }


def following(c: dict[str, Any], op: int, end: int) -> dict[int, tuple[int, int]] | None:
    """Start and end of all that must follow at once, breadth first; None: something cannot.

    What has another step before it that has not told its end cannot be reserved yet.
    """
    out: dict[int, tuple[int, int]] = {}
    stock, tools = c["stock_micro"][0], c["tool_quantity"][0]
    todo = [(op, end)]
    while todo:
        a, last = todo.pop(0)
        for b in [x for x in range(c["jobs"][0]) if a in c["preds"][x]] if c["step_max_wait_s"][a] < NEVER else ():
            if b in out:
                return None
            low = last + c["step_lag_s"][a]
            tools -= c["step_tool"][b] == 0
            stock -= c["use_micro"][b]
            able = [t for t in range(low, 60) if c["step_collect"][b] < 0 or naive.is_open(c["calendars"][0], t)]
            if len(c["preds"][b]) > 1 or tools < 0 or stock < 0 or not able:
                return None
            if able[0] > last + c["step_max_wait_s"][a]:
                return None
            out[b] = (able[0], able[0] + c["step_outside_s"][b])
            todo.append((b, out[b][1]))
    return out


@settings(max_examples=300)
@given(chains(), st.integers(0, 9))
def test_a_block(c: dict[str, Any], end: int) -> None:
    """All that must follow, and what must follow that, each when it is collected; or nothing at all."""
    b = Bench(**c)
    wanted = following(c, 0, end)
    before = b.state()
    assert blocks.has_followers(b.k, 0) == (c["step_max_wait_s"][0] < NEVER)
    got = blocks.block(b.k, 0, end, 0)
    assert got == (wanted is not None)
    if wanted is None:
        assert b.state() == before
        return
    for op in range(1, c["jobs"][0]):
        start, stop = wanted.get(op, (-1, -1))
        assert b.lot[op, [lay.START, lay.END]].tolist() == [start, stop]
        assert b.op[op, lay.COMMITTED] == (op in wanted)
    assert b.events() == sorted((start, lay.E_RESERVED, op) for op, (start, _) in wanted.items())


@given(chains(), st.integers(0, 9))
def test_with_what_it_takes_itself(c: dict[str, Any], end: int) -> None:
    """Those that follow find neither the material nor the tool of the first; what is kept at last is its tool alone."""
    b = Bench(**c)
    less = {
        **c,
        "stock_micro": [c["stock_micro"][0] - c["use_micro"][0]],
        "tool_quantity": [c["tool_quantity"][0] - (c["step_tool"][0] == 0)],
    }
    wanted = following(less, 0, end)
    before = b.state()
    got = blocks.keeps_waits_by_hand(b.k, 0, 0, end, 0)
    assert got == (wanted is not None)
    if wanted is None:
        assert b.state() == before
        return
    assert b.part("tool")[0] == less["tool_quantity"][0] - sum(c["step_tool"][x] == 0 for x in wanted)
    assert b.part("stock")[0] == c["stock_micro"][0] - sum(c["use_micro"][x] for x in wanted)


@given(st.integers(0, 9), st.integers(0, 400), st.booleans(), st.integers(0, 500))
def test_what_follows_on_its_own_machine(now: int, length: int, same: bool, most: int) -> None:  # noqa: FBT001
    """It finds the machine taken until the end, and set up for the lot; where that fails the unit is as it was."""
    b = Bench(
        jobs=[2],
        machines=1,
        modes=[[(0, 1)], [(0, 1, 60)]],
        step_family=[0, 0 if same else 1],
        machine_family=[2],
        families=3,
        step_max_wait_s=[most, NEVER],
    )
    b.unit[0, lay.U_LOT] = 0
    before = b.unit[0].tolist()
    setup = 0 if same else 60
    got = blocks.keeps_waits_on(b.k, 0, 0, now + length, now)
    begin = now + length + setup
    assert got == (setup <= most and (length > 0))
    if got:
        assert b.lot[1, lay.START] == begin
        assert b.unit[0, [lay.U_STATE, lay.U_END, lay.U_FAMILY, lay.U_LAST_OP]].tolist() == [
            lay.RUNNING,
            now + length,
            0,
            0,
        ]
    else:
        assert b.unit[0].tolist() == before


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 20), st.integers(0, 2), st.booleans())
def test_too_late(first: int, second: int, t: int, planned: int, limit: bool) -> None:  # noqa: FBT001
    """Longer after the end of any step before it than that one allows; steps that were done before now ask for nothing."""
    b = Bench(
        jobs=[3],
        machines=1,
        modes=[[(0, 1)]] * 3,
        preds=[[], [], [0, 1]],
        op_pieces=[1 if planned > 0 else 0, 1 if planned > 1 else 0, 1],
        op_total=[1, 1, 1],
        step_max_wait_s=[4, 7 if limit else NEVER, NEVER],
    )
    b.op[:2, lay.OP_END] = first, second
    late = (planned > 0 and t > first + 4) or (planned > 1 and limit and t > second + 7)
    assert blocks.too_late(b.k, len(b.op) - 1, t) == late


# ------------------------------------------------------------ outside
@given(st.lists(st.integers(0, 20), max_size=4).map(sorted), st.booleans(), st.integers(0, 20))
def test_the_next_receipt(at: list[int], uses: bool, t: int) -> None:  # noqa: FBT001
    """Of what the step takes, after now."""
    b = Bench(
        jobs=[1],
        machines=0,
        modes=[[]],
        step_outside_s=[5],
        use_ptr=[0, int(uses)],
        use_item=[0] * uses,
        use_micro=[1] * uses,
        stock_micro=[0],
        receipt_ptr=[0, len(at)],
        receipt_at_s=at,
        receipt_micro=[1] * len(at),
    )
    assert outside.next_receipt(b.k, 0, t) == min((x for x in at if x > t and uses), default=NEVER)


@given(st.integers(-1, 0), st.integers(0, 30), st.integers(1, 3))
def test_collection(calendar: int, t: int, lots: int) -> None:
    """At the next collection all lots leave, after that moment's receipts; where none comes they are told."""
    b = Bench(
        jobs=[1],
        machines=0,
        modes=[[]],
        op_pieces=[lots],
        step_max_lot=[1],
        step_outside_s=[5],
        step_collect=[calendar],
        calendars=[[(3, 6), (9, 20)]],
        horizon_s=30,
    )
    outside.collect_at(b.k, 0, t)
    at = t if calendar < 0 else next((s for s in range(t, 31) if naive.is_open([(3, 6), (9, 20)], s)), None)
    if at is None:
        assert b.events() == []
        assert b.lot[:, lay.WHY].tolist() == [lay.W_HORIZON] * lots
        return
    queues = len(b.part("head"))
    assert b.events() == [(at, lay.E_CHECK, queues)]
    b.g[lay.G_HEAP] = 0
    outside.send_out(b.k, 0, at)
    assert b.lot[:, [lay.START, lay.END]].tolist() == [[at, at + 5]] * lots
    assert b.events() == [(at + 5, lay.E_HAND, lot) for lot in range(lots)]


@given(
    st.integers(-1, 0), st.integers(0, 3), st.integers(0, 3), st.lists(st.integers(1, 20), max_size=2), st.booleans()
)
def test_what_is_not_sent(tool: int, tools: int, stock: int, receipts: list[int], rack: bool) -> None:  # noqa: FBT001
    """Lots leave as long as tools, material and places last; the rest is tried after the next receipt, or after the step of tries."""
    b = Bench(
        jobs=[2],
        machines=1,
        modes=[[], [(0, 1)]],
        op_pieces=[3, 3],
        step_max_lot=[1, 0],
        step_outside_s=[5, -1],
        step_tool=[tool, -1],
        tool_quantity=[tools],
        use_ptr=[0, 1, 1],
        use_item=[0],
        use_micro=[1],
        stock_micro=[stock],
        receipt_ptr=[0, len(receipts)],
        receipt_at_s=sorted(receipts),
        receipt_micro=[1] * len(receipts),
        step_place=[0 if rack else -1, -1],
        place_lots=[2],
    )
    outside.send_out(b.k, 0, 0)
    limits = {lay.W_PLACE: 2 if rack else 3, lay.W_TOOL: tools if tool == 0 else 3, lay.W_MATERIAL: stock}
    sent = min(3, *limits.values())
    assert b.lot[:3, lay.START].tolist() == [0] * sent + [-1] * (3 - sent)
    assert b.part("stock")[0] == stock - sent
    assert b.part("tool")[0] == tools - (sent if tool == 0 else 0)
    if sent < 3:
        why = next(w for w, n in limits.items() if n == sent)
        assert b.lot[sent, lay.WHY] == why
        again = min(receipts, default=NEVER) if why == lay.W_MATERIAL else lay.TRY_S
        checks = [t for t, kind, _ in b.events() if kind == lay.E_CHECK]
        assert checks == ([again] if again < NEVER else [])
