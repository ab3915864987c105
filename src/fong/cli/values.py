"""What the words of a call mean, and what is said of those that mean nothing. Typer's own words would be in English only.

Light: loaded for ``--help``.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from fong.errors import UsageError

YEAR_H = 366 * 24
"""Bound for lengths of time that a call may name, in hours."""


def whole(option: str, least: int, most: int) -> Callable[[object], int]:
    """How to read a whole number within bounds; the reader raises :class:`~fong.errors.UsageError` at any other word."""

    def read(word: object) -> int:
        try:
            number = int(str(word))
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise wrong("bad_whole", option=option, found=str(word), least=least, most=most)
        return number

    return read


def number_from(option: str, least: float) -> Callable[[object], float]:
    """How to read a finite number from ``least`` on; refuses as :func:`whole` does."""

    def read(word: object) -> float:
        try:
            number = float(str(word))
        except ValueError:
            number = float("nan")
        if not least <= number < float("inf"):
            raise wrong("bad_number", option=option, found=str(word), least=least)
        return number

    return read


def one_of(option: str, choices: type[StrEnum]) -> Callable[[object], StrEnum]:
    """How to read one of some words; refuses as :func:`whole` does."""

    def read(word: object) -> StrEnum:
        try:
            return choices(str(word))
        except ValueError:
            raise wrong("bad_choice", option=option, found=str(word), wanted=", ".join(choices)) from None

    return read


def wrong(code: str, **params: str | float) -> UsageError:
    """The fault of a call that the door itself finds: ``cli.<code>``."""
    from fong.model.message import message

    return UsageError(message(f"cli.{code}", **params))


def no_such(kind: str, found: str, near: list[str] | None, command: str) -> UsageError:
    """There is no such ``option`` or ``command``; what is spelled nearly so is named."""
    if near:
        return wrong(f"no_{kind}_near", found=found, near=", ".join(near), command=command)
    return wrong(f"no_{kind}", found=found, command=command)


def no_command(found: str, commands: list[str], call: str) -> UsageError:
    """There is no such command."""
    from difflib import get_close_matches

    return no_such("command", found, get_close_matches(found, commands), call)


def misfit(error: Any) -> UsageError:  # noqa: ANN401 - typer does not export its faults' types, nor what they hold
    """A fault that typer found, in the house's words: told apart by what each kind holds, for most have no public name."""
    context = error.ctx
    command = context.command_path if context else "fong"
    option = getattr(error, "option_name", None)
    if hasattr(error, "possibilities"):
        return no_such("option", error.option_name, error.possibilities, command)
    if option is not None:
        # Typer makes two faults of one kind: a flag with a value, and an option without its value.
        flag = any(option in (*p.opts, *p.secondary_opts) and p.is_flag for p in _options(context))
        return wrong("no_value" if flag else "needs_value", option=option, command=command)
    if hasattr(error, "param_type") and error.param is not None:
        name = error.param.metavar if error.param.param_type_name == "argument" else error.param.opts[0]
        return wrong("missing", name=name, command=command)
    if hasattr(getattr(context, "command", None), "commands"):
        return wrong("missing_command", wanted=", ".join(context.command.commands), command=command)
    return wrong("wrong_call", words=error.format_message(), command=command)


def _options(context: Any) -> list[Any]:  # noqa: ANN401 - as above
    return [p for p in context.command.get_params(context) if p.param_type_name == "option"]
