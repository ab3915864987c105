"""Compiled: queues, marks, set-up times, materials, places and the flow from step to step."""

from __future__ import annotations

from fong._kernels import (
    inner,
)
from fong.plan.decode._kernels_layout import (
    BLOCKED,
    BOX,
    COMMITTED,
    CYCLE,
    E_READY,
    END,
    F_AFTER,
    F_BEFORE,
    F_BLOCKS,
    F_BOXES,
    F_DIRTY,
    F_FAMILIES,
    F_HAND_DIRTY,
    F_HAND_FLAG,
    F_HEAD,
    F_JOB_OF,
    F_LOT_KEY,
    F_LOT_MACHINE,
    F_LOT_OP,
    F_LOT_PIECES,
    F_LOT_PTR,
    F_MODE_CYCLE,
    F_MODE_SETUP,
    F_OP_QUEUE,
    F_OP_ROW,
    F_OP_SAME,
    F_PERSON_CAL,
    F_PERSON_SKILL,
    F_PERSON_SKILL_PTR,
    F_PLACE,
    F_PLACE_UNIT,
    F_PLACE_UNIT_PTR,
    F_PRED_OP,
    F_PRED_PTR,
    F_QUEUE_UNIT,
    F_QUEUE_UNIT_PTR,
    F_QUICKEST,
    F_RES_PTR,
    F_RES_QUEUE,
    F_RULE,
    F_SAME,
    F_SETUP_PTR,
    F_SETUP_S,
    F_SETUP_TO,
    F_SHARED,
    F_SKILL_OUT,
    F_STOCK,
    F_SUCC_OP,
    F_SUCC_PTR,
    F_TAIL,
    F_TOOL,
    F_TOOLS,
    F_UNIFORM,
    F_UNIT_MACHINE,
    F_USE_ITEM,
    F_USE_MICRO,
    F_WIP_OP,
    F_WIP_UNIT,
    FAMILY,
    FIELDS,
    G_DIRTY,
    G_DONE,
    G_HDIRTY,
    G_POLLS,
    G_TURN,
    GAP,
    IDLE,
    IN_PLACE,
    L_DONE,
    L_QUEUED,
    L_TAKEN,
    LAG,
    LEFT,
    LEFT_PLACE,
    M_CAL,
    M_GROUP,
    OP_END,
    OP_READY,
    OVERTIME,
    PENDING,
    PERSON,
    PLACE,
    PPC,
    R_KIND,
    READY,
    SEQUENCE,
    SHOWN,
    SPLIT,
    SPREAD,
    START,
    STATE,
    TOOL,
    TURN,
    U_DIRTY,
    U_FAMILY,
    U_LAST_OP,
    U_LOT,
    U_MODE,
    U_STATE,
    UNIT,
    UNSTARTED,
    USE0,
    USE1,
    WAIT,
    K,
    of_lot,
    of_machine,
    of_op,
    of_step,
    of_unit,
)
from fong.plan.decode._kernels_time import (
    push,
    work_end,
)


@inner
def ranked(k: K) -> bool:
    """Whether queues are kept in the order of a given sequence."""
    return k.f[k.c[F_RULE] + R_KIND] == SEQUENCE


@inner
def enqueue(k: K, lot: int) -> None:
    """Put a lot at the end of its queue; where a sequence is given, behind the last lot whose key is no larger."""
    i32, f64 = k.c, k.f
    q = i32[i32[F_OP_QUEUE] + i32[i32[F_LOT_OP] + lot]]
    i32[of_lot(i32, lot, STATE)] = L_QUEUED
    before, after = i32[i32[F_TAIL] + q], -1
    if ranked(k):
        key = f64[i32[F_LOT_KEY] + lot]
        while before >= 0 and f64[i32[F_LOT_KEY] + before] > key:
            before, after = i32[i32[F_BEFORE] + before], before
    i32[i32[F_AFTER] + lot] = after
    i32[i32[F_BEFORE] + lot] = before
    if before >= 0:
        i32[i32[F_AFTER] + before] = lot
    else:
        i32[i32[F_HEAD] + q] = lot
    if after >= 0:
        i32[i32[F_BEFORE] + after] = lot
    else:
        i32[i32[F_TAIL] + q] = lot


