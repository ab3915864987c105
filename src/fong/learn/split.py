"""The cut: learn from the first orders, plan the others, as if it were the moment at which the first of them began."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from itertools import count

from fong.errors import InputFault
from fong.learn.book import Book, order_book
from fong.learn.learned import Knowledge, Learned
from fong.learn.learning import factory_of, horizon_days
from fong.learn.options import LearnOptions
from fong.learn.record import Record, record, routes, visits, works
from fong.model.message import Fault, message
from fong.model.order import Workshop
from fong.model.performance import Performance, WorkEvent

TWO_THIRDS = Fraction(2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A performance cut by orders and by time.

    Parameters
    ----------
    at
        First start of the first order of the rest.
    known
        Events of the first orders that had ended by then: all that a planner could know.
    later
        Events of the first orders that had not.
    rest
        All events of the other orders.
    """

    at: datetime
    known: Performance
    later: Performance
    rest: Performance

    @property
    def known_orders(self) -> frozenset[str]:
        """The first orders."""
        return _orders(self.known) | _orders(self.later)

    @property
    def rest_orders(self) -> frozenset[str]:
        """The orders to be planned."""
        return _orders(self.rest)

    @property
    def running_orders(self) -> frozenset[str]:
        """First orders that were not finished at the cut."""
        return _orders(self.later)


def only(performance: Performance, orders: Iterable[str]) -> Performance:
    """The events of some orders."""
    wanted = frozenset(orders)
    return Performance(events=tuple(e for e in performance.events if e.order in wanted))


def cut(performance: Performance, share: Fraction = TWO_THIRDS) -> Cut:
    """Cut after a share of the orders, by first start (then by name).

    Raises
    ------
    InputFault
        The share leaves one of the parts empty.
    ValueError
        The share is none: not between 0 and 1.
    """
    if not 0 < share < 1:
        msg = f"a share lies between 0 and 1: {share}"
        raise ValueError(msg)
    first: dict[str, datetime] = {}
    for e in performance.events:
        first[e.order] = min(first.get(e.order, e.start), e.start)
    ranked = sorted(first, key=lambda o: (first[o], o))
    number = round(share * len(ranked))
    if not 0 < number < len(ranked):
        least = next(n for n in count(2) if 0 < round(share * n) < n)
        raise InputFault([Fault(message=message("learn.cut_empty", orders=len(ranked), least=least))])
    at, known = first[ranked[number]], frozenset(ranked[:number])
    ours = [e for e in performance.events if e.order in known]
    return Cut(
        at=at,
        known=_performance(e for e in ours if e.end <= at),
        later=_performance(e for e in ours if e.end > at),
        rest=_performance(e for e in performance.events if e.order not in known),
    )


def _performance(events: Iterable[WorkEvent]) -> Performance:
    return Performance(events=tuple(events))


def _orders(performance: Performance) -> frozenset[str]:
    return frozenset(e.order for e in performance.events)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestPlan:
    """What is to be planned after the cut, and how the rest's routes meet what is known.

    ``workshop``: factory of the known part; orders of the rest, and those under way with what is left of them. ``running``: orders
    under way. ``new_routes``: orders of the rest whose whole route no first order
    had; ``new_routes_of_item``: none of the same item; ``new_visits``: none, if every return counts; ``new_steps``: steps never seen before the cut.
    """

    workshop: Workshop
    record: Record
    running: frozenset[str]
    new_routes: frozenset[str]
    new_routes_of_item: frozenset[str]
    new_visits: frozenset[str]
    new_steps: frozenset[str]


def plan_rest(learned: Learned, parts: Cut, options: LearnOptions | None = None) -> RestPlan:
    """Cast the rest as orders for planning.

    Each order of the rest brings its own route (steps by first start) and quantity as given data, and its real first start as
    release; times, groups, people and hours come from the known part alone. Orders under way are planned along with what was left
    of them, for they occupy machines and people.

    Parameters
    ----------
    learned
        What :func:`learn` made of ``parts.known``.
    parts
        The cut.
    options
        The same as for learning.
    """
    wish = options or LearnOptions()
    whole = Performance(events=(*parts.known.events, *parts.later.events, *parts.rest.events))
    rec = record(whole, wish.time_zone)
    now_s = rec.seconds(parts.at)
    ways = _routes(rec, learned.knowledge)
    book = _unfinished(order_book(learned.knowledge, rec, ways, now_s, wish))
    open_ways = {r.order: r for r in book.routes}
    known = {(rec.items.get(o, ""), ways[o]) for o in parts.known_orders}
    went = visits(rec)
    rest = parts.rest_orders
    factory = factory_of(learned.knowledge, book, rec.moment(now_s), wish.time_zone, horizon_days(rec))
    running = parts.running_orders & open_ways.keys()
    return RestPlan(
        workshop=Workshop(factory=factory, orders=book.orders, state=book.state),
        record=rec,
        running=running,
        new_routes=frozenset(o for o in rest if open_ways[o].steps not in {steps for _, steps in known}),
        new_routes_of_item=frozenset(o for o in rest if (open_ways[o].item, open_ways[o].steps) not in known),
        new_visits=frozenset(o for o in rest if went[o] not in {went[k] for k in parts.known_orders}),
        new_steps=frozenset(s for o in rest for s in open_ways[o].steps) - learned.knowledge.times.keys(),
    )


def _routes(rec: Record, known: Knowledge) -> dict[str, tuple[str, ...]]:
    return routes(works(rec, frozenset(known.benches), frozenset()))


def _unfinished(book: Book) -> Book:
    """Without the orders that are done, and their items."""
    lines = tuple(line for line in book.orders if line.status == "open")
    items = {line.item for line in lines}
    orders = {line.order for line in lines}
    return replace(
        book,
        items=tuple(i for i in book.items if i.name in items),
        routing=tuple(r for r in book.routing if r.item in items),
        speeds=tuple(s for s in book.speeds if s.item in items),
        orders=lines,
        routes=tuple(r for r in book.routes if r.order in orders),
    )
