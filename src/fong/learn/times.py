"""Set-up and run times by step, item and machine, with the number of samples behind each."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from fong.learn.record import DAY_S, Work
from fong.learn.robust import Effects, effects, line, location, misfit, ratio

_LINE_GAIN = 0.9  # two figures must fit this much better than one
_LEAST_FOR_SHAPE = 5  # lots before a time may be said not to grow with the pieces
_LEAST_FOR_LINE = 8  # lots of an item before it has a fixed part of its own
_LINE_SAMPLES = 200  # pairs grow with the square
_UNFINISHED_S = 3 * DAY_S
_LEAST_S = 0.5  # shorter work is a time stamp, not a time


@dataclass(frozen=True, slots=True)
class Figures:
    """Times of a step: set-up, one cycle, pieces a cycle (whole seconds ≥ 0, cycle ≥ 1)."""

    setup_s: int
    cycle_s: int
    pieces_per_cycle: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTimes:
    """Times of one step.

    ``shape``: ``piece`` (time grows with the pieces), ``lot`` (one time a lot), ``line`` (a fixed part and one a piece, told apart by
    lots of different sizes because no flag tells) or ``none`` (no usable sample). ``run`` is on the log scale; ``setup`` in seconds.
    ``lots``: samples behind ``run``; ``setups``: behind ``setup``; ``lot_s``: median run time of a lot; ``largest``: most pieces of a lot.
    """

    step: str
    shape: str
    setup: Effects[str] | None
    run: Effects[str]
    lots: int
    setups: int
    lot_s: float
    largest: int
    by_item: Mapping[str, int]
    by_machine: Mapping[str, int]
    setups_by_machine: Mapping[str, int]

    def figures(self, item: str, machine: str | None = None) -> Figures:
        """Times for an item, on a machine (None: the step's own)."""
        setup = 0 if self.setup is None else max(0, round(self.setup.at(item, machine)))
        cycle = max(1, round(math.exp(self.run.at(item, machine))))
        return Figures(setup, cycle, 10 ** math.ceil(math.log10(max(10, self.largest))) if self.shape == "lot" else 1)


def step_times(all_works: Sequence[Work], end_s: int) -> dict[str, StepTimes]:
    """Times of every step of the works; ``end_s``: end of the log, near which work may be unfinished."""
    by_step: dict[str, list[Work]] = defaultdict(list)
    for w in all_works:
        by_step[w.step].append(w)
    last = {w.order: w.step for w in sorted(all_works, key=lambda w: w.first_s)}
    flags = any(w.flagged for w in all_works)
    largest = max((w.pieces or 1 for w in all_works), default=1)
    out: dict[str, StepTimes] = {}
    for step, group in by_step.items():
        finished = [w for w in group if w.reported or last[w.order] != step or w.last_s < end_s - _UNFINISHED_S]
        out[step] = _times(step, finished or group, flags=flags, largest=largest)
    return _lent(out)


def _times(step: str, group: Sequence[Work], *, flags: bool, largest: int) -> StepTimes:
    runs = [w for w in group if w.run_s > _LEAST_S]
    setups = [w for w in group if w.flagged and (w.setup_s or w.run_s)]
    fit = _best(runs, flags=flags)
    setup = _setup(setups) or fit.fixed
    only_setup = fit.shape == "none" and setup is not None
    return StepTimes(
        step=step,
        shape="lot" if only_setup else fit.shape,
        setup=setup,
        run=fit.run,
        lots=len(fit.lots),
        setups=len(setups) if any(w.setup_s for w in setups) else (len(fit.lots) if fit.fixed else 0),
        lot_s=median([w.run_s for w in runs]) if runs else 0.0,
        largest=largest,
        by_item=Counter(w.item for w in fit.lots),
        by_machine=Counter(w.machine for w in fit.lots if w.machine),
        setups_by_machine=Counter(w.machine for w in setups if w.machine),
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    """One way to explain the run times of a step: its shape, its parts, the lots behind it."""

    shape: str
    run: Effects[str]
    lots: Sequence[Work]
    fixed: Effects[str] | None = None

    def misfit(self, counted: Sequence[Work]) -> float:
        """Sum of absolute errors over lots with a number of pieces."""
        guesses = [
            math.exp(self.run.at(w.item, w.machine or None)) * (1 if self.shape == "lot" else w.pieces or 1)
            + (self.fixed.at(w.item) if self.fixed else 0.0)
            for w in counted
        ]
        return misfit([w.run_s for w in counted], guesses)


def _best(runs: Sequence[Work], *, flags: bool) -> _Fit:
    """The way that errs least: time grows with the pieces, or is one a lot, or (where no flag tells set-up from run) both."""
    counted = [w for w in runs if w.pieces]
    if not runs:
        return _Fit("none", Effects(0.0, {}, {}), ())
    if not counted:
        return _lot(runs)
    piece = _piece(counted)
    if len(counted) < _LEAST_FOR_SHAPE or len({w.pieces for w in counted}) == 1:
        return piece
    best = min((piece, _lot(runs)), key=lambda fit: fit.misfit(counted))
    both = None if flags else _both(counted)
    return both if both is not None and both.misfit(counted) < _LINE_GAIN * best.misfit(counted) else best


def _lot(runs: Sequence[Work]) -> _Fit:
    return _Fit("lot", _run([w.run_s for w in runs], [1.0] * len(runs), runs), runs)


def _piece(counted: Sequence[Work]) -> _Fit:
    return _Fit("piece", _run([w.run_s for w in counted], [float(w.pieces or 1) for w in counted], counted), counted)


def _both(counted: Sequence[Work]) -> _Fit | None:
    """A fixed part by item (where it has lots of several sizes; else that of all) and one that grows with the pieces."""
    by_item: dict[str, list[Work]] = defaultdict(list)
    for w in counted:
        by_item[w.item].append(w)
    enough = {i: g for i, g in by_item.items() if len(g) >= _LEAST_FOR_LINE and len({w.pieces for w in g}) > 1}
    lines = {i: _line(g)[0] for i, g in enough.items()} or {"": _line(counted)[0]}
    base = location([fixed for item, fixed in lines.items() for _ in by_item.get(item, counted)])
    fixed = Effects(base, {i: f - base for i, f in lines.items() if i in enough}, {})
    left = [w for w in counted if w.run_s > fixed.at(w.item) + _LEAST_S]
    if base <= 0 or not left:
        return None
    run = _run([w.run_s - fixed.at(w.item) for w in left], [float(w.pieces or 1) for w in left], left)
    return _Fit("line", run, counted, fixed)


def _line(counted: Sequence[Work]) -> tuple[float, float]:
    some = counted[:: max(1, len(counted) // _LINE_SAMPLES)]
    return line([w.run_s for w in some], [float(w.pieces or 1) for w in some])


def _run(times: Sequence[float], pieces: Sequence[float], group: Sequence[Work]) -> Effects[str]:
    """Effects on the log of time a piece, lifted so that the hours of all lots together come out right."""
    logs = [math.log(t / q) for t, q in zip(times, pieces, strict=True)]
    fit = effects(logs, [w.item for w in group], [w.machine or None for w in group])
    guesses = [q * math.exp(fit.at(w.item, w.machine or None)) for q, w in zip(pieces, group, strict=True)]
    return Effects(fit.base + math.log(ratio(times, guesses)), fit.items, fit.machines)


def _setup(group: Sequence[Work]) -> Effects[str] | None:
    """Set-up a lot; lots that say run but no set-up count as 0, so that the hours come out right."""
    if not any(w.setup_s for w in group):
        return None
    fit = effects([w.setup_s for w in group], [w.item for w in group], [w.machine or None for w in group])
    return fit if fit.base > 0 else Effects(location([w.setup_s for w in group]), {}, {})


def _lent(times: Mapping[str, StepTimes]) -> dict[str, StepTimes]:
    """Steps without a usable sample take the time of a lot at any step."""
    return {step: stranger(times, step, t) if t.shape == "none" else t for step, t in times.items()}


def stranger(times: Mapping[str, StepTimes], step: str, seen: StepTimes | None = None) -> StepTimes:
    """Times of a step without a sample, or one that the log has never seen: a lot takes the median over all steps."""
    lots = [t.lot_s for t in times.values() if t.lots]
    return StepTimes(
        step=step,
        shape="lot",
        setup=seen.setup if seen else None,
        run=Effects(math.log(median(lots)) if lots else 0.0, {}, {}),
        lots=0,
        setups=seen.setups if seen else 0,
        lot_s=0.0,
        largest=max((t.largest for t in times.values()), default=1),
        by_item={},
        by_machine={},
        setups_by_machine=seen.setups_by_machine if seen else {},
    )
