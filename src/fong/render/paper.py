"""Pages for paper: a sheet of A4 after the other, one block a machine, person or zone. No script; one style."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from fong.lang import moment, text
from fong.render.gantt import content_policy, fill, style_sheet
from fong.render.holds import BOTH, SETUP, Hold
from fong.render.view import Bar
from fong.render.wallclock import WallClock

_WEEK = 7
_LONG = 22
"""Rows of a block that may not fit on one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a printed table: its heading, and its class in the style sheet."""

    head: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One table with its heading; ``notes`` stand beside the heading."""

    title: str
    notes: tuple[str, ...]
    rows: Sequence[Sequence[str]]


def sheet(title: str, subtitle: str, columns: Sequence[Column], blocks: Iterable[Block], language: str) -> str:
    """A page of blocks. A step that all rows of a block have in common stands beside its heading instead of in a column."""
    style = style_sheet("tokens.css", "sheet.css")
    return fill(
        "sheet.html",
        language=language,
        policy=content_policy(style),
        style=style,
        title=_safe(title),
        subtitle=_safe(subtitle),
        body="\n".join(_block(*_thinned(block, columns)) for block in blocks)
        or f"<p>{_safe(say('sheet.nothing', language))}</p>",
    )


def say(key: str, language: str, **params: object) -> str:
    """A text of this room."""
    return text(f"render.{key}", params, language)


def when(clock: WallClock, moment_s: int, day_s: int, language: str) -> str:
    """Hours and minutes; with the weekday where it is not the day that begins at ``day_s``, with the date beyond a week."""
    wall, day = clock.at(moment_s), clock.at(day_s)
    apart = (wall.date() - day.date()).days
    if apart == 0 or (apart == 1 and f"{wall:%H:%M}" == "00:00"):
        return f"{wall:%H:%M}" if apart == 0 else "24:00"
    if abs(apart) >= _WEEK:
        return moment(wall, language)
    weekday = say("page.weekdays", language).split("|")[wall.weekday()]
    return say("sheet.weekday_time", language, weekday=weekday, time=f"{wall:%H:%M}")


def place(bar: Bar, language: str) -> str:
    """The machine of a bar, or "by hand", "outside"."""
    return bar.machine or say(f"page.{bar.row.kind}", language)


def held_for(hold: Hold, language: str) -> str:
    """What a person is held for."""
    setup = say("page.setup", language)
    run = say("sheet.loading" if hold.bars[0].batch is not None else "page.run", language)
    return {SETUP: setup, BOTH: f"{setup}, {run}"}.get(hold.kind, run)


def _thinned(block: Block, columns: Sequence[Column]) -> tuple[Block, Sequence[Column]]:
    at = next(i for i, column in enumerate(columns) if column.kind == "step")
    steps = {row[at] for row in block.rows if row[at]}
    if len(steps) != 1:
        return block, columns
    notes = (*(steps - {block.title}), *block.notes)
    rows = [[*row[:at], *row[at + 1 :]] for row in block.rows]
    return replace(block, notes=notes, rows=rows), [*columns[:at], *columns[at + 1 :]]


def _block(block: Block, columns: Sequence[Column]) -> str:
    heads = "".join(f'<th scope="col" class="{c.kind}">{_safe(c.head)}</th>' for c in columns)
    notes = "".join(f"<p>{_safe(note)}</p>" for note in block.notes)
    rows = "\n".join(_row(row, columns) for row in block.rows)
    kinds = ["long"] * (len(block.rows) > _LONG) + ["thin"] * all(c.kind != "step" for c in columns)
    return (
        f'<section class="{" ".join(kinds)}"><header>'
        f"<h2>{_safe(block.title)}</h2>{notes}</header>\n"
        f"<table><thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table></section>"
    )


def _row(row: Sequence[str], columns: Sequence[Column]) -> str:
    cells = "".join(f'<td class="{c.kind}">{_safe(cell)}</td>' for c, cell in zip(columns, row, strict=True))
    return f"<tr>{cells}</tr>"


def _safe(words: str) -> str:
    return html.escape(words)
