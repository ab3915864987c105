"""Benchmark instances of the scheduling literature → :class:`fong.model.Problem` columns.

``jsp``: a line ``jobs machines``, then one line of ``machine duration`` pairs a job, machines from 0; a job may visit a machine
several times or not at all (then lines end with ``-1 -1`` or at the end of the line). ``fjsp``: a line ``jobs machines
[flexibility]``, then for each job ``#operations``, for each operation ``#alternatives`` and ``machine duration`` pairs, machines
from 1. Packed files (.xz) are unpacked. Times have the instance's own unit, jobs are released at 0.
"""

from __future__ import annotations

import lzma
import re

import numpy as np
from numpy.typing import NDArray

from fong._kernels import freeze
from fong.errors import InputFault
from fong.formats.archive import refuse
from fong.formats.limits import MEGABYTE, Limits, too_much
from fong.formats.reading import DEFAULT_LIMITS
from fong.model import Problem

FORMATS = ("jsp", "fjsp")
_XZ = b"\xfd7zXZ\x00"
_COMMENT = re.compile(rb"^[ \t]*(?:#[^\n]*)?\r?\n")
_LONGEST = 2**30
_MOST = 10**8
_MOST_DIGITS = 18

Ints = NDArray[np.int64]


def is_benchmark(name: str, data: bytes) -> bool:
    """Whether a file looks like a benchmark instance: packed by xz, or beginning with two whole numbers."""
    return (
        data[:6] == _XZ
        or name.lower().endswith((".fjs", ".jsp"))
        or re.match(rb"\s*[0-9]+[ \t]+[0-9]+\s", data) is not None
    )


def read_benchmark(name: str, data: bytes, *, kind: str = "", limits: Limits = DEFAULT_LIMITS) -> Problem:
    """Read an instance.

    Parameters
    ----------
    name
        The file's name; ``.fjs`` says that it is an fjsp.
    data
        Its bytes, packed by xz or not.
    kind
        ``jsp`` or ``fjsp``; empty: by the name.
    limits
        How large it may be.

    Raises
    ------
    InputFault
        The instance is cut off, counts wrongly, or has impossible numbers.
    Limit
        Unpacked it is too large.
    """
    text = unpack(name, data, limits)
    stem = name.lower().removesuffix(".xz")
    if not kind:
        kind = "fjsp" if stem.endswith((".fjs", ".fjsp")) else "jsp"
    if kind not in FORMATS:
        raise refuse("formats.unknown_format", name, found=kind, wanted=", ".join(FORMATS))
    return _Instance(name, text, flexible=kind == "fjsp").problem()


def unpack(name: str, data: bytes, limits: Limits) -> bytes:
    """The text of a file that may be packed by xz.

    Raises
    ------
    InputFault
        The packed file is broken.
    Limit
        Unpacked it is too large.
    """
    if data[:6] != _XZ:
        return data
    most = limits.unpacked_mb * MEGABYTE
    unpacker = lzma.LZMADecompressor(memlimit=limits.memory_mb * MEGABYTE)
    try:
        text = unpacker.decompress(data, most + 1)
    except (lzma.LZMAError, MemoryError):
        raise refuse("formats.broken_xz", name) from None
    if len(text) > most:
        raise too_much("formats.unpacked_too_large", source=name, limit_mb=limits.unpacked_mb)
    if not unpacker.eof:
        raise refuse("formats.broken_xz", name)
    return text


