"""Work in progress that does not fit the orders and routings."""

from __future__ import annotations

from collections.abc import Iterator

from fong.model.directory import Directory, fault, pieces_to_start
from fong.model.message import Fault
from fong.model.order import OrderLine, WorkInProgress


def work_faults(d: Directory) -> Iterator[Fault]:
    """Faults of each row of work in progress."""
    for i, w in enumerate(d.workshop.state.work):
        line = d.lines.get((w.order, w.line))
        if line is None:
            yield fault("no_such_order", "wip", "order", i, found=w.order, line=w.line)
            continue
        yield from _row(d, i, w, line)


def _row(d: Directory, i: int, w: WorkInProgress, line: OrderLine) -> Iterator[Fault]:
    step = d.sequences.get(line.item, {}).get(w.sequence)
    if step is None:
        yield fault("no_such_sequence", "wip", "sequence", i, found=w.sequence, item=line.item)
        return
    if w.machine is not None and w.machine not in d.machines:
        yield fault("no_such_machine", "wip", "machine", i, found=w.machine, wanted="")
    elif w.machine is not None and w.machine not in step.machines:
        yield fault("other_machine", "wip", "machine", i, found=w.machine, item=line.item, sequence=w.sequence)
    elif w.machine is None and w.ends is not None and step.machines:
        yield fault("runs_nowhere", "wip", "machine", i, item=line.item, sequence=w.sequence)
    if line.item in d.routes:
        pieces = pieces_to_start(d.routes[line.item], line.quantity)[w.sequence]
        if w.done_pieces > pieces:
            yield fault("more_than_ordered", "wip", "done_pieces", i, found=w.done_pieces, wanted=pieces)
    now = d.settings.now
    if now.tzinfo is None:
        return
    if w.ends is not None and w.ends.tzinfo is not None and w.ends <= now:
        yield fault("ended_before_now", "wip", "ends", i, found=w.ends)
    if w.started is not None and w.started.tzinfo is not None and w.started > now:
        yield fault("starts_after_now", "wip", "started", i, found=w.started)
