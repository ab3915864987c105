"""The commands and their options. Each hands over to a module that loads what it needs; texts of help are put in afterwards."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from fong.cli.options import (
    Format,
    Goal,
    Iterations,
    Lang,
    Now,
    Objective,
    Out,
    Page,
    Plan,
    Seconds,
    Seed,
    Source,
    Workers,
)
from fong.cli.values import YEAR_H, misfit, no_command, one_of, whole, wrong
from fong.lang import catalogue, text

_HEADINGS = (
    "Usage: ", "Options:", "Arguments:", "Commands:", r"Show this message and exit\.", r"\[required\]", r"\[default: "
)  # fmt: skip
_WRONG_CALL: Any = (
    typer.BadParameter.__bases__
)  # the base of all faults of a call, under a name that typer does not export


class _Command(TyperCommand):
    """A command whose help is in the door's language, as is what it says of words that it does not understand."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer does not export its type
        """Take the words; more than there are places for are refused."""
        ctx.allow_extra_args = True
        rest = _parsed(super().parse_args, ctx, args)
        if rest and not ctx.resilient_parsing:
            raise wrong("too_many", found=" ".join(rest), command=ctx.command_path)
        return rest

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - typer does not export its type
        """The help, its headings included."""
        return _translated(super().get_help(ctx), ctx.obj)


class _Group(TyperGroup):
    """The list of commands, in the order in which they stand here, in the door's language."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as above
        """Take the words up to the command."""
        return _parsed(super().parse_args, ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - as above
        """Find the command."""
        if args[0] not in self.commands:
            raise no_command(args[0], list(self.commands), ctx.command_path)
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: Any) -> str:  # noqa: ANN401 - typer does not export its type
        """The help, its headings included."""
        return _translated(super().get_help(ctx), ctx.obj)


def _parsed(parse: Callable[[Any, list[str]], list[str]], ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - as above
    """Parse; a fault of the call knows its command, which some of typer's do not."""
    try:
        return parse(ctx, args)
    except _WRONG_CALL as error:
        error.ctx = error.ctx or ctx
        raise


app = typer.Typer(cls=_Group, add_completion=False, rich_markup_mode=None)


def _version(wanted: bool) -> None:
    if wanted:
        from fong import __version__

        typer.echo(f"fong {__version__}")
        raise typer.Exit


@app.callback()
def fong(
    *,
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_version)] = False,
    lang: Lang = "",
) -> None:
    """Hold the options that stand before a command."""


@app.command(cls=_Command)
def plan(
    source: Source,
    *,
    seconds: Seconds = 0,
    iterations: Iterations = None,
    workers: Workers = None,
    seed: Seed = 0,
    objective: Goal = None,
    now: Now = None,
    format_: Format = None,
    out: Out = None,
    only: Annotated[str | None, typer.Option("--only", metavar="NAME", show_default=False)] = None,
    json: Annotated[bool, typer.Option("--json")] = False,
    lang: Lang = "",
) -> int:
    """Plan."""
    from fong.cli import asking, planning

    ask = asking.ask_of(source, seconds, iterations, workers, seed, objective, now, format_, lang)
    return planning.plan(ask, outs=out or [], only=only, as_json=json)


@app.command(cls=_Command)
def explain(
    source: Source,
    *,
    order: Annotated[str, typer.Option("--order", metavar="N", show_default=False)],
    seconds: Seconds = 0,
    iterations: Iterations = None,
    workers: Workers = None,
    seed: Seed = 0,
    objective: Goal = None,
    now: Now = None,
    format_: Format = None,
    lang: Lang = "",
) -> int:
    """Explain one order."""
    from fong.cli import asking, planning

    return planning.explain(
        asking.ask_of(source, seconds, iterations, workers, seed, objective, now, format_, lang), order
    )


@app.command(cls=_Command)
def check(source: Source, *, plan_file: Plan = None, now: Now = None, format_: Format = None, lang: Lang = "") -> int:
    """Check input, or a plan file."""
    from fong.cli import asking, checking

    return checking.check(asking.ask_of(source, 0, None, 1, 0, None, now, format_, lang), plan_file)


@app.command(cls=_Command)
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", show_default=False, readable=False)], *, lang: Lang = ""
) -> int:
    """Write a template."""
    from fong.cli import starting

    return starting.new(folder, lang)


