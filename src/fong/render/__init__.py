"""Nouns → pages and files: the Gantt page, lists on paper, tables, calendars. No thinking, no files: texts and bytes come out."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fong.render.csvfile import plan_csv
    from fong.render.daylist import day_list
    from fong.render.gantt import gantt_page
    from fong.render.ics import plan_ics
    from fong.render.tonight import nights, tonight_list
    from fong.render.view import PlanView
    from fong.render.viewing import view_of
    from fong.render.workbook import plan_xlsx

_HOME = {
    "PlanView": "view",
    "day_list": "daylist",
    "gantt_page": "gantt",
    "nights": "tonight",
    "plan_csv": "csvfile",
    "plan_ics": "ics",
    "plan_xlsx": "workbook",
    "tonight_list": "tonight",
    "view_of": "viewing",
}
"""Where each public name lives: openpyxl loads only for a workbook."""

__all__ = [
    "PlanView",
    "day_list",
    "gantt_page",
    "nights",
    "plan_csv",
    "plan_ics",
    "plan_xlsx",
    "tonight_list",
    "view_of",
]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a public name from its module, once."""
        if name not in _HOME:
            msg = f"module {__name__!r} has no attribute {name!r}"
            raise AttributeError(msg)
        value: object = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
        globals()[name] = value
        return value
