"""When customers collect: the moments at which orders fall due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from fong.examples.hours import at


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
        return round((moment - self.now).total_seconds())

    def _at(self, hour: int) -> Iterator[datetime]:
        day = self.now.date() - timedelta(days=1)
        while True:
            if day.weekday() < self.days:
                yield at(day, self.now, hour * 3600)
            day += timedelta(days=1)
