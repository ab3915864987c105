"""The commands that plan: ``plan``, ``explain``, ``demo``, ``day-list``, ``tonight``."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

from fong._kernels import cold
from fong.cli.asking import day_of
from fong.cli.figures import fault_figures, figures
from fong.cli.progress import with_bar
from fong.cli.speaking import Voice
from fong.cli.summary import summary
from fong.cli.values import wrong
from fong.errors import FongError, UsageError
from fong.workshop import exporting, planning
from fong.workshop.explaining import order_stories, view
from fong.workshop.loading import BOOKS, EXAMPLES, Ask
from fong.workshop.planning import Planned
from fong.workshop.writing import ready

COMPILE_S = 40
"""About how long the first plan compiles, on two cores."""
BY: dict[str, tuple[exporting.By, ...]] = {
    "machine": ("machine",),
    "person": ("person",),
    "both": ("machine", "person"),
}


def plan(ask: Ask, outs: Sequence[Path], *, only: str | None, as_json: bool) -> int:
    """Plan, write, and say what came of it; 1 if no plan obeys all rules."""
    voice = Voice(ask.language)
    try:
        ready(outs, exporting.SUFFIXES, ask.path)
        if only is not None and not any(path.suffix.lower() == ".ics" for path in outs):
            raise wrong("only_calendars", option="--only")
        planned = planned_for(ask, voice)
        written(planned, outs, voice, only)
    except FongError as error:
        if as_json and not isinstance(error, UsageError):
            voice.out(json.dumps(fault_figures(ask, error, voice)))
        raise
    if as_json:
        voice.out(json.dumps(figures(planned, voice)))
    elif planned.schedule is not None:
        paths = [voice.tell("wrote", path=path) for path in outs]
        voice.out(summary(planned, view(planned), voice), *(paths or ["", voice.tell("to_see", source=ask.source)]))
    return code_of(planned, voice)


def planned_for(ask: Ask, voice: Voice) -> Planned:
    """Plan behind a progress bar; a word before the first compilation."""
    if cold():
        voice.err(voice.tell("compiling", seconds=COMPILE_S))
    return with_bar(
        voice, lambda report, stop: planning.plan(ask, report=report, stop=stop), amount=amount_of(ask, voice)
    )


def amount_of(ask: Ask, voice: Voice) -> Callable[[int], str] | None:
    """How the bar says the best value so far; None for what may be a benchmark instance, whose numbers have no unit."""
    if ask.source not in EXAMPLES and Path(ask.source).suffix.lower() not in BOOKS:
        return None
    return lambda value: voice.tell(f"objective.{ask.objective or 'weighted_tardiness'}", value=value)


def written(planned: Planned, outs: Sequence[Path], voice: Voice, only: str | None = None) -> None:
    """Write the files of a plan that obeys every rule; nothing of any other."""
    if planned.schedule is not None and outs:
        exporting.export(planned, outs, voice.language, only)


def code_of(planned: Planned, voice: Voice) -> int:
    """The exit code; where there is no plan, say why on stderr."""
    if planned.schedule is not None:
        return 0
    faults = planned.faults
    head = voice.tell("refused") if faults else voice.tell("no_plan")
    voice.err(head, voice.faults(faults or planned.result.reasons))
    return 1


def explain(ask: Ask, order: str) -> int:
    """Say what each line of an order waits for."""
    voice = Voice(ask.language)
    planned = planned_for(ask, voice)
    if planned.schedule is None:
        return code_of(planned, voice)
    for title, story in order_stories(planned, order):
        voice.out(voice.say(title), *(f"  {voice.say(what)}" for what in story))
    return 0


def demo(language: str, out: Path | None, *, opened: bool) -> int:
    """Plan `knit`, write its Gantt page, say what came of it, open the page."""
    voice = Voice(language)
    path = out or demo_page()
    ready([path], (".html",))
    planned = planned_for(Ask(source="knit", language=language), voice)
    if planned.schedule is not None:
        written(planned, [path], voice)
        voice.out(*(voice.say(what) for what in view(planned).summary), voice.tell("page_at", path=path))
        if opened and has_screen():
            webbrowser.open(path.resolve().as_uri())
    return code_of(planned, voice)


def demo_page() -> Path:
    """Where the demo's page goes: a folder in sight, because some browsers are kept from hidden and temporary ones."""
    try:
        folder = Path.home() / "fong-demo"
        folder.mkdir(exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except (OSError, RuntimeError):
        folder = Path(tempfile.mkdtemp(prefix="fong-demo-"))
    return folder / "knit.html"


def has_screen() -> bool:
    """Whether a browser can open here: without a desktop, Python would start one in the terminal."""
    return sys.platform in {"win32", "darwin"} or any(
        os.environ.get(v) for v in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    )


def day_list(ask: Ask, out: Path, *, day: str | None, by: str) -> int:
    """Write the day's lists, one page or two."""
    voice = Voice(ask.language)
    if by not in BY:
        raise wrong("bad_choice", option="--by", found=by, wanted=", ".join(BY))
    pages = {kind: out if len(BY[by]) == 1 else out.with_stem(f"{out.stem}-{kind}") for kind in BY[by]}
    wanted = None if day is None else day_of(day)
    ready(list(pages.values()), (".html",), ask.path)
    planned = planned_for(ask, voice)
    if planned.schedule is not None:
        exporting.write_day_lists(planned, pages, voice.language, wanted)
        voice.out(*(voice.tell("list_at", path=path) for path in pages.values()))
    return code_of(planned, voice)


def tonight(ask: Ask, out: Path) -> int:
    """Write tonight's loading list."""
    voice = Voice(ask.language)
    ready([out], (".html",), ask.path)
    planned = planned_for(ask, voice)
    if planned.schedule is not None:
        exporting.write_tonight(planned, out, voice.language)
        voice.out(voice.tell("list_at", path=out))
    return code_of(planned, voice)
