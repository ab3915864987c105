"""The plan as one CSV file that a spreadsheet opens as it is: UTF-8 with a mark, commas, CRLF (RFC 4180)."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from fong.render.plantable import Cell, job_table
from fong.render.view import PlanView


def plan_csv(view: PlanView, language: str) -> bytes:
    """One row a lot and step. Moments are the wall clock's (``2026-03-04 08:00:00``); texts cannot be formulas."""
    table = job_table(view, language)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(table.heads)
    writer.writerows([_shown(cell) for cell in row] for row in table.rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _shown(cell: Cell) -> object:
    return f"{cell:%Y-%m-%d %H:%M:%S}" if isinstance(cell, datetime) else cell
