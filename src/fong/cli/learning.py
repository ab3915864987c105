"""The command ``learn``: a shop's own time log becomes tables, and what was assumed is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

from fong.cli.asking import moment_of
from fong.cli.options import Objective
from fong.cli.progress import with_bar
from fong.cli.speaking import Voice
from fong.cli.values import wrong
from fong.errors import UsageError
from fong.formats.log_columns import LogColumns
from fong.formats.log_dates import ORDERS
from fong.learn import Learned, LearnOptions
from fong.model.message import message
from fong.workshop.learning import LogOptions, compare_log, learn_log, write_page
from fong.workshop.writing import ready

KINDS = ("setup", "run", "down")
_NO_COLUMNS = ("date_order", "encoding", "separator", "kinds", "longest_h")
COLUMNS = tuple(f.name for f in fields(LogColumns) if f.name not in _NO_COLUMNS)


def columns_of(
    columns: Iterable[str], kinds: Iterable[str] = (), date_order: str = "", longest_h: int = 168
) -> LogColumns:
    """The log's columns as the options say: ``order=Case ID``, and words of its flag column: ``setup=Rüsten``.

    Raises
    ------
    UsageError
        Not of this form, or no such name; or no such order of a date.
    """
    if date_order and date_order not in ORDERS:
        raise wrong("bad_choice", option="--date-order", found=date_order, wanted=", ".join(ORDERS))
    named = dict(_pair("--column", text, COLUMNS) for text in columns)
    words = {word: kind for kind, word in (_pair("--kind", text, KINDS) for text in kinds)}
    return LogColumns(**named, kinds=words, date_order=date_order, longest_h=longest_h)


def _pair(option: str, text: str, names: Sequence[str]) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not value or name not in names:
        raise UsageError(message("cli.bad_pair", option=option, found=text, wanted=", ".join(names)))
    return name, value


def options_of(
    columns: LogColumns,
    enrich: Path | None,
    enrich_columns: Sequence[str],
    shifts_min: Sequence[int],
    time_zone: str,
    now: str | None,
) -> LogOptions:
    """All that the owner says about the log and the learning."""
    return LogOptions(
        columns=columns,
        enrich=enrich,
        enrich_columns=columns_of(enrich_columns, date_order=columns.date_order),
        shifts_min=tuple(shifts_min) or (0,),
        learn=LearnOptions(time_zone=time_zone, now=None if now is None else moment_of(now)),
    )


def learn(log: Path, out: Path, options: LogOptions, page: Path | None, objective: Objective, language: str) -> int:
    """Learn, write the tables, say what was assumed; with ``page`` also plan the last orders and lay the plan beside reality."""
    voice = Voice(language)
    if page is not None:
        ready([page], (".html",))
    learned = with_bar(voice, lambda *_: learn_log(log, out, options))
    voice.out(*told(learned, voice), voice.tell("wrote", path=out), voice.tell("learned_next", path=out))
    return compare(log, options, page, objective, voice) if page is not None else 0


def told(learned: Learned, voice: Voice) -> list[str]:
    """What was found, what was assumed, and what such a log cannot tell."""
    factory = learned.factory
    lines = [
        voice.tell(
            "learned",
            machines=len(factory.machines),
            people=len(factory.people),
            items=len(factory.items),
            steps=len(factory.routing),
            orders=len(learned.orders),
        )
    ]
    lines += ["", voice.tell("learned_tending")] if learned.tending else []
    for machines, seconds in sorted(learned.tending.items()):
        lines.append("  " + voice.say(message("learn.tending", machines=machines, hours=round(seconds / 3600, 1))))
    lines += ["", voice.tell("learned_assumed"), *(f"  – {voice.say(what)}" for what in learned.assumptions)]
    lines += ["", voice.tell("learned_unknown"), *(f"  – {voice.say(what)}" for what in learned.unknowns), ""]
    return lines


def compare(log: Path, options: LogOptions, page: Path, objective: Objective, voice: Voice) -> int:
    """Write the page that lays a plan of the last orders beside what happened; 1 if there is no such plan."""
    compared = with_bar(voice, lambda report, _: compare_log(log, options, objective=objective.value, report=report))
    if compared.faults or compared.reasons:
        voice.err(voice.faults(compared.faults or compared.reasons))
    write_page(compared, page, log.stem, voice.language)
    voice.out(voice.tell("wrote", path=page))
    return 0
