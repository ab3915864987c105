"""Whole-input validation: everything that is wrong with a workshop's meaning, all at once.

Readers check cells; this checks what cells say together: names that nobody has, routings in a circle, work that no machine, person,
hour or stock can ever do. A place is a table, a column and the position in the noun's tuple; for ``calendars`` that of the calendar.
"""

from __future__ import annotations

from collections.abc import Iterator

from fong.model.directory import Directory
from fong.model.hour_faults import hour_faults
from fong.model.message import Fault
from fong.model.name_faults import name_faults
from fong.model.order import Workshop
from fong.model.route_faults import route_faults
from fong.model.stock_faults import stock_faults
from fong.model.value_faults import value_faults
from fong.model.work_faults import work_faults


def find_faults(workshop: Workshop) -> tuple[Fault, ...]:
    """Every fault of a workshop, table by table as found; empty if it can be planned.

    A late order is no fault. Codes stand in the catalogue ``model_faults``; the advice of a fault under ``<code>.how``.
    """
    return tuple(each_fault(workshop))


def each_fault(workshop: Workshop) -> Iterator[Fault]:
    """The same faults one by one, for a reader who counts rather than keeps a million alike."""
    directory = Directory(workshop)
    for check in (value_faults, name_faults, route_faults, hour_faults, stock_faults, work_faults):
        yield from check(directory)