class _Instance:
    """One instance's text."""

    def __init__(self, name: str, text: bytes, *, flexible: bool) -> None:
        self.name, self.flexible = name, flexible
        while (blank := _COMMENT.match(text)) is not None:
            text = text[blank.end() :]
        head, _, self.body = text.partition(b"\n")
        counts = head.split()
        whole = all(c.isdigit() and len(c) < 10 for c in counts[:2])  # noqa: PLR2004 - no absurd numbers
        if len(counts) not in ({2, 3} if flexible else {2}) or not whole:
            raise self.refuse("formats.instance_header", found=head[:60].decode("ascii", "replace").strip())
        self.jobs, self.machines = int(counts[0]), int(counts[1])
        if not (0 < self.jobs <= _MOST and 0 < self.machines <= _MOST):
            raise self.refuse("formats.instance_header", found=f"{self.jobs} {self.machines}")

    def refuse(self, code: str, **params: str | int) -> InputFault:
        return refuse(code, self.name, **params)

    def problem(self) -> Problem:
        values = self.numbers()
        return self.fjsp(values) if self.flexible else self.jsp(values)

    def numbers(self) -> Ints:
        """All numbers after the first line; ``lengths`` gets how many stand on each line that has any."""
        text = np.frombuffer(self.body, np.uint8)
        blank = (text == ord(" ")) | ((text >= ord("\t")) & (text <= ord("\r")))
        digit = (text >= ord("0")) & (text <= ord("9"))
        after_blank = np.concatenate(([True], blank))[:-1]
        before_digit = np.append(digit, False)[1:]
        sign = ((text == ord("-")) | (text == ord("+"))) & after_blank & before_digit
        begins = np.flatnonzero(~blank & after_blank)
        ends = np.flatnonzero(~blank & np.append(blank, True)[1:])
        wrong = np.flatnonzero(~(blank | digit | sign))
        too_long = begins[ends - begins >= _MOST_DIGITS]
        if len(wrong) or len(too_long):
            at = int(min(wrong[:1].tolist() + too_long[:1].tolist()))
            word = self.body[begins[begins <= at][-1] :].split(maxsplit=1)[0]
            found, line = word[:40].decode("ascii", "replace"), self.body[:at].count(b"\n") + 2
            raise self.refuse("formats.instance_number", found=found, line=line)
        lines = np.flatnonzero(text == ord("\n"))
        counts = np.diff(np.searchsorted(begins, np.concatenate(([0], lines, [len(text)]))))
        self.lengths: Ints = counts[counts > 0]
        return np.fromstring(self.body, np.int64, sep=" ") if len(begins) else np.zeros(0, np.int64)

    # ------------------------------------------------------------ jsp
    def jsp(self, values: Ints) -> Problem:
        ended = np.flatnonzero((values[:-1] == -1) & (values[1:] == -1)) if len(values) > 1 else np.zeros(0, np.int64)
        if len(ended):
            pointer, pairs = self.terminated(values, ended)
        else:
            pointer, pairs = self.by_lines(values, self.lengths)
        machine, duration = pairs[:, 0], pairs[:, 1]
        self.check(pointer, machine, duration)
        return Problem(
            job_ptr=freeze(pointer, np.int32),
            mode_machine=freeze(machine, np.int32),
            mode_cycle_s=freeze(duration, np.int32),
            machines=self.machines,
        )

    def terminated(self, values: Ints, ended: Ints) -> tuple[Ints, Ints]:
        """Jobs that end with ``-1 -1``."""
        if len(ended) != self.jobs or ended[-1] != len(values) - 2:
            raise self.refuse("formats.instance_jobs", found=len(ended), wanted=self.jobs)
        lengths = np.diff(np.concatenate(([0], ended + 2))) - 2
        if (lengths % 2).any():
            raise self.odd(lengths)
        keep = np.ones(len(values), bool)
        keep[ended] = keep[ended + 1] = False
        return np.concatenate(([0], np.cumsum(lengths // 2))), values[keep].reshape(-1, 2)

    def by_lines(self, values: Ints, lengths: Ints) -> tuple[Ints, Ints]:
        """One job a line; or, where lines are broken anyhow, every job once on every machine."""
        whole = 2 * self.machines
        if len(lengths) != self.jobs:
            if len(values) != self.jobs * whole:
                raise self.refuse("formats.instance_jobs", found=len(lengths), wanted=self.jobs)
            lengths = np.full(self.jobs, whole)
        if (lengths % 2).any():
            raise self.odd(lengths)
        usual = lengths == whole
        if usual.sum() * 2 >= self.jobs and not usual.all():
            job = int(np.flatnonzero(~usual)[0])
            raise self.refuse("formats.instance_cut", job=job, found=int(lengths[job]) // 2, wanted=self.machines)
        return np.concatenate(([0], np.cumsum(lengths // 2))), values.reshape(-1, 2)

    def odd(self, lengths: Ints) -> InputFault:
        job = int(np.flatnonzero(lengths % 2)[0])
        return self.refuse("formats.instance_pairs", job=job, found=int(lengths[job]))

    # ------------------------------------------------------------ fjsp
    def fjsp(self, values: Ints) -> Problem:
        numbers: list[int] = values.tolist()
        pointer, first, alternatives = [0], [], []
        at, size = 0, len(numbers)
        for job in range(self.jobs):
            operations = numbers[at] if at < size else -1
            at += 1
            if not 0 <= operations <= size:
                raise self.refuse("formats.instance_end" if at > size else "formats.instance_count", job=job)
            for _ in range(operations):
                k = numbers[at] if at < size else -1
                if k < 1 or at + 2 * k >= size:
                    raise self.refuse(
                        "formats.instance_end" if at + 2 * max(1, k) >= size else "formats.instance_count", job=job
                    )
                first.append(at + 1)
                alternatives.append(k)
                at += 1 + 2 * k
            pointer.append(len(first))
        if at != size:
            raise self.refuse("formats.instance_more", found=size - at)
        return self.with_modes(values, np.array(pointer), np.array(first, np.int64), np.array(alternatives, np.int64))

    def with_modes(self, values: Ints, pointer: Ints, first: Ints, alternatives: Ints) -> Problem:
        modes = np.concatenate(([0], np.cumsum(alternatives)))
        at = np.repeat(first - 2 * modes[:-1], alternatives) + 2 * np.arange(modes[-1])
        machine, duration = values[at] - 1, values[at + 1]
        self.check(modes[pointer], machine, duration, base=1)
        operation = np.repeat(np.arange(len(first)), alternatives)
        same = np.unique(operation * self.machines + machine)
        if len(same) != len(machine):
            raise self.refuse("formats.instance_twice")
        return Problem(
            job_ptr=freeze(pointer, np.int32),
            mode_ptr=freeze(modes, np.int32),
            mode_machine=freeze(machine, np.int32),
            mode_cycle_s=freeze(duration, np.int32),
            machines=self.machines,
        )

    # ------------------------------------------------------------ both
    def check(self, pointer: Ints, machine: Ints, duration: Ints, base: int = 0) -> None:
        """Machines that exist, times that are possible and can be counted in 32 bits."""
        wrong = np.flatnonzero((machine < 0) | (machine >= self.machines))
        if len(wrong):
            found, job = int(machine[wrong[0]]) + base, self.job_at(pointer, wrong[0])
            raise self.refuse("formats.instance_machine", job=job, found=found, low=base, high=self.machines - 1 + base)
        wrong = np.flatnonzero((duration < 0) | (duration > _LONGEST))
        if len(wrong):
            job = self.job_at(pointer, wrong[0])
            raise self.refuse("formats.instance_duration", job=job, found=int(duration[wrong[0]]))
        load = np.bincount(machine, duration, self.machines).max(initial=0)
        job_length = np.add.reduceat(np.append(duration, 0), pointer[:-1])[np.diff(pointer) > 0].max(initial=0)
        if base == 0 and max(load, job_length) > _LONGEST:
            raise self.refuse("formats.instance_too_long")

    def job_at(self, pointer: Ints, row: int) -> int:
        return int(np.searchsorted(pointer, row, side="right")) - 1
