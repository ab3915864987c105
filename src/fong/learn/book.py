"""The order book at a moment: items with their routes, orders with release and due date, and work in progress."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from fong.learn.capability import steps_of
from fong.learn.learned import Knowledge, Route
from fong.learn.options import LearnOptions
from fong.learn.record import Record
from fong.model.factory import Item, Speed, Step
from fong.model.order import OrderLine, State, WorkInProgress

UNNAMED = "item"
_PPM = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Orders and all that they need to be planned."""

    items: tuple[Item, ...]
    routing: tuple[Step, ...]
    speeds: tuple[Speed, ...]
    orders: tuple[OrderLine, ...]
    state: State
    routes: tuple[Route, ...]
    no_quantity: tuple[str, ...]


def usual_routes(routes: Mapping[str, tuple[str, ...]], items: Mapping[str, str]) -> dict[str, list[tuple[str, ...]]]:
    """Routes by item, the most frequent first (then the longer one)."""
    counts: dict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for order, route in routes.items():
        counts[items.get(order, "")][route] += 1
    return {item: sorted(c, key=lambda r: (-c[r], -len(r), r)) for item, c in counts.items()}


def order_book(
    known: Knowledge, rec: Record, routes: Mapping[str, tuple[str, ...]], now_s: int, options: LearnOptions
) -> Book:
    """The orders of a record as they stand at a moment.

    Parameters
    ----------
    known
        Where times come from.
    rec
        The orders' own record, on the same clock (origins may differ).
    routes
        Each order's whole route: given data.
    now_s
        The moment, in seconds of ``rec``: orders that ended before it are done, those that began before it are under way.
    options
        For the due dates.
    """
    names = _item_names(routes, rec)
    items: dict[str, Item] = {}
    routing: list[Step] = []
    speeds: list[Speed] = []
    for order, route in routes.items():
        name = names[rec.items.get(order, ""), route]
        if name not in items:
            items[name] = Item(name=name)
            rows, own = steps_of(known, rec.items.get(order, ""), name, route)
            routing += rows
            speeds += own
    lines, work = _orders(known, rec, routes, names, _by_item(routing), now_s, options)
    first = {item: alternatives[0] for item, alternatives in usual_routes(routes, rec.items).items()}
    return Book(
        items=tuple(items.values()),
        routing=tuple(routing),
        speeds=tuple(speeds),
        orders=tuple(lines),
        state=State(work=tuple(work)),
        routes=tuple(
            Route(order=o, item=rec.items.get(o, ""), steps=r, usual=r == first[rec.items.get(o, "")])
            for o, r in routes.items()
        ),
        no_quantity=tuple(o for o in routes if o not in rec.quantities),
    )


def _by_item(routing: Iterable[Step]) -> dict[str, list[Step]]:
    out: dict[str, list[Step]] = defaultdict(list)
    for row in routing:
        out[row.item].append(row)
    return out


def _item_names(routes: Mapping[str, tuple[str, ...]], rec: Record) -> dict[tuple[str, tuple[str, ...]], str]:
    """A name for each item and route: the item's own for its usual route, then ``item #2`` and so on."""
    return {
        (item, route): f"{item or UNNAMED} #{i}" if i > 1 else item or UNNAMED
        for item, alternatives in usual_routes(routes, rec.items).items()
        for i, route in enumerate(alternatives, start=1)
    }


def _orders(
    known: Knowledge,
    rec: Record,
    routes: Mapping[str, tuple[str, ...]],
    names: Mapping[tuple[str, tuple[str, ...]], str],
    rows: Mapping[str, list[Step]],
    now_s: int,
    options: LearnOptions,
) -> tuple[list[OrderLine], list[WorkInProgress]]:
    usual = usual_flows(known)
    by_order = rec.by(lambda s: s.order)
    lines: list[OrderLine] = []
    work: list[WorkInProgress] = []
    for order, route in routes.items():
        item = rec.items.get(order, "")
        name = names[item, route]
        stretches = by_order[order]
        first, last = stretches[0].start_s, max(s.end_s for s in stretches)
        quantity = rec.quantities.get(order, 1)
        flow = usual.get(item, usual[""])
        lines.append(
            OrderLine(
                order=order,
                item=name,
                quantity=quantity,
                release=rec.moment(first),
                due=rec.moment(first) + timedelta(minutes=round(flow * options.due_factor / 60)),
                status="done" if first < now_s and last <= now_s else "open",
            )
        )
        if first < now_s < last:
            work += _progress(rec, order, rows[name], quantity, now_s)
    return lines, work


def usual_flows(known: Knowledge) -> dict[str, float]:
    """Median flow time (first start to last end) by item in seconds, "" over all."""
    by_item: dict[str, list[int]] = defaultdict(list)
    for order, flow in known.flows_s.items():
        by_item[known.record.items.get(order, "")].append(flow)
    out = {item: float(median(flows)) for item, flows in by_item.items()}
    out[""] = float(median(known.flows_s.values())) if known.flows_s else 0.0
    return out


def _progress(rec: Record, order: str, rows: list[Step], quantity: int, now_s: int) -> list[WorkInProgress]:
    """What is done of an order: all steps before the furthest one begun, and of that as much as was reported (else by its time)."""
    before = [s for s in rec.stretches if s.order == order and s.start_s < now_s]
    begun = {s.step for s in before}
    place = max((i for i, r in enumerate(rows) if r.name in begun), default=-1)
    if place < 0:
        return []
    started = _started(rows, quantity)
    row = rows[place]
    here = [s for s in before if s.step == row.name]
    told = [s.pieces for s in here if s.kind != "setup"]
    if told and None not in told:
        done = sum(p or 0 for p in told)
    else:
        spent = sum(min(s.end_s, now_s) - s.start_s for s in here if s.kind in {"run", ""})
        done = spent * row.pieces_per_cycle // row.cycle_s
    out = (
        [WorkInProgress(order=order, sequence=rows[place - 1].sequence, done_pieces=started[place - 1])]
        if place
        else []
    )
    return [*out, WorkInProgress(order=order, sequence=row.sequence, done_pieces=min(done, started[place]))]


def _started(rows: list[Step], good: int) -> list[int]:
    """Pieces to start at each step of a chain for so many good ones in the end."""
    out = [0] * len(rows)
    for i in range(len(rows) - 1, -1, -1):
        good = -(-good * _PPM // (_PPM - int(rows[i].scrap_pct * 10_000)))
        out[i] = good
    return out