@inner
def dequeue(k: K, lot: int) -> None:
    """Take a lot out of its queue."""
    i32 = k.c
    q = i32[i32[F_OP_QUEUE] + i32[i32[F_LOT_OP] + lot]]
    a, b = (i32[i32[F_BEFORE] + lot], i32[i32[F_AFTER] + lot])
    if a >= 0:
        i32[i32[F_AFTER] + a] = b
    else:
        i32[i32[F_HEAD] + q] = b
    if b >= 0:
        i32[i32[F_BEFORE] + b] = a
    else:
        i32[i32[F_TAIL] + q] = a
    i32[of_lot(i32, lot, STATE)] = L_TAKEN
    i32[i32[F_AFTER] + lot] = -1
    i32[i32[F_BEFORE] + lot] = -1


@inner
def note_turn(k: K, lot: int) -> None:
    """Number the lots in the order in which it was decided on them."""
    i32, i64 = k.c, k.w
    i32[of_lot(i32, lot, TURN)] = i64[G_TURN]
    i64[G_TURN] += 1


@inner
def mark_unit(k: K, u: int) -> None:
    """Have the unit looked at before time goes on."""
    i32, i64 = k.c, k.w
    if i64[of_unit(i32, u, U_DIRTY)] == 0 and (
        i64[of_unit(i32, u, U_STATE)] == IDLE or i64[of_unit(i32, u, U_STATE)] == PENDING
    ):
        i64[of_unit(i32, u, U_DIRTY)] = 1
        i32[i32[F_DIRTY] + i64[G_DIRTY]] = u
        i64[G_DIRTY] += 1


@inner
def mark_queue(k: K, q: int) -> None:
    """Have the units that serve the queue looked at; a queue of handwork itself.

    Of units that are all alike one idle one is enough: when it has started, the next is marked (``serve``).
    """
    i32, i64 = k.c, k.w
    first, last = (i32[i32[F_QUEUE_UNIT_PTR] + q], i32[i32[F_QUEUE_UNIT_PTR] + q + 1])
    if first == last:
        if i32[i32[F_HAND_FLAG] + q] == 0:
            i32[i32[F_HAND_FLAG] + q] = 1
            i32[i32[F_HAND_DIRTY] + i64[G_HDIRTY]] = q
            i64[G_HDIRTY] += 1
        return
    enough = i32[i32[F_HEAD] + q] < 0
    for i in range(first, last):
        u = i32[i32[F_QUEUE_UNIT] + i]
        if i64[of_unit(i32, u, U_STATE)] == PENDING:
            mark_unit(k, u)
        elif i64[of_unit(i32, u, U_STATE)] == IDLE and not enough:
            mark_unit(k, u)
            enough = i32[i32[F_UNIFORM] + q] == 1


@inner
def mark_next(k: K, q: int, u: int) -> None:
    """Have the next idle unit after ``u`` in the queue's list looked at."""
    i32, i64 = k.c, k.w
    found = False
    for i in range(i32[i32[F_QUEUE_UNIT_PTR] + q], i32[i32[F_QUEUE_UNIT_PTR] + q + 1]):
        v = i32[i32[F_QUEUE_UNIT] + i]
        if found and i64[of_unit(i32, v, U_STATE)] == IDLE:
            mark_unit(k, v)
            return
        if v == u:
            found = True


@inner
def mark_resource(k: K, r: int) -> None:
    """Have all queues looked at that need a skill, tool or material."""
    i32 = k.c
    for i in range(i32[i32[F_RES_PTR] + r], i32[i32[F_RES_PTR] + r + 1]):
        mark_queue(k, i32[i32[F_RES_QUEUE] + i])


@inner
def mark_person(k: K, who: int) -> None:
    """A person is free or comes on shift."""
    i32, i64 = k.c, k.w
    for i in range(i32[i32[F_PERSON_SKILL_PTR] + who], i32[i32[F_PERSON_SKILL_PTR] + who + 1]):
        skill = i32[i32[F_PERSON_SKILL] + i]
        i64[i32[F_SKILL_OUT] + skill] = -1
        mark_resource(k, skill)


