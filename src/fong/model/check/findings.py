"""What a check finds: faults of the plan, and facts that no plan can change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fong.model.check.rows import Rows
from fong.model.message import Message, Param
from fong.model.problem import NEVER, Problem

I64 = NDArray[np.int64]
Task = tuple[str, int, int, int]
"""Order, line, sequence, sub-lot. Without names: the job's number, 1, the operation's number within its job, sub-lot."""

CAP = 1000
"""So many findings of one code are told one by one; all are counted."""

_NO_TIME = -(2**40)

_KINDS = {
    "machine": "machines",
    "person": "people",
    "zone": "zones",
    "item": "materials",
    "tool": "tools",
    "place": "places",
    "skill": "skills",
}
"""Parameters that hold a number with a name, and where the names stand."""
_SCALES = {"_micro": 1_000_000, "_milli": 1_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding: what, at which task, on which resource, when.

    Parameters
    ----------
    message
        ``check.<code>`` and its parameters; the advice is the catalogue entry ``check.<code>.how``.
    row
        Row of the schedule, -1: a task that the schedule lacks, or work in progress.
    task
        Its name (see :data:`Task`).
    resource
        Name of the machine, person, zone, material, tool or place; "" where none is concerned.
    at_s
        When, in seconds after the epoch; -1: not bound to a moment.

    """

    message: Message
    row: int
    task: Task
    resource: str = ""
    at_s: int = -1

    @property
    def code(self) -> str:
        """The finding's code without its room."""
        return self.message.code.removeprefix("check.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """All that a check found.

    Parameters
    ----------
    faults
        Rules that the plan breaks, at most :data:`CAP` of each code.
    facts
        Rules that what has already happened breaks; never a fault of the plan.
    counts
        How many faults of each code there are, the untold included.

    """

    faults: tuple[Finding, ...] = ()
    facts: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def ok(self) -> bool:
        """Whether the plan breaks no rule."""
        return not self.counts

    @property
    def codes(self) -> frozenset[str]:
        """Codes of all faults, without the room."""
        return frozenset(self.counts)


class Book:
    """Takes down findings, by row of the plan or by operation, and names what they are about."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._faults: list[Finding] = []
        self._facts: list[Finding] = []
        self._counts: Counter[str] = Counter()

    def fault(
        self,
        code: str,
        op: ArrayLike,
        *,
        row: ArrayLike = -1,
        sublot: ArrayLike = 0,
        at: ArrayLike = _NO_TIME,
        **params: ArrayLike,
    ) -> None:
        """Take down one fault for each element of ``op``.

        Parameters
        ----------
        code
            The code without its room.
        op
            [n] operations; the others are [n] or one value for all.
        params
            Numbers for the sentence. ``machine``, ``person``, ``zone``, ``item``, ``tool``, ``place``, ``skill`` are indices and
            become names, the first that is not -1 also the finding's resource; ``other`` and ``before`` are operations and
            become the order's name and the sequence number; what ends in ``_at`` becomes a moment; what ends in ``_micro`` or
            ``_milli`` becomes a decimal number without that ending.

        """
        ops = np.atleast_1d(np.asarray(op, np.int64))
        if len(ops):
            self._counts[code] += len(ops)
            self._faults += self._told(code, ops, {"row": row, "sublot": sublot, "at": at, **params})

    def fact(self, code: str, op: ArrayLike, *, at: ArrayLike = _NO_TIME, **params: ArrayLike) -> None:
        """Take down one fact for each element of ``op``; parameters as for :meth:`fault`."""
        ops = np.atleast_1d(np.asarray(op, np.int64))
        self._facts += self._told(code, ops, {"row": -1, "sublot": 0, "at": at, **params})

    def findings(self) -> Findings:
        """All that was taken down, by time within a code."""
        return Findings(
            faults=tuple(self._faults), facts=tuple(self._facts), counts=MappingProxyType(dict(self._counts))
        )

    def _told(self, code: str, ops: I64, params: Mapping[str, ArrayLike]) -> list[Finding]:
        columns = {k: np.broadcast_to(np.asarray(v, np.int64), ops.shape) for k, v in params.items()}
        first = np.argsort(columns["at"], kind="stable")[:CAP]
        rows = [{k: int(c[i]) for k, c in columns.items()} for i in first]
        return [self._finding(code, int(ops[i]), values) for i, values in zip(first, rows, strict=True)]

    def _finding(self, code: str, op: int, values: dict[str, int]) -> Finding:
        row, sublot, at = (values.pop(k) for k in ("row", "sublot", "at"))
        task = self._task(op, sublot)
        resource = next((str(self._named(k, v)[1]) for k, v in values.items() if k in _KINDS and v >= 0), "")
        told: dict[str, Param] = {"order": task[0], "line": task[1], "sequence": task[2], "sublot": sublot}
        if at != _NO_TIME:
            told["at"] = self._moment(at)
        told |= dict(self._named(k, v) for k, v in values.items())
        return Finding(
            message=Message(f"check.{code}", MappingProxyType(told)),
            row=row,
            task=task,
            resource=resource,
            at_s=at if at != _NO_TIME else -1,
        )

    def _named(self, key: str, value: int) -> tuple[str, Param]:
        """The parameter as a sentence wants it."""
        if key in _KINDS:
            names: tuple[str, ...] = getattr(self._problem.names, _KINDS[key])
            return key, "–" if value < 0 else names[value] if value < len(names) else str(value)
        if key in {"other", "before"}:
            task = self._task(value, 0)
            return key, task[0] if key == "other" else task[2]
        for ending, scale in _SCALES.items():
            if key.endswith(ending):
                return key.removesuffix(ending), value / scale
        return key, self._moment(value) if key.endswith("_at") else value

    def _moment(self, at: int) -> datetime | int:
        """The moment on the wall clock of the problem's epoch, or plain seconds without one."""
        epoch = self._problem.epoch
        if epoch is None:
            return at
        return (epoch.astimezone(UTC) + timedelta(seconds=min(at, NEVER))).astimezone(epoch.tzinfo)

    def _task(self, op: int, sublot: int) -> Task:
        p = self._problem
        if not 0 <= op < p.operations:
            return (str(op), 1, 0, sublot)
        job = int(np.searchsorted(p.job_ptr, op, "right")) - 1
        order, line = p.names.orders[job] if p.names.orders else (str(job), 1)
        step = int(p.op_step[op]) if len(p.op_step) else op
        return (order, line, p.names.sequences[step] if p.names.sequences else op - int(p.job_ptr[job]), sublot)


def tell(rows: Rows, book: Book, code: str, bad: I64, **params: ArrayLike) -> None:
    """Take down one fault for each row of ``bad``; parameters as for :meth:`Book.fault`."""
    book.fault(code, rows.op[bad], row=bad, sublot=rows.sublot[bad], **params)
