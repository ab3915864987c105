"""What was assumed and what the log cannot tell, as messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from fong.learn.book import Book
from fong.learn.learned import Knowledge
from fong.learn.options import LearnOptions
from fong.learn.people import Manner
from fong.learn.record import Record, returns
from fong.model.factory import Factory
from fong.model.message import Message, message


def percent(share: float) -> int:
    """A share as whole percent."""
    return round(100 * share)


def hours(seconds: float) -> int:
    """Seconds as whole hours."""
    return round(seconds / 3600)


def assumptions(known: Knowledge, factory: Factory, book: Book, options: LearnOptions) -> Iterator[Message]:
    """What was assumed, in the order in which its owner thinks: time, machines, times, people, hours, routes, orders."""
    yield message("learn.time_zone", zone=options.time_zone)
    yield message("learn.now", now=f"{factory.settings.now:%Y-%m-%d %H:%M}")
    yield from _about_machines(known)
    yield from _about_times(known)
    yield from _about_manners(known)
    yield from _about_people(known, factory, options)
    yield from _about_hours(known)
    yield from _about_routes(known, book)
    yield message("learn.release_is_start")
    yield message("learn.due_made_up", factor=round(options.due_factor, 2))
    if book.no_quantity:
        yield message("learn.no_quantity", orders=len(book.no_quantity))


def _about_machines(known: Knowledge) -> Iterator[Message]:
    for machine, share in sorted(known.benches.items()):
        yield message("learn.bench", machine=machine, share=percent(share))
    for step, lots in sorted(known.centres.items()):
        yield message("learn.centre", step=step, lots=lots)
    for step, names in sorted(known.machines.items()):
        if step not in known.centres:
            yield message("learn.group", step=step, machines=", ".join(names), number=len(names))

    for machine, b in sorted(known.breakdowns.items()):
        yield message("learn.breakdowns", machine=machine, number=b.number, hours=hours(b.busy_s))


def _about_times(known: Knowledge) -> Iterator[Message]:
    for step, t in sorted(known.times.items()):
        if t.lots == 0 and t.setups == 0:
            yield message("learn.time_lent", step=step)
        elif t.shape == "lot" and t.lots:
            yield message("learn.time_a_lot", step=step, lots=t.lots)
        elif t.shape == "line":
            yield message("learn.time_split", step=step, lots=t.lots)


def _about_manners(known: Knowledge) -> Iterator[Message]:
    for step, e in sorted(known.evidence.items()):
        if e.manner is Manner.NOBODY or not e.run_s:
            continue
        code = {
            Manner.OVERLAPS: "learn.run_overlaps",
            Manner.HANDED_OVER: "learn.run_handed_over",
            Manner.HELD: "learn.run_held" if step in known.machines else "learn.run_by_hand",
        }[e.manner]
        yield message(code, step=step, overlap=percent(e.overlap), relay=percent(e.relay), hours=hours(e.run_s))


def _about_people(known: Knowledge, factory: Factory, options: LearnOptions) -> Iterator[Message]:
    seen = known.record.by(lambda s: s.person)
    kept = {p.name for p in factory.people}
    left = {p: sum(s.end_s - s.start_s for s in group) for p, group in seen.items() if p not in kept}
    if left:
        yield message(
            "learn.people_left_out", people=len(left), hours=hours(sum(left.values())), least=options.least_stretches
        )
    if known.skills.too_few:
        yield message("learn.skills_left_out", skills=len(known.skills.too_few), least=options.least_stretches)
    for step in sorted({step for _, step in known.skills.alone}):
        people = [p for p, s in known.skills.alone if s == step]
        yield message("learn.skill_on_little", step=step, people=", ".join(people), least=options.least_stretches)


def _about_hours(known: Knowledge) -> Iterator[Message]:
    h = known.hours
    yield message("learn.calendars", calendars=len(h.calendars), people=len(h.of))
    for name, weeks in sorted(h.period.items()):
        if weeks > 1:
            yield message("learn.calendar_alternates", calendar=name, weeks=weeks)
    few = sum(d < 8 for d in h.days.values())  # noqa: PLR2004 - two working weeks of four days
    if few:
        yield message("learn.hours_on_little", people=few)
    none = sum(p not in h.of for p in known.skills.of)
    if none:
        yield message("learn.hours_unseen", people=none)
    if h.expected:
        yield message("learn.presence", share=percent(h.present / h.expected))
    if h.long_s:
        yield message("learn.long_attendance", hours=hours(h.long_s))
    for day in h.closed:
        yield message("learn.closed", date=day.isoformat())


def _about_routes(known: Knowledge, book: Book) -> Iterator[Message]:
    usual = sum(r.usual for r in book.routes)
    yield message(
        "learn.routes", orders=len(book.routes), usual=usual, different=len({(r.item, r.steps) for r in book.routes})
    )
    visits, seconds = returns(known.record)
    if visits:
        yield message("learn.returns", visits=visits, hours=hours(seconds))
    unnamed = sum(not r.item for r in book.routes)
    if unnamed:
        yield message("learn.no_item", orders=unnamed)


def unknowns(known: Knowledge) -> Iterator[Message]:
    """What such a log cannot tell."""
    rec = known.record
    yield message("learn.unknown_attention")
    yield message("learn.unknown_zones")
    total = len(rec.stretches)
    for code, missing in _missing(rec).items():
        if missing:
            yield message(f"learn.unknown_{code}", events=missing, all=total)
    early, pairs = _early(known)
    if early:
        yield message("learn.unknown_boxes", early=early, pairs=pairs)
    for step, rows in sorted(rec.scrap_rows.items()):
        if rows and step not in known.scrap_pct:
            yield message("learn.unknown_scrap_few", step=step, rows=rows)
    if not rec.scrap:
        yield message("learn.unknown_scrap")
    for code in ("setup_matrix", "materials", "tools", "waits", "due", "holidays", "idle"):
        yield message(f"learn.unknown_{code}")


def _missing(rec: Record) -> dict[str, int]:
    return {
        "machine": sum(not s.machine for s in rec.stretches),
        "person": sum(not s.person for s in rec.stretches),
        "kind": sum(not s.kind for s in rec.stretches),
        "pieces": sum(s.pieces is None for s in rec.stretches),
    }


def _early(known: Knowledge) -> tuple[int, int]:
    """Pairs of neighbouring steps of an order, and in how many the later began before the earlier ended."""
    spans: dict[tuple[str, str], list[int]] = {}
    for s in known.record.stretches:
        at = spans.setdefault((s.order, s.step), [s.start_s, s.end_s])
        at[1] = max(at[1], s.end_s)
    count: Counter[bool] = Counter()
    for order, route in known.routes.items():
        for a, b in pairwise(route):
            count[spans[order, b][0] < spans[order, a][1]] += 1
    return count[True], count.total()
