"""The command ``check``: of an input, or of a plan file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from fong.cli.speaking import Voice
from fong.formats.rows import MOST_ALIKE
from fong.model.order import Workshop
from fong.workshop.loading import Ask, load

if TYPE_CHECKING:
    from fong.model.check import Findings


def check(ask: Ask, plan_file: Path | None) -> int:
    """Say that all is well, with counts, or every fault (an InputFault goes up to the door)."""
    return _plan(ask, plan_file) if plan_file is not None else _input(ask)


def _input(ask: Ask) -> int:
    voice, loaded = Voice(ask.language), load(ask)
    given = loaded.given
    voice.out(*(voice.say(note) for note in loaded.notes))
    if isinstance(given, Workshop):
        factory, orders = given.factory, given.orders
        counts = {
            "machines": len(factory.machines),
            "people": len(factory.people),
            "items": len(factory.items),
            "steps": len(factory.routing),
            "orders": len(orders),
        }
        voice.out(voice.tell("input_ok", source=ask.source, **counts))
        return 0
    counts = {"jobs": given.jobs, "operations": given.operations, "machines": given.machines}
    voice.out(voice.tell("instance_ok", source=ask.source, **counts))
    return 0


def _plan(ask: Ask, plan_file: Path) -> int:
    from fong.workshop.checking import judge  # the judge is compiled code: not needed for an input

    voice = Voice(ask.language)
    judged = judge(ask, plan_file)
    if judged.findings.facts:
        voice.out(voice.tell("facts"), voice.faults(judged.findings.facts))
    if judged.findings.ok and not judged.strangers:
        code = "plan_ok_instance" if judged.instance else "plan_ok"
        voice.out(voice.tell(code, tasks=judged.tasks, orders=judged.orders))
        return 0
    voice.err(voice.tell("plan_faults", n=len(judged.strangers) + sum(judged.findings.counts.values())))
    voice.err(voice.faults((*judged.strangers[:MOST_ALIKE], *judged.findings.faults)), *_untold(judged.findings, voice))
    return 1


def _untold(findings: Findings, voice: Voice) -> list[str]:
    """How many more there are of the codes of which only the first are told one by one."""
    told = Counter(finding.code for finding in findings.faults)
    more = {code: count - told[code] for code, count in findings.counts.items()}
    return [voice.tell("plan_more", n=n, code=code) for code, n in more.items() if n > 0]
