"""Parts of a story: stretches of time with what is said of them; names; equal neighbours become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from fong.model.message import Message, Param
from fong.model.problem import NEVER, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One stretch [since, until) and why; several parts of one stretch share its length.

    ``length_s`` is the part's own time. ``params`` are those of the message but its lengths and orders; ``ops``: operations (or
    orders) that stand in the way, with for how long.
    """

    since: int
    until: int
    code: str
    unit: str = "wait_s"
    length_s: int
    params: tuple[tuple[str, Param], ...] = ()
    ops: tuple[tuple[int, int], ...] = field(default=())


class Namer:
    """Names of a problem's things; numbers where it has none."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        names = problem.names.orders
        lines: dict[str, int] = {}
        for order, _ in names:
            lines[order] = lines.get(order, 0) + 1
        self._labels = [f"{o}/{n}" if lines[o] > 1 else o for o, n in names]

    def of(self, kind: str, index: int) -> str:
        """The name of a machine, person, skill, step, zone, material, tool or place."""
        names = getattr(self.problem.names, kind)
        return str(names[index]) if names else str(index)

    def order(self, op: int) -> str:
        """The order, with its line if it has several."""
        job = int(np.searchsorted(self.problem.job_ptr, op, side="right")) - 1
        return self._labels[job] if self._labels else str(job)

    def moment(self, at: int) -> datetime | int:
        """On the wall clock, or plain seconds where there is none."""
        epoch = self.problem.epoch
        if epoch is None:
            return at
        return (epoch.astimezone(UTC) + timedelta(seconds=min(at, NEVER))).astimezone(epoch.tzinfo)

    def message(self, part: Part) -> Message:
        """The part's sentence: with one order or with several."""
        params: dict[str, Param] = {**dict(part.params), part.unit: part.length_s}
        code = part.code
        if part.ops:
            held: dict[str, int] = {}
            for op, seconds in part.ops:
                held[self.order(op)] = held.get(self.order(op), 0) + seconds
            params["order"] = max(held, key=lambda o: held[o])
            if len(held) > 1:
                code, params["more"] = f"{code}_more", len(held) - 1
        return Message(code, params)


def joined(parts: Iterable[Part]) -> list[Part]:
    """Stretches that touch and say the same, or the same machine or skill in other words, become one."""
    out: list[list[Part]] = []
    for part in parts:
        if part.length_s <= 0:
            continue
        if out and _kin(out[-1][-1], part):
            out[-1].append(part)
        else:
            out.append([part])
    return [_one(group) for group in out]


def _kin(a: Part, b: Part) -> bool:
    if a.until != b.since or not a.unit == b.unit == "wait_s":
        return False
    kind = next((k for k in (_QUEUE, _PEOPLE) if a.code in k and b.code in k), None)
    if kind is None:
        return a.code == b.code and a.params == b.params
    return a.params[:2] == b.params[:2]  # the step and its machine, or its skill


def _one(group: list[Part]) -> Part:
    """The parts of one kind as one, with what it is made of."""
    seconds: dict[str, int] = {}
    for part in group:
        seconds[part.code] = seconds.get(part.code, 0) + part.length_s
    longest = max(group, key=lambda part: part.length_s)
    whole = replace(
        longest,
        since=group[0].since,
        until=group[-1].until,
        length_s=sum(seconds.values()),
        ops=tuple(op for part in group for op in part.ops),
    )
    if len(seconds) == 1:
        return whole
    return _queue(whole, group, seconds) if longest.code in _QUEUE else _by_turns(whole, seconds)


def _queue(whole: Part, group: list[Part], seconds: dict[str, int]) -> Part:
    """A machine that is busy or about to be; for part of the time all of its group are, or another one is free."""
    code, more = "plan.waits_queue", dict[str, Param]()
    if _GROUP in seconds:
        count = next(dict(part.params)["count"] for part in group if part.code == _GROUP)
        code, more = f"{code}_group", {"count": count, "all_s": seconds[_GROUP]}
    if _CHOICE in seconds:
        code, more = f"{code}_choice", {**more, "free_s": seconds[_CHOICE]}
    return replace(whole, code=code, params=(*whole.params[:2], *more.items()))


def _by_turns(whole: Part, seconds: dict[str, int]) -> Part:
    """People of one skill who are off shift, busy, or soon to be."""
    if _SHIFT not in seconds:
        return replace(whole, code="plan.waits_people_or_soon")
    return replace(whole, code="plan.waits_by_turns", params=(*whole.params, ("off_s", seconds[_SHIFT])))


_GROUP, _CHOICE, _SHIFT = "plan.waits_group", "plan.waits_choice_machine", "plan.waits_shift"
_QUEUE = frozenset({"plan.waits_machine", "plan.waits_gap", _GROUP, _CHOICE})
_PEOPLE = frozenset({"plan.waits_people", "plan.waits_people_soon", _SHIFT})
