"""The door for terminals: ``fong plan``, ``check``, ``explain``, ``new``, ``learn``, ``demo``, ``day-list``, ``tonight``.

No thinking here: a command gathers what was asked, calls one use case of :mod:`fong.workshop`, and prints what came of it.
Everything heavy loads inside the commands, so that ``fong --help`` is quick. Exit codes: 0 ok, 1 the input is at fault (or no
plan obeys all rules), 2 the call is wrong, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Sequence

__all__ = ["main", "run"]

OK, INPUT, USAGE, STOPPED = 0, 1, 2, 130


def main() -> None:
    """Run the command that the process was started with; never returns."""
    _speak_any_language()
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:
        _leave_pipe()
        code = code or INPUT
    # A stopped search may still be at work in its thread, inside compiled code: the process does not wait for it.
    if code == STOPPED:
        os._exit(code)
    raise SystemExit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; what went wrong is said on stderr, without a traceback.

    Parameters
    ----------
    arguments
        The words after ``fong``.
    """
    from fong.cli.language import chosen_language, language_of, locale_in
    from fong.errors import FongError

    language = language_of(locale_in(os.environ) or _system_locale())
    try:
        language = chosen_language(arguments, language)
        from fong.cli.commands import invoke

        code = invoke(arguments, language)
        return _stopped(language) if code == STOPPED else code  # newer releases of typer catch Ctrl-C themselves
    except FongError as error:
        from fong.cli.failing import report

        return report(error, language)
    except KeyboardInterrupt:
        return _stopped(language)
    except BrokenPipeError:  # `fong check … | head`
        _leave_pipe()
        return INPUT
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        return _full(language)


def _stopped(language: str) -> int:
    """Say that Ctrl-C was heard."""
    from fong.lang import text

    sys.stderr.write(f"\n{text('cli.stopped', {}, language)}\n")
    return STOPPED


def _full(language: str) -> int:
    """Say that what the answer was to be written to has no room for it."""
    from fong.lang import text

    _leave_pipe()
    sys.stderr.write(f"{text('cli.full', {}, language)}\n")
    return INPUT


def _speak_any_language() -> None:
    """A console that cannot show a character shows its number instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _leave_pipe() -> None:
    """Nobody listens any more: let the interpreter close its streams in peace."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _system_locale() -> str:
    """The locale of the desktop where the environment has none (Windows)."""
    import locale

    with contextlib.suppress(ValueError, TypeError):
        return locale.getlocale()[0] or ""
    return ""