@inner
def setup_need(k: K, u: int, op: int, mode: int) -> int:
    """Seconds of set-up before the operation on the unit as it stands."""
    i32, i64 = k.c, k.w
    m = i32[i32[F_UNIT_MACHINE] + u]
    own = int(i32[i32[F_MODE_SETUP] + mode]) if i32[FIELDS + F_MODE_SETUP] > 0 else 0
    if i64[of_unit(i32, u, U_LAST_OP)] == op:
        return 0
    if i32[i32[F_SHARED] + m]:
        return own
    return matrix_need(
        k,
        i64[of_machine(i32, m, M_GROUP)],
        i64[of_unit(i32, u, U_FAMILY)],
        i64[of_step(i32, i32[i32[F_OP_ROW] + op], FAMILY)],
        own,
    )


@inner
def matrix_need(k: K, group: int, a: int, b: int, own: int) -> int:
    """Set-up from family a to family b: the matrix' row, else 0 within a family, else the step's own."""
    i32 = k.c
    if a < 0 or b < 0:
        return own
    if i32[FIELDS + F_SETUP_PTR] > 0:
        row = group * i32[i32[F_FAMILIES]] + a
        for i in range(i32[i32[F_SETUP_PTR] + row], i32[i32[F_SETUP_PTR] + row + 1]):
            if i32[i32[F_SETUP_TO] + i] == b:
                return int(i32[i32[F_SETUP_S] + i])
    return 0 if a == b else own


@inner
def has_material(k: K, row: int, pieces: int) -> bool:
    """Whether the stock holds what the pieces take."""
    i32, i64 = k.c, k.w
    for i in range(i64[of_step(i32, row, USE0)], i64[of_step(i32, row, USE1)]):
        if i64[i32[F_STOCK] + i32[i32[F_USE_ITEM] + i]] < pieces * i64[i32[F_USE_MICRO] + i]:
            return False
    return True


@inner
def take_material(k: K, row: int, pieces: int) -> None:
    """Take it."""
    i32, i64 = k.c, k.w
    for i in range(i64[of_step(i32, row, USE0)], i64[of_step(i32, row, USE1)]):
        i64[i32[F_STOCK] + i32[i32[F_USE_ITEM] + i]] -= pieces * i64[i32[F_USE_MICRO] + i]


@inner
def wants_room(k: K, op: int) -> bool:
    """Whether the operation's lots wait in a limited place, and it is not a machine that they could block meanwhile."""
    i32, i64 = k.c, k.w
    return (
        i64[of_step(i32, i32[i32[F_OP_ROW] + op], PLACE)] >= 0
        and i32[i32[F_SUCC_PTR] + op] < i32[i32[F_SUCC_PTR] + op + 1]
        and (i32[i32[F_BLOCKS] + op] == 0)
    )


@inner
def has_room(k: K, op: int) -> bool:
    """Whether a lot that cannot block a machine may start: its place must have room already."""
    i32, i64 = k.c, k.w
    return not wants_room(k, op) or i64[i32[F_PLACE] + i64[of_step(i32, i32[i32[F_OP_ROW] + op], PLACE)]] > 0


@inner
def keep_room(k: K, op: int) -> None:
    """Keep the room from the start of such a lot on."""
    i32, i64 = k.c, k.w
    if wants_room(k, op):
        i64[i32[F_PLACE] + i64[of_step(i32, i32[i32[F_OP_ROW] + op], PLACE)]] -= 1


@inner
def leave_places(k: K, op: int) -> None:
    """The operation's first set-up or run begins: its predecessors' lots leave their places and the machines they block."""
    i32, i64 = k.c, k.w
    for i in range(i32[i32[F_PRED_PTR] + op], i32[i32[F_PRED_PTR] + op + 1]):
        before = i32[i32[F_PRED_OP] + i]
        place = i64[of_step(i32, i32[i32[F_OP_ROW] + before], PLACE)]
        if place < 0 or i32[of_op(i32, before, LEFT_PLACE)]:
            continue
        i32[of_op(i32, before, LEFT_PLACE)] = 1
        for lot in range(i32[i32[F_LOT_PTR] + before], i32[i32[F_LOT_PTR] + before + 1]):
            if i32[of_lot(i32, lot, STATE)] == L_DONE:
                u = i32[of_lot(i32, lot, UNIT)]
                if u >= 0 and i64[of_unit(i32, u, U_STATE)] == BLOCKED and (i64[of_unit(i32, u, U_LOT)] == lot):
                    free_unit(k, u)
                else:
                    i64[i32[F_PLACE] + place] += 1
        wip_leaves(k, before, place)
        fill_place(k, place)