@app.command(cls=_Command)
def learn(
    log: Annotated[Path, typer.Argument(metavar="LOG.csv", show_default=False, readable=False)],
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", show_default=False, readable=False)],
    column: Annotated[list[str] | None, typer.Option("--column", metavar="NAME=HEADER", show_default=False)] = None,
    kind: Annotated[list[str] | None, typer.Option("--kind", metavar="KIND=WORD", show_default=False)] = None,
    date_order: Annotated[str, typer.Option("--date-order", metavar="ymd|dmy|mdy", show_default=False)] = "",
    longest_hours: Annotated[
        int, typer.Option("--longest-hours", min=1, parser=whole("--longest-hours", 1, YEAR_H), metavar="H")
    ] = 168,
    time_zone: Annotated[str, typer.Option("--time-zone", metavar="ZONE")] = "Asia/Hong_Kong",
    now: Now = None,
    enrich: Annotated[
        Path | None, typer.Option("--enrich", metavar="LOG2.csv", show_default=False, readable=False)
    ] = None,
    enrich_column: Annotated[
        list[str] | None, typer.Option("--enrich-column", metavar="NAME=HEADER", show_default=False)
    ] = None,
    behind_min: Annotated[
        list[int] | None,
        typer.Option(
            "--behind-min", parser=whole("--behind-min", -YEAR_H * 60, YEAR_H * 60), metavar="MIN", show_default=False
        ),
    ] = None,
    compare: Annotated[
        Path | None, typer.Option("--compare", metavar="FILE.html", show_default=False, readable=False)
    ] = None,
    objective: Annotated[
        Objective, typer.Option("--objective", parser=one_of("--objective", Objective), metavar="O")
    ] = Objective.FLOW_TIME,
    lang: Lang = "",
) -> int:
    """Learn a factory from a time log."""
    from fong.cli import learning

    columns = learning.columns_of(column or (), kind or (), date_order, longest_hours)
    options = learning.options_of(columns, enrich, enrich_column or (), behind_min or (), time_zone, now)
    return learning.learn(log, out, options, compare, objective, lang)


@app.command(cls=_Command)
def demo(
    *,
    open_: Annotated[bool, typer.Option("--open/--no-open")] = True,
    out: Page = None,
    lang: Lang = "",
) -> int:
    """Plan the example workshop and show it."""
    from fong.cli import planning

    return planning.demo(lang, out, opened=open_)


@app.command("day-list", cls=_Command)
def day_list(
    source: Source,
    *,
    out: Page = None,
    day: Annotated[str | None, typer.Option("--day", metavar="DATE", show_default=False)] = None,
    by: Annotated[str, typer.Option("--by", metavar="machine|person|both")] = "both",
    seconds: Seconds = 0,
    iterations: Iterations = None,
    workers: Workers = None,
    seed: Seed = 0,
    objective: Goal = None,
    now: Now = None,
    lang: Lang = "",
) -> int:
    """Print the day list."""
    from fong.cli import asking, planning

    ask = asking.ask_of(source, seconds, iterations, workers, seed, objective, now, None, lang)
    return planning.day_list(ask, out or Path("day-list.html"), day=day, by=by)


@app.command(cls=_Command)
def tonight(
    source: Source,
    *,
    out: Page = None,
    seconds: Seconds = 0,
    iterations: Iterations = None,
    workers: Workers = None,
    seed: Seed = 0,
    objective: Goal = None,
    now: Now = None,
    lang: Lang = "",
) -> int:
    """Print tonight's loading list."""
    from fong.cli import asking, planning

    ask = asking.ask_of(source, seconds, iterations, workers, seed, objective, now, None, lang)
    return planning.tonight(ask, out or Path("tonight.html"))


def tree(language: str) -> Any:  # noqa: ANN401 - as above
    """All commands as typer parses them, with their help in one language."""
    group: Any = typer.main.get_command(app)
    for name, command in (("fong", group), *group.commands.items()):
        key = name.replace("-", "_")
        command.help = text(f"cli.help.{key}", {}, language)
        command.short_help = None if name == "fong" else text(f"cli.help.{key}.short", {}, language)
        for param in command.params:
            param.help = _help_of(key, param.name.strip("_"), language)
    return group


def invoke(arguments: Sequence[str], language: str) -> int:
    """Run one command line and return its exit code.

    Raises
    ------
    UsageError
        Typer cannot make sense of the call.
    """
    commands = tree(language)
    try:
        code = commands.main(
            list(arguments) or ["--help"],
            prog_name="fong",
            standalone_mode=False,
            obj=language,
            terminal_width=_width(language),
        )
    except _WRONG_CALL as error:
        raise misfit(error) from error
    return code if isinstance(code, int) else 0


def _width(language: str) -> int:
    """Columns of a page of help: Chinese text is twice as wide as typer thinks, beside 34 columns of options."""
    columns = min(100, shutil.get_terminal_size().columns)
    return columns if language == "en" else max(50, (columns + 34) // 2)


def _help_of(command: str, param: str, language: str) -> str:
    """A command's own words on an option, else those shared by all."""
    own = f"cli.help.{command}.{param}"
    return text(own if own in catalogue(language) else f"cli.help.option.{param}", {}, language)


def _translated(page: str, language: str) -> str:
    """Put the few words that typer brings along into another language."""
    if language == "en":
        return page
    for number, heading in enumerate(_HEADINGS):
        words = heading.replace(" ", r"\s+")  # they may be broken over two lines
        page = re.sub(words, text(f"cli.help.heading.{number}", {}, language), page)
    return page
