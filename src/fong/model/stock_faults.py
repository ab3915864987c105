"""Material that can never suffice: what the open orders need against all that is on hand or will come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

import numpy as np

from fong.model.directory import MILLION, Directory, Stage, fault, pieces_to_start
from fong.model.factory import BillLine
from fong.model.message import Fault
from fong.model.order import OrderLine

_NAMED = 4

Need = dict[str, Decimal]


def stock_faults(d: Directory) -> Iterator[Fault]:
    """One fault for each component of which the open orders together need more than there will ever be.

    The need is the least possible one: of several variants that with the least of the component; pieces that have been started
    have taken theirs.
    """
    total: Need = defaultdict(Decimal)
    users: dict[str, list[str]] = defaultdict(list)
    bills: dict[str, list[BillLine]] = defaultdict(list)
    for b in d.factory.bill:
        if b.component != b.item:  # made of itself: a fault of its own
            bills[b.item].append(b)
    lines: dict[str, list[OrderLine]] = defaultdict(list)
    for _, line in d.open_lines:
        if line.item in bills and line.item in d.routes:
            lines[line.item].append(line)
    for item, ordered in lines.items():
        for component, quantity in _of_item(d, ordered, d.routes[item], bills[item]).items():
            total[component] += quantity
            users[component].append(item)
    yield from _short(d, total, users)


def _of_item(d: Directory, lines: list[OrderLine], stages: tuple[Stage, ...], bill: list[BillLine]) -> Need:
    """What all lines of an item need; those without work in progress or variants at once."""
    out: Need = defaultdict(Decimal)
    plain = len({s.step.variant for s in stages}) == 1
    fresh = [o for o in lines if plain and (o.order, o.line) not in d.work]
    if fresh:
        for component, quantity in _of_variant(bill, _sums(stages, fresh), [s.step.sequence for s in stages]).items():
            out[component] += quantity
    for line in lines if len(fresh) < len(lines) else ():
        if not plain or (line.order, line.line) in d.work:
            for component, quantity in least_need(d, line, bill).items():
                out[component] += quantity
    return out


def _sums(stages: tuple[Stage, ...], lines: list[OrderLine]) -> dict[int, int]:
    """Pieces to start at each sequence, of all lines together; as :func:`pieces_to_start`, line by line."""
    good = np.array([o.quantity for o in lines], np.int64)
    out: dict[int, np.ndarray[tuple[int], np.dtype[np.int64]]] = {}
    for stage in reversed(stages):
        wanted = good
        for i, q in enumerate(stage.after):
            wanted = np.maximum(wanted, out[q]) if i else out[q]
        kept = max(1, MILLION - int(stage.step.scrap_pct * 10_000))
        out[stage.step.sequence] = -(-wanted * MILLION // kept)
    return {q: int(n.sum()) for q, n in out.items()}


def least_need(d: Directory, line: OrderLine, bill: list[BillLine]) -> Need:
    """The least of each component that an order line will still take."""
    stages = d.routes[line.item]
    pieces = _to_start(d, line, stages)
    variants: dict[str, list[int]] = defaultdict(list)
    for stage in stages:
        variants[stage.step.variant].append(stage.step.sequence)
    needs = [_of_variant(bill, pieces, sequences) for sequences in variants.values()]
    components = {c for need in needs for c in need}
    return {c: min(need.get(c, Decimal(0)) for need in needs) for c in components}


def _of_variant(bill: list[BillLine], pieces: Mapping[int, int], sequences: list[int]) -> Need:
    out: Need = defaultdict(Decimal)
    first = min(sequences)
    for b in bill:
        at = first if b.sequence is None else b.sequence
        if at in sequences:
            out[b.component] += b.quantity * pieces[at]
    return out


def _to_start(d: Directory, line: OrderLine, stages: tuple[Stage, ...]) -> dict[int, int]:
    """Pieces that each step has still to start: what is finished at a step, or after it, has been started there."""
    pieces = pieces_to_start(stages, line.quantity)
    if (line.order, line.line) not in d.work:
        return pieces
    work = {w.sequence: w for w in d.work[line.order, line.line]}
    done: dict[int, int] = {}
    for stage in reversed(stages):
        q = stage.step.sequence
        own = work.get(q)
        finished = 0 if own is None else pieces[q] if own.ends is not None else own.done_pieces
        later = max((pieces[q] if done[n] >= pieces[n] else done[n] for n in stage.after), default=0)
        done[q] = min(pieces[q], max(finished, later))
    return {q: n - done[q] for q, n in pieces.items()}


def _short(d: Directory, total: Need, users: Mapping[str, list[str]]) -> Iterator[Fault]:
    coming: Need = defaultdict(Decimal)
    for r in d.factory.receipts:
        coming[r.item] += r.quantity
    for i, item in enumerate(d.factory.items):
        there = item.on_hand + coming[item.name]
        need = total.get(item.name, Decimal(0))
        if need <= there:
            continue
        made = frozenset(users[item.name])
        orders = list(dict.fromkeys(o.order for _, o in d.open_lines if o.item in made))
        named = ", ".join(orders[:_NAMED]) + (" …" if len(orders) > _NAMED else "")
        yield fault(
            "material_short",
            "items",
            "on_hand",
            i,
            found=_plain(there),
            wanted=_plain(need),
            short=_plain(need - there),
            unit=item.unit,
            item=item.name,
            orders=named,
        )


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
