"""A bar on stderr while something long runs, and Ctrl-C that is heard at once."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from fong.cli.speaking import Voice

T = TypeVar("T")
Report = Callable[[str, float, int | None], None]
"""What the work calls as it goes on: the stage's name, the share done (0…1), the best value so far."""
_TICK_S = 0.1


class Work(Generic[T]):
    """A piece of work in a thread of its own, so that compiled code does not keep Ctrl-C or the bar waiting."""

    def __init__(self, work: Callable[[Report, Callable[[], bool]], T]) -> None:
        self._work = work
        self._stop = threading.Event()
        self._value: list[T] = []
        self._error: list[BaseException] = []
        self.stage, self.share, self.best = "", 0.0, None  # type: tuple[str, float, int | None]  # what the bar shows

    def _run(self) -> None:
        try:
            self._value.append(self._work(self._report, self._stop.is_set))
        except BaseException as error:  # noqa: BLE001 - it is raised again where the work was asked for
            self._error.append(error)

    def _report(self, stage: str, share: float, best: int | None) -> None:
        self.stage, self.share, self.best = stage, share, best

    def result(self, tick: Callable[[Work[T]], None]) -> T:
        """Do the work; ``tick`` is called ten times a second. Ctrl-C asks the work to stop and does not wait for it."""
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(_TICK_S)
                tick(self)
        except KeyboardInterrupt:
            self._stop.set()
            raise
        if self._error:
            raise self._error[0]
        return self._value[0]


def with_bar(
    voice: Voice,
    work: Callable[[Report, Callable[[], bool]], T],
    *,
    shown: bool = True,
    amount: Callable[[int], str] | None = None,
) -> T:
    """Do the work behind a progress bar; where stderr is no terminal, without one. ``amount`` puts the best value into words."""
    if not (shown and sys.stderr.isatty()):
        return Work(work).result(lambda _: None)
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns: tuple[Any, ...] = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[best]}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True) as bar:
        row = bar.add_task(voice.tell("stage.read"), total=1.0, best="")

        def tick(running: Work[T]) -> None:
            name = f"cli.stage.{running.stage}"
            words = voice.tell(f"stage.{running.stage}") if voice.knows(name) else running.stage
            value, best = running.best, ""
            if value is not None and amount is not None:
                best = voice.tell("stage.best", value=amount(value))
            bar.update(row, description=words, completed=running.share, best=best)

        return Work(work).result(tick)


def since(start: float) -> float:
    """Seconds since a reading of the clock."""
    return time.perf_counter() - start