@inner
def wip_leaves(k: K, op: int, place: int) -> None:
    """A lot that ran at the start leaves the place where it waited, or the machine that it blocked."""
    i32, i64 = k.c, k.w
    for i in range(i32[FIELDS + F_WIP_OP]):
        if i32[i32[F_WIP_OP] + i] == op:
            u = i32[i32[F_WIP_UNIT] + i]
            if i32[of_op(i32, op, LEFT)] == IN_PLACE:
                i64[i32[F_PLACE] + place] += 1
            elif u >= 0 and i64[of_unit(i32, u, U_STATE)] == BLOCKED and op_on(k, u) == op:
                free_unit(k, u)


@inner
def op_on(k: K, u: int) -> int:
    """The operation whose lot holds the unit; work that ran at the start has no lot."""
    i32, i64 = k.c, k.w
    lot = i64[of_unit(i32, u, U_LOT)]
    return i32[i32[F_LOT_OP] + lot] if lot >= 0 else i64[of_unit(i32, u, U_LAST_OP)]


@inner
def may_block(k: K, op: int) -> bool:
    """Whether a lot of the operation may stay on its machine after its end, because its place is full."""
    i32, i64 = k.c, k.w
    return (
        op >= 0
        and i64[of_step(i32, i32[i32[F_OP_ROW] + op], PLACE)] >= 0
        and i32[i32[F_SUCC_PTR] + op] < i32[i32[F_SUCC_PTR] + op + 1]
        and i32[of_op(i32, op, LEFT_PLACE)] == 0
    )


@inner
def fill_place(k: K, place: int) -> None:
    """Lots that block their machine move to a place that has room."""
    i32, i64 = k.c, k.w
    for i in range(i32[i32[F_PLACE_UNIT_PTR] + place], i32[i32[F_PLACE_UNIT_PTR] + place + 1]):
        if i64[i32[F_PLACE] + place] <= 0:
            return
        u = i32[i32[F_PLACE_UNIT] + i]
        if (
            i64[of_unit(i32, u, U_STATE)] == BLOCKED
            and i64[of_step(i32, i32[i32[F_OP_ROW] + op_on(k, u)], PLACE)] == place
        ):
            i64[i32[F_PLACE] + place] -= 1
            if i64[of_unit(i32, u, U_LOT)] < 0:
                i32[of_op(i32, op_on(k, u), LEFT)] = IN_PLACE
            free_unit(k, u)


@inner
def free_unit(k: K, u: int) -> None:
    """The unit can take the next lot."""
    i32, i64 = k.c, k.w
    i64[of_unit(i32, u, U_STATE)] = IDLE
    i64[of_unit(i32, u, U_LOT)] = -1
    mark_unit(k, u)


@inner
def tell_successors(k: K, op: int, t: int) -> None:
    """All ends of the operation are known (op END): its successors become ready at that end plus the lag."""
    i32, i64 = k.c, k.w
    row = i32[i32[F_OP_ROW] + op]
    at = i32[of_op(i32, op, OP_END)] + i64[of_step(i32, row, LAG)]
    for i in range(i32[i32[F_SUCC_PTR] + op], i32[i32[F_SUCC_PTR] + op + 1]):
        b = i32[i32[F_SUCC_OP] + i]
        if i64[of_step(i32, row, BOX)] > 0 and i32[of_op(i32, op, OP_END)] > t and (i32[i32[F_BOXES] + op] == 1):
            ready_one(k, b, box_start(k, op, b, at), t)
        else:
            ready_one(k, b, at, t)


