"""The command ``learn``: a shop's own time log becomes tables, and what was assumed is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
from fong.learn.split import TWO_THIRDS
from fong.model.message import Message, message
from fong.workshop.learning import LogOptions, compare_log, learn_log, write_page, write_report
from fong.workshop.writing import ready

KINDS = ("setup", "run", "down")
_NO_COLUMNS = ("date_order", "encoding", "separator", "kinds", "longest_h")
MANY = 4
"""Machines at once from which on the terminal tells no more apart."""
_FEW_H = 10
MOST = (20, 7)
"""Kinds of statements of each part that the terminal shows: with heads and ends some forty lines."""
FIRST = frozenset(
    f"learn.{code}"
    for code in (
        *("log_read", "joined", "now", "bench", "group", "run_overlaps", "run_handed_over", "run_held"),
        *("run_by_hand", "people_left_out", "calendars", "presence", "routes", "due_made_up", "no_item", "no_quantity"),
    )
)
"""Kinds that change a plan most where they are wrong."""
ASIDE = "aside_"
"""So begin the kinds of rows that were not used: as weighty."""
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
    """All that the owner says about the log and the learning.

    Raises
    ------
    UsageError
        Words about a second log, and there is none.
    """
    if enrich is None:
        for option, given in (("--behind-min", shifts_min), ("--enrich-column", enrich_columns)):
            if given:
                raise wrong("needs_option", option=option, wanted="--enrich")
    return LogOptions(
        columns=columns,
        enrich=enrich,
        enrich_columns=columns_of(enrich_columns, date_order=columns.date_order),
        shifts_min=tuple(shifts_min) or (0,),
        learn=LearnOptions(time_zone=time_zone, now=None if now is None else moment_of(now)),
    )


def learn(log: Path, out: Path, options: LogOptions, page: Path | None, objective: Objective, language: str) -> int:
    """Learn, write the tables and a report, say the main points; with ``page`` also plan the last orders and lay the plan beside reality."""
    voice = Voice(language)
    if page is not None:
        ready([page], (".html",))
    learned = with_bar(voice, lambda *_: learn_log(log, out, options, share=None if page is None else TWO_THIRDS))
    report = write_report(out, "\n".join(told(learned, voice)))
    voice.out(*briefly(learned, voice), voice.tell("learned_report", path=report))
    voice.out(voice.tell("wrote", path=out), voice.tell("learned_next", path=out))
    return compare(log, options, page, objective, voice) if page is not None else 0


def told(learned: Learned, voice: Voice) -> list[str]:
    """All that was found, what was assumed, and what such a log cannot tell."""
    tending = [
        voice.say(message("learn.tending", machines=machines, hours=round(seconds / 3600, 1)))
        for machines, seconds in sorted(learned.tending.items())
    ]
    return _page(learned, voice, tending, *([voice.say(what) for what in part] for part in _parts(learned)))


def briefly(learned: Learned, voice: Voice) -> list[str]:
    """The same on one screen: of each kind of statement the first, with how many more there are; what an owner looks at first, first."""
    parts = (_kinds(part, most, voice) for part, most in zip(_parts(learned), MOST, strict=True))
    return _page(learned, voice, at_once(learned.tending, voice), *parts)


def _parts(learned: Learned) -> tuple[Sequence[Message], ...]:
    return learned.assumptions, learned.unknowns


def at_once(tending: Mapping[int, int], voice: Voice) -> list[str]:
    """One line of the hours that one person had one machine, two, three, and more at once; none if nobody had any."""
    most = max(tending, default=0)
    seconds: Counter[int] = Counter()
    for machines, s in tending.items():
        seconds[min(machines, MANY)] += s
    said: list[str] = []
    for machines, s in sorted(seconds.items()):
        code = "tending_more" if machines == MANY < most else "tending_next" if said else "tending_first"
        said.append(voice.tell(code, machines=machines, hours=_hours(s)))
    return [" · ".join(said)] if said else []


def _hours(seconds: int) -> int | float:
    """Hours, with a tenth where there are few."""
    hours = seconds / 3600
    return round(hours) if hours >= _FEW_H or seconds % 3600 == 0 else round(hours, 1)


def _kinds(said: Sequence[Message], most: int, voice: Voice) -> list[str]:
    """The first statement of each kind, of no more than ``most`` kinds."""
    kinds: dict[str, list[Message]] = {}
    for what in said:
        kinds.setdefault(what.code, []).append(what)
    light = {code for code in kinds if code not in FIRST and not code.partition(".")[2].startswith(ASIDE)}
    chosen = set(sorted(kinds, key=light.__contains__)[:most])
    lines = [
        voice.tell("learned_alike", sentence=voice.say(some[0]), n=len(some) - 1) if some[1:] else voice.say(some[0])
        for code, some in kinds.items()
        if code in chosen
    ]
    left = sum(len(some) for code, some in kinds.items() if code not in chosen)
    return [*lines, voice.tell("learned_more", n=left)] if left else lines


def _page(learned: Learned, voice: Voice, tending: list[str], assumed: list[str], unknown: list[str]) -> list[str]:
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
    for head, part in (("tending", tending), ("assumed", assumed), ("unknown", unknown)):
        if part:
            lines += ["", voice.tell(f"learned_{head}"), *(f"  – {line}" for line in part)]
    return [*lines, ""]


def compare(log: Path, options: LogOptions, page: Path, objective: Objective, voice: Voice) -> int:
    """Write the page that lays a plan of the last orders beside what happened; 1 if there is no such plan."""
    compared = with_bar(voice, lambda report, _: compare_log(log, options, objective=objective.value, report=report))
    if compared.faults or compared.reasons:
        voice.err(voice.faults(compared.faults or compared.reasons))
    write_page(compared, page, log.stem, voice.language)
    voice.out(voice.tell("wrote", path=page))
    return 0
