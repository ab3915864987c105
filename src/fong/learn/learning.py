"""The verb: a performance becomes a factory and an order book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fong.errors import InputFault, UsageError
from fong.learn.book import Book, order_book
from fong.learn.capability import capability
from fong.learn.learned import Knowledge, Learned, Sample
from fong.learn.options import LearnOptions
from fong.learn.people import tending
from fong.learn.record import DAY_S, Record, record
from fong.learn.statements import assumptions, unknowns
from fong.learn.study import study
from fong.model.factory import Calendar, Factory, Settings
from fong.model.message import Fault, Place, message
from fong.model.performance import Performance

_LEAST_HORIZON_DAYS = 60


def learn(performance: Performance, options: LearnOptions | None = None) -> Learned:
    """Learn a factory and an order book from what happened.

    Parameters
    ----------
    performance
        A shop's own time log; at least one event.
    options
        What its owner decides.

    Raises
    ------
    InputFault
        The performance holds no event.
    UsageError
        An option is out of range.
    """
    wish = options or LearnOptions()
    _check(wish)
    if not performance.events:
        raise InputFault([Fault(message=message("learn.log_empty"), place=Place(table="log"))])
    rec = record(performance, wish.time_zone)
    horizon = horizon_days(rec)
    known = study(rec, wish, horizon)
    now_s = _now_s(rec, wish.now)
    book = order_book(known, rec, known.routes, now_s, wish)
    factory = factory_of(known, book, rec.moment(now_s), wish.time_zone, horizon)
    return Learned(
        factory=factory,
        orders=book.orders,
        state=book.state,
        routes=book.routes,
        samples=tuple(samples(known)),
        tending=dict(sorted(sum(tending(rec).values(), Counter()).items())),
        assumptions=tuple(assumptions(known, factory, book, wish)),
        unknowns=tuple(unknowns(known)),
        knowledge=known,
    )


def _check(options: LearnOptions) -> None:
    for name in ("automatic_share", "relay_share", "bench_share", "calendar_distance", "due_factor"):
        value = getattr(options, name)
        if value <= 0:
            raise UsageError(message("learn.option_not_positive", option=name, found=value))
    try:
        ZoneInfo(options.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(message("learn.no_such_zone", found=options.time_zone)) from None


def horizon_days(rec: Record) -> int:
    """Twice the length of the log, so that its own orders can be planned anew; 60 days at least."""
    return max(_LEAST_HORIZON_DAYS, 2 * (rec.end_s - rec.begin_s) // DAY_S + 1)


def _now_s(rec: Record, now: datetime | None) -> int:
    return rec.begin_s // DAY_S * DAY_S if now is None else rec.seconds(now)


def factory_of(known: Knowledge, book: Book, now: datetime, time_zone: str, horizon: int) -> Factory:
    """Knowledge and an order book as one factory."""
    means = capability(known, _machine_hours(known))
    return Factory(
        settings=Settings(now=now, time_zone=time_zone, horizon_days=horizon),
        machines=means.machines,
        people=means.people,
        calendars=means.calendars,
        items=book.items,
        routing=book.routing,
        speeds=book.speeds,
    )


def _machine_hours(known: Knowledge) -> Mapping[str, Calendar]:
    """Calendars of machines, in a log that names no people."""
    if known.skills.of:
        return {}
    calendars = {c.name: c for c in known.hours.calendars}
    return {m: calendars[known.hours.of[m]] for m in known.group if m in known.hours.of}


def samples(known: Knowledge) -> Iterator[Sample]:
    """Every learned figure with the number behind it; a figure of an item or machine only where it has samples of its own."""
    for step, t in sorted(known.times.items()):
        own = t.figures("")
        yield Sample(figure="cycle_s", step=step, value=own.cycle_s, samples=t.lots)
        yield Sample(figure="setup_s", step=step, value=own.setup_s, samples=t.setups)
        for item, n in sorted(t.by_item.items()):
            if item:
                yield Sample(figure="cycle_s", step=step, item=item, value=t.figures(item).cycle_s, samples=n)
        for machine, n in sorted(t.by_machine.items()):
            yield Sample(figure="cycle_s", step=step, machine=machine, value=t.figures("", machine).cycle_s, samples=n)
        for machine, n in sorted(t.setups_by_machine.items()):
            yield Sample(figure="setup_s", step=step, machine=machine, value=t.figures("", machine).setup_s, samples=n)
    for step, pct in sorted(known.scrap_pct.items()):
        yield Sample(figure="scrap_pct", step=step, value=float(pct), samples=known.record.scrap_rows[step])
    for machine, b in sorted(known.breakdowns.items()):
        yield Sample(figure="mtbf_h", machine=machine, value=b.busy_s / b.number / 3600, samples=b.number)
        yield Sample(figure="mttr_h", machine=machine, value=b.down_s / b.number / 3600, samples=b.number)
    for (person, skill), n in sorted(known.skills.evidence.items()):
        yield Sample(figure="skill", step=skill, person=person, value=1, samples=n)
    for name, days in sorted(known.hours.days.items()):
        yield Sample(figure="hours", person=name, value=days, samples=days)
