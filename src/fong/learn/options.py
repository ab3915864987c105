"""What the owner of a log may decide about the learning; the defaults are stated in the output."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnOptions:
    """How a log is read as a factory.

    Parameters
    ----------
    time_zone
        IANA name; a log without offsets is read as this zone's wall clock.
    now
        Moment of the learned order book (naive: the log's own clock). None: the first midnight of the log, so that all is open.
    due_factor
        A due date is the first start plus this many median flow times of the item (> 0).
    least_stretches
        A person has a skill after so many stretches of the step (≥ 1), or if nobody has more.
    least_days
        A person's own hours count after so many days at work (≥ 1).
    automatic_share
        A machine step whose run time overlaps other work of the same person by at least this share runs without that person.
    relay_share
        The same, if at least this share of its run time belongs to lots that several people ran one after another.
    bench_share
        A "machine" that holds several orders for at least this share of its busy time is a bench, not a machine.
    calendar_distance
        People whose working weeks differ by at most this share of their hours (Jaccard) get one calendar.
    """

    time_zone: str = "Asia/Hong_Kong"
    now: datetime | None = None
    due_factor: float = 1.5
    least_stretches: int = 3
    least_days: int = 8
    automatic_share: float = 0.5
    relay_share: float = 0.5
    bench_share: float = 0.25
    calendar_distance: float = 0.35