@inner
def box_start(k: K, a: int, b: int, at: int) -> int:
    """Earliest start of operation b that never begins more pieces than the finished boxes of operation a hold.

    Both run as one lot at a certain pace; ``at`` is the answer without boxes. Box j of a is there at F(j); of its pieces b has
    ``good(j - 1)`` before that, so b's piece number good(j - 1) must not begin earlier.
    """
    i32, i64 = k.c, k.w
    first, second = (i32[i32[F_LOT_PTR] + a], i32[i32[F_LOT_PTR] + b])
    if i32[i32[F_BOXES] + b] == 0 or i32[i32[F_LOT_PTR] + b + 1] - second != 1:
        return at
    ra, rb = (i32[i32[F_OP_ROW] + a], i32[i32[F_OP_ROW] + b])
    qa, qb = (i32[i32[F_LOT_PIECES] + first], i32[i32[F_LOT_PIECES] + second])
    who = i32[of_lot(i32, first, PERSON)]
    u = i32[of_lot(i32, first, UNIT)]
    cal = i64[of_machine(i32, i32[i32[F_UNIT_MACHINE] + u], M_CAL)] if u >= 0 else -1
    cycle = i32[i32[F_MODE_CYCLE] + i64[of_unit(i32, u, U_MODE)]] if u >= 0 else i64[of_step(i32, ra, CYCLE)]
    out, done = (0, 0)
    while done < qa:
        begun = done * qb // qa // i64[of_step(i32, rb, PPC)] * i32[i32[F_QUICKEST] + b]
        done = min(qa, done + i64[of_step(i32, ra, BOX)])
        need = cycles_of(k, ra, done) * cycle
        there = work_end(
            k,
            cal,
            i32[i32[F_PERSON_CAL] + who] if who >= 0 else -1,
            i32[of_lot(i32, first, START)],
            need,
            i64[of_step(i32, ra, GAP)],
            i64[of_step(i32, ra, OVERTIME)],
        )
        if there < 0:
            return at
        out = max(out, there + i64[of_step(i32, ra, LAG)] - begun)
    return min(at, out)


@inner
def ready_one(k: K, op: int, at: int, t: int) -> None:
    """One predecessor of the operation has told when it lets it start."""
    i32 = k.c
    i32[of_op(i32, op, WAIT)] -= 1
    i32[of_op(i32, op, OP_READY)] = max(i32[of_op(i32, op, OP_READY)], at)
    if i32[of_op(i32, op, WAIT)] == 0 and i32[of_op(i32, op, COMMITTED)] == 0:
        show(k, op, t)


@inner
def show(k: K, op: int, t: int) -> None:
    """Queue the operation's lots; it may start at its ready time. Outside steps take their course at once."""
    i32 = k.c
    ready = i32[of_op(i32, op, OP_READY)]
    q = i32[i32[F_OP_QUEUE] + op]
    for lot in range(i32[i32[F_LOT_PTR] + op], i32[i32[F_LOT_PTR] + op + 1]):
        i32[of_lot(i32, lot, READY)] = ready
        i32[of_lot(i32, lot, SHOWN)] = t
        if q >= 0:
            enqueue(k, lot)
        else:
            i32[of_lot(i32, lot, STATE)] = L_TAKEN
    push(k, max(ready, t), E_READY, op)


@inner
def note_end(k: K, lot: int, end: int, t: int) -> None:
    """The lot's end is certain: when it is the operation's last, the successors can be told."""
    i32 = k.c
    op = i32[i32[F_LOT_OP] + lot]
    i32[of_lot(i32, lot, END)] = end
    i32[of_op(i32, op, OP_END)] = max(i32[of_op(i32, op, OP_END)], end)
    i32[of_op(i32, op, UNSTARTED)] -= 1
    if i32[of_op(i32, op, UNSTARTED)] == 0:
        tell_successors(k, op, t)


@inner
def finish(k: K, lot: int, t: int) -> None:
    """The lot's run is over."""
    i32, i64 = k.c, k.w
    i32[of_lot(i32, lot, STATE)] = L_DONE
    i32[of_op(i32, i32[i32[F_LOT_OP] + lot], LEFT)] -= 1
    i64[G_DONE] += 1
    i64[G_POLLS] = 0
    tool = i64[of_step(i32, i32[i32[F_OP_ROW] + i32[i32[F_LOT_OP] + lot]], TOOL)]
    if tool >= 0:
        i64[i32[F_TOOL] + tool] += 1
        mark_resource(k, i32[i32[F_TOOLS]] + tool)


@inner
def release_unit(k: K, u: int, t: int) -> None:
    """The unit's lots have ended: they go to their place, or keep the unit until there is room."""
    i32, i64 = k.c, k.w
    lot = i64[of_unit(i32, u, U_LOT)]
    op = i32[i32[F_LOT_OP] + lot]
    place = i64[of_step(i32, i32[i32[F_OP_ROW] + op], PLACE)]
    if may_block(k, op):
        if i64[i32[F_PLACE] + place] > 0:
            i64[i32[F_PLACE] + place] -= 1
        else:
            i64[of_unit(i32, u, U_STATE)] = BLOCKED
            return
    free_unit(k, u)


