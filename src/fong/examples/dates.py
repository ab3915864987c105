"""Moments counted from now, and those at which customers collect: when orders fall due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from fong.examples.hours import at


def seconds_between(now: datetime, moment: datetime) -> int:
    """Whole seconds from one moment to the other."""
    return round((moment - now).total_seconds())


def minute_at(now: datetime, offset_s: int) -> datetime:
    """The full minute nearest to so many seconds after ``now``."""
    return now + timedelta(minutes=round(offset_s / 60))


@dataclass(frozen=True, slots=True)
class Collections:
    """Collections on working days, ``days`` a week, seconds counted from ``now``."""

    now: datetime
    days: int

    def after(self, moment_s: int, hour: int) -> datetime:
        """The first collection at ``hour`` that is not before ``moment_s``."""
        return next(t for t in self._at(hour) if self.seconds(t) >= moment_s)

    def before(self, moment_s: int, hour: int) -> datetime:
        """The last collection at ``hour`` before ``moment_s`` (which must lie after yesterday's)."""
        last = self.now
        for t in self._at(hour):
            if self.seconds(t) >= moment_s:
                break
            last = t
        return last

    def seconds(self, moment: datetime) -> int:
        """Seconds from now to ``moment``."""
        return seconds_between(self.now, moment)

    def _at(self, hour: int) -> Iterator[datetime]:
        day = self.now.date() - timedelta(days=1)
        while True:
            if day.weekday() < self.days:
                yield at(day, self.now, hour * 3600)
            day += timedelta(days=1)