@inner
def cycles_of(k: K, row: int, pieces: int) -> int:
    """Machine cycles for so many pieces."""
    i32, i64 = k.c, k.w
    return -(-pieces // i64[of_step(i32, row, PPC)])


@inner
def may_use(k: K, lot: int, u: int) -> bool:
    """Same-machine groups, and over how many machines a lot may be split."""
    i32, i64 = k.c, k.w
    op = i32[i32[F_LOT_OP] + lot]
    m = i32[i32[F_UNIT_MACHINE] + u]
    if i32[FIELDS + F_LOT_MACHINE] > 0 and 0 <= i32[i32[F_LOT_MACHINE] + lot] != m:
        return False
    if i32[FIELDS + F_OP_SAME] > 0 and i32[i32[F_OP_SAME] + op] >= 0:
        bound = i32[i32[F_SAME] + i32[i32[F_OP_SAME] + op]]
        if bound >= 0 and bound != m:
            return False
    first, last = (i32[i32[F_LOT_PTR] + op], i32[i32[F_LOT_PTR] + op + 1])
    if last - first == 1 or i32[of_op(i32, op, SPREAD)] < i64[of_step(i32, i32[i32[F_OP_ROW] + op], SPLIT)]:
        return True
    for other in range(first, last):
        if (
            i32[of_lot(i32, other, STATE)] >= L_TAKEN
            and i32[of_lot(i32, other, UNIT)] >= 0
            and (i32[i32[F_UNIT_MACHINE] + i32[of_lot(i32, other, UNIT)]] == m)
        ):
            return True
    return False


@inner
def settle(k: K, lot: int, u: int) -> None:
    """The lot belongs to the unit from now on: its operation is spread over one machine more, unless it was there already."""
    i32 = k.c
    op = i32[i32[F_LOT_OP] + lot]
    known = False
    for other in range(i32[i32[F_LOT_PTR] + op], i32[i32[F_LOT_PTR] + op + 1]):
        v = i32[of_lot(i32, other, UNIT)]
        if v >= 0 and i32[i32[F_UNIT_MACHINE] + v] == i32[i32[F_UNIT_MACHINE] + u]:
            known = True
    if not known:
        i32[of_op(i32, op, SPREAD)] += 1
    i32[of_lot(i32, lot, UNIT)] = u


@inner
def group_of(k: K, op: int) -> int:
    """The operation's same-machine group; -1: none."""
    i32 = k.c
    return i32[i32[F_OP_SAME] + op] if i32[FIELDS + F_OP_SAME] > 0 else -1


@inner
def ungroup(k: K, op: int) -> None:
    """A reservation was taken back: its group is free again, unless another lot of the group has a machine."""
    i32 = k.c
    group = group_of(k, op)
    if group < 0:
        return
    a, last = (op, i32[FIELDS + F_JOB_OF] - 1)
    while a > 0 and i32[i32[F_JOB_OF] + a - 1] == i32[i32[F_JOB_OF] + op]:
        a -= 1
    while a <= last and i32[i32[F_JOB_OF] + a] == i32[i32[F_JOB_OF] + op]:
        if i32[i32[F_OP_SAME] + a] == group:
            for lot in range(i32[i32[F_LOT_PTR] + a], i32[i32[F_LOT_PTR] + a + 1]):
                if i32[of_lot(i32, lot, UNIT)] >= 0:
                    return
            for w in range(i32[FIELDS + F_WIP_OP]):
                if i32[i32[F_WIP_OP] + w] == a:
                    return
        a += 1
    i32[i32[F_SAME] + group] = -1


@inner
def forget(k: K, lot: int, u: int) -> None:
    """A lot goes back to its queue: its operation is no longer spread over the unit's machine, unless by another lot."""
    i32 = k.c
    op = i32[i32[F_LOT_OP] + lot]
    i32[of_lot(i32, lot, UNIT)] = -1
    for other in range(i32[i32[F_LOT_PTR] + op], i32[i32[F_LOT_PTR] + op + 1]):
        v = i32[of_lot(i32, other, UNIT)]
        if v >= 0 and i32[i32[F_UNIT_MACHINE] + v] == i32[i32[F_UNIT_MACHINE] + u]:
            return
    i32[of_op(i32, op, SPREAD)] -= 1
