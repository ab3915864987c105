"""One-resource relaxations: who needs how much of what, from when, and how much of the job is left after it.

Each :class:`~fong.plan.bounds.one_resource.Relaxation` is a set of machines (people, tools …) and all claims that nothing outside the set can serve. Whatever plan
is legal, it serves these claims within the capacity of the set, so a bound for the set alone is a bound for the plan. Which sets:
single machines; the machines of each distinct list of alternatives, of each zone and of each connected group of lists (with every
claim whose alternatives all lie within: Hall's condition); the people of each skill, of two skills that share people and of each
connected group of skills; the tenders of each zone; each kind of tool; each material.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fong.model import Problem
from fong.plan.bounds import _kernels_least as k
from fong.plan.bounds._kernels_bounds import Capacity
from fong.plan.bounds.capacity import MILLI, Capacities, Night
from fong.plan.bounds.least import Least
from fong.plan.bounds.needs import runners, segment, setters, uses
from fong.plan.bounds.one_resource import Relaxation
from fong.plan.lots import step_of

I8 = NDArray[np.int8]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
_MOST_PAIRS = 3000
"""Pairs of skills that are looked at; each costs some 0.1 ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """Claims on resources as columns: of which operation, from when, how much, what follows."""

    op: I64
    head: I64
    energy: I64
    tail: I64

    def __len__(self) -> int:
        return len(self.op)

    def where(self, chosen: NDArray[np.bool_] | I64) -> Claims:
        """Some of them."""
        return Claims(op=self.op[chosen], head=self.head[chosen], energy=self.energy[chosen], tail=self.tail[chosen])


class Relaxations:
    """All one-resource relaxations of a problem."""

    def __init__(self, problem: Problem, figures: Least) -> None:
        self.problem = problem
        self.figures = figures
        self.capacities = Capacities(problem, figures.calendars)
        counts = np.diff(problem.job_ptr)
        self.job_of = np.repeat(np.arange(len(counts)), counts)
        self.step = step_of(problem)
        self.gap = problem.step_gap[self.step] if len(problem.step_gap) else np.zeros(0, np.int8)
        self.live = np.flatnonzero(figures.live)
        cycles = np.maximum(problem.mode_cycle_s.astype(np.int64), 1)
        self.shortest_s = segment(np.minimum, cycles, problem.mode_ptr)  # [S] cycle on the fastest machine
        self.longest_s = segment(np.maximum, cycles, problem.mode_ptr)

    def __iter__(self) -> Iterator[Relaxation]:
        yield from self._machines()
        if len(self.problem.skill_ptr):
            yield from self._people()
        if len(self.problem.machine_zone):
            yield from self._tenders()
        if len(self.problem.step_tool):
            yield from self._tools()
        if len(self.problem.use_ptr):
            yield from self._materials()

    def _relaxation(self, capacity: Capacity, parts: Iterable[Claims]) -> Iterator[Relaxation]:
        """One relaxation, or none where nothing is claimed."""
        some = [c for c in parts if len(c)]
        if not some:
            return
        op = np.concatenate([c.op for c in some])
        own = self.problem.op_variant
        yield Relaxation(
            capacity=capacity,
            job=self.job_of[op],
            variant=own[op] if len(own) else own,
            head=np.concatenate([c.head for c in some]),
            energy=np.concatenate([c.energy for c in some]),
            tail=np.concatenate([c.tail for c in some]),
        )

    def _claims(self, op: I64, head: I64, energy: I64, tail: I64) -> Claims:
        some = energy > 0
        return Claims(op=op[some], head=np.maximum(head[some], 0), energy=energy[some], tail=tail[some])

    def _grace(self, op: I64) -> int:
        """Longest overtime of any of these operations."""
        p = self.problem
        if not len(self.gap) or not len(p.step_overtime_s) or not len(op):
            return 0
        return int(np.where(self.gap[op] == k.OVERTIME, p.step_overtime_s[self.step[op]], 0).max())

    # ------------------------------------------------------------ machines
    def _machines(self) -> Iterator[Relaxation]:
        keys, by_key = self._machine_sets()
        f = self.figures
        for chosen, machines in _hall_sets(keys, self._zone_machines()):
            op = np.concatenate([by_key[i] for i in chosen])
            if self._varying(machines):
                if len(self.problem.machine_calendar) and len(self.gap):
                    op = op[self.gap[op] != k.RUN_ON]
                if not len(op):
                    continue
                parts = [self._claims(op, f.start[op], f.machine_ms[op], f.tail[op])]
                if not self._zoned(machines):
                    parts.append(self._claims(op, 0 * op, f.setup_s[op] * MILLI, self._after_setup(op)))
            else:  # the set-up is done last before the run, for the machine is held in between
                energy = f.machine_ms[op] + f.setup_s[op] * MILLI
                parts = [self._claims(op, f.start[op] - f.setup_s[op], energy, f.tail[op])]
            night = self._night(op) if self._zoned(machines) else Night()
            yield from self._relaxation(self.capacities.machines(sorted(machines), self._grace(op), night), parts)

    def _machine_sets(self) -> tuple[list[frozenset[int]], list[I64]]:
        """Distinct lists of alternatives, and the operations of each."""
        p = self.problem
        if len(p.mode_ptr):
            number: dict[bytes, int] = {}
            of_step = np.array(
                [
                    number.setdefault(np.sort(p.mode_machine[a:b]).tobytes(), len(number))
                    for a, b in pairwise(p.mode_ptr.tolist())
                ],
                np.int64,
            )
            sets = [frozenset(np.frombuffer(b, np.int32).tolist()) for b in number]
        else:
            of_step = p.mode_machine.astype(np.int64)
            sets = [frozenset((m,)) for m in range(p.machines)]
        key = of_step[self.step[self.live]]
        order = np.argsort(key, kind="stable")
        cuts = np.searchsorted(key[order], np.arange(len(sets) + 1))
        ops = [self.live[order[a:b]] for a, b in pairwise(cuts)]
        some = [i for i, s in enumerate(sets) if s and len(ops[i])]
        return [sets[i] for i in some], [ops[i] for i in some]

    def _zone_machines(self) -> list[frozenset[int]]:
        zone = self.problem.machine_zone
        return [frozenset(np.flatnonzero(zone == z).tolist()) for z in range(self.problem.zones)] if len(zone) else []

    def _varying(self, machines: frozenset[int]) -> bool:
        """Whether the machines are not all simply always open."""
        own = self.problem.machine_calendar
        return self._zoned(machines) or (len(own) > 0 and any(own[m] >= 0 for m in machines))

    def _zoned(self, machines: frozenset[int]) -> bool:
        """Whether tenders limit what the machines do: then set-ups, which they may overlap, are left out."""
        zone = self.problem.machine_zone
        return len(zone) > 0 and any(zone[m] >= 0 for m in machines)

    def _after_setup(self, op: I64) -> I64:
        """What follows a set-up: the run, unless other sub-lots may have run before, and the rest of the job."""
        f = self.figures
        parts = cut(self.problem, self.step[op]) | self._in_batches(op)
        return np.where(parts, 0, f.length[op]) + f.tail[op]

    def _in_batches(self, op: I64) -> NDArray[np.bool_]:
        """Lots that the smallest batch machine of their step does not take whole: some of their pieces may run earlier."""
        p, step = self.problem, self.step[op]
        if not len(p.machine_batch_milli):
            return np.zeros(len(op), bool)
        room = p.machine_batch_milli[p.mode_machine]
        least = segment(np.minimum, np.where(room > 0, room, np.iinfo(np.int64).max), p.mode_ptr)
        units = p.op_pieces[op].astype(np.int64) if len(p.op_pieces) else np.ones(len(op), np.int64)
        out: NDArray[np.bool_] = units * (p.step_batch_milli[step] if len(p.step_batch_milli) else MILLI) > least[step]
        return out

    def _night(self, op: I64) -> Night:
        """The most that these operations can do while nobody is on duty."""
        p = self.problem
        step = np.unique(self.step[op])
        attend = p.step_attend_s[step].astype(np.int64) if len(p.step_attend_s) else 0 * step
        boost = int(np.ceil(100 * self._boost(op)) + 1) * 10  # rounded up, so that equal nights are many
        if (attend <= 0).any():
            return Night(boost_milli=boost, run_s=2**31)
        calls = p.step_cycles_per_call[step].astype(np.int64) if len(p.step_cycles_per_call) else 0 * step + 1
        return Night(boost_milli=boost, run_s=-int(-(self.longest_s[step] * calls).max() // 900) * 900)

    def _boost(self, op: I64) -> float:
        """1 + a/C at the most; of a lot that may be cut for the shortest call there may be: one cycle."""
        p, f, step = self.problem, self.figures, self.step[op]
        run = np.maximum(f.machine_ms[op] - f.service_ms[op], 1)
        whole = f.machine_ms[op] / run
        attend = p.step_attend_s[step].astype(np.float64) if len(p.step_attend_s) else 0.0 * step
        stops = p.step_stops_micro[step] * 1e-6 if len(p.step_stops_micro) else 0.0 * step
        stop = p.step_stop_s[step] if len(p.step_stop_s) else 0 * step
        cycle = self.shortest_s[step]
        return float(np.where(cut(p, step), 1 + attend / cycle + stops * stop / 3600, whole).max())

    # ------------------------------------------------------------ people
    def _people(self) -> Iterator[Relaxation]:
        people: list[frozenset[int]] = []
        claims: list[Claims] = []
        for some, own in self._skills():
            if len(own) and some:
                people.append(some)
                claims.append(own)
        for chosen, some in _hall_sets(people, _pairs(people)):
            parts = [claims[i] for i in chosen]
            grace = max(self._grace(c.op) for c in parts)
            yield from self._relaxation(self.capacities.people(sorted(some), grace), parts)

    def _skills(self) -> Iterator[tuple[frozenset[int], Claims]]:
        """For each skill those who run with it and what they run, those who set up with it and what they set up."""
        p, f = self.problem, self.figures
        op = self.live[p.step_outside_s[self.step[self.live]] < 0] if len(p.step_outside_s) else self.live
        if len(p.step_run_skill):
            steady = op[self.gap[op] != k.RUN_ON] if len(self.gap) else op
            for q, own in _by_key(p.step_run_skill[self.step[steady]], steady):
                yield frozenset(runners(p, q).tolist()), self._claims(own, f.start[own], f.person_ms[own], f.tail[own])
        if len(p.step_setup_skill):
            for q, own in _by_key(p.step_setup_skill[self.step[op]], op):
                energy = f.setup_s[own] * MILLI
                yield frozenset(setters(p, q).tolist()), self._claims(own, 0 * own, energy, self._after_setup(own))

    # ------------------------------------------------------------ tenders
    def _tenders(self) -> Iterator[Relaxation]:
        """Service of calls against the hours of a zone's tenders.

        The zone formula never uses tenders more than fully: Σ gᵢ/(1 + ρ + f) ≤ R with gᵢ = aᵢ/Cᵢ over the k that run. A task makes
        a call every Cᵢ + aᵢ + w seconds, w = C̄·f, and the harmonic mean C̄ is at least the shortest C of the zone, so
        Σ gᵢ·C_min/(Cᵢ + aᵢ + w) ≤ Σ gᵢ/(1 + gᵢ + f) ≤ R (concavity). A call thus counts aᵢ·C_min/Cᵢ, less what ``check`` forgives.
        """
        p, f = self.problem, self.figures
        for z, op, all_in in self._in_zones():
            low, high, service = self._calls(op)
            least = int(low.min())
            forgiven = 1 - 200 / least - 0.004
            own = op[all_in]
            if forgiven <= 0 or not len(own) or p.tender_ptr[z] == p.tender_ptr[z + 1]:
                continue
            if not len(p.step_attend_s) or (p.step_attend_s[self.step[own]] <= 0).any():
                continue  # what is not attended may begin and end in the dark
            energy = (f.service_ms[own] * (least / high[all_in]) * forgiven).astype(np.int64)
            inside = p.machine_zone == z
            slots = int(p.machine_slots[inside].sum()) if len(p.machine_slots) else int(inside.sum())
            claims = self._claims(own, f.start[own], energy, f.tail[own])
            yield from self._relaxation(self.capacities.tenders(z, slots * int(service.max() + 1)), [claims])

    def _in_zones(self) -> Iterator[tuple[int, I64, NDArray[np.bool_]]]:
        """Operations with calls that may run in a zone (also those that run there now), and whether they cannot run elsewhere."""
        p = self.problem
        steps = (
            np.repeat(np.arange(len(p.mode_ptr) - 1), np.diff(p.mode_ptr))
            if len(p.mode_ptr)
            else np.arange(len(p.mode_machine))
        )
        zone = p.machine_zone[p.mode_machine]
        pair, count = np.unique(steps[zone >= 0] * np.int64(p.zones) + zone[zone >= 0], return_counts=True)
        of_step, of_zone = pair // p.zones, pair % p.zones
        modes = np.bincount(steps, minlength=int(self.step.max()) + 1)
        ptr = np.searchsorted(of_step, np.arange(len(modes) + 1))
        only = count == modes[of_step]
        op = np.concatenate((self.live, p.wip_op[p.wip_machine >= 0])).astype(np.int64)
        op = op[self._with_calls(self.step[op])]
        many = np.diff(ptr)[self.step[op]]
        rows = np.repeat(ptr[self.step[op]], many) + np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        op = np.repeat(op, many)
        free = np.ones(p.operations, bool)
        free[p.wip_op] = False
        for z, own in _by_key(of_zone[rows], np.arange(len(op))):
            yield z, op[own], only[rows[own]] & free[op[own]]

    def _with_calls(self, step: I64) -> NDArray[np.bool_]:
        p = self.problem
        out = p.step_attend_s[step] > 0 if len(p.step_attend_s) else np.zeros(len(step), bool)
        if len(p.step_stops_micro) and len(p.step_stop_s):
            out = out | (p.step_stops_micro[step].astype(np.int64) * p.step_stop_s[step] > 0)
        return out

    def _calls(self, op: I64) -> tuple[I64, I64, I64]:
        """Shortest and longest machine time of a call, longest service of one, in ms, over all machines of the step."""
        p = self.problem
        step = self.step[op]
        shortest, longest = self.shortest_s[step] * MILLI, self.longest_s[step] * MILLI
        if len(p.step_cycles_per_call):
            longest = longest * p.step_cycles_per_call[step].astype(np.int64)
        attend = (p.step_attend_s[step].astype(np.int64) if len(p.step_attend_s) else 0 * step) * MILLI
        stops = p.step_stops_micro[step] * 1e-6 if len(p.step_stops_micro) else 0.0 * step
        stop = p.step_stop_s[step] if len(p.step_stop_s) else 0 * step
        return shortest, longest, attend + np.ceil(longest * stops * stop / 3600).astype(np.int64)

    # ------------------------------------------------------------ tools, material
    def _tools(self) -> Iterator[Relaxation]:
        p, f = self.problem, self.figures
        for tool, op in _by_key(p.step_tool[self.step[self.live]], self.live):
            energy = (f.length[op] + f.setup_s[op]) * MILLI
            parts = [self._claims(op, f.start[op] - f.setup_s[op], energy, f.tail[op])]
            yield from self._relaxation(self.capacities.tool(tool), parts)

    def _materials(self) -> Iterator[Relaxation]:
        """Material keeps, so nothing is lost by waiting: every claim may be served as soon as there is any."""
        p = self.problem
        op, item, micro = uses(p)
        planned = self.figures.live[op]
        op, item, micro = op[planned], item[planned], micro[planned]
        for i, own in _by_key(item, np.arange(len(op))):
            if micro[own].sum() > p.stock_micro[i]:
                tail = self._after_setup(op[own])
                claims = Claims(op=op[own], head=np.full(len(own), -1), energy=micro[own], tail=tail)
                yield from self._relaxation(self.capacities.material(i), [claims])


def cut(p: Problem, step: I64) -> NDArray[np.bool_]:
    """Whether lots at these steps may be cut into sub-lots at will."""
    out = np.zeros(len(step), bool)
    if len(p.step_split_over):
        out |= p.step_split_over[step] > 1
    if len(p.step_max_lot):
        out |= p.step_max_lot[step] > 0
    return out


def _by_key(key: NDArray[np.generic], op: I64) -> Iterator[tuple[int, I64]]:
    """Operations by a key; those with key -1 are left out."""
    if not len(key):
        return
    order = np.argsort(key, kind="stable")
    values, first = np.unique(key[order], return_index=True)
    for value, own in zip(values.tolist(), np.split(op[order], first[1:]), strict=True):
        if value >= 0:
            yield value, own


def _hall_sets(
    sets: list[frozenset[int]], more: Iterable[frozenset[int]]
) -> Iterator[tuple[list[int], frozenset[int]]]:
    """Each candidate set of resources with the numbers of all ``sets`` that lie within it, each choice once.

    Candidates: the sets themselves, their connected groups, and ``more``.
    """
    by_least = defaultdict(list)
    for i, s in enumerate(sets):
        by_least[min(s)].append(i)
    seen: set[tuple[int, ...]] = set()
    for candidate in [*sets, *_connected(sets), *more]:
        within = [i for x in candidate for i in by_least.get(x, ()) if sets[i] <= candidate]
        key = tuple(sorted(within))
        if key and key not in seen:
            seen.add(key)
            yield list(key), frozenset().union(*(sets[i] for i in key))


def _connected(sets: list[frozenset[int]]) -> list[frozenset[int]]:
    """Unions of sets that are linked by common members."""
    parent: dict[int, int] = {}

    def root(x: int) -> int:
        while parent.setdefault(x, x) != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for s in sets:
        first, *others = s
        for x in others:
            parent[root(x)] = root(first)
        root(first)
    groups: dict[int, set[int]] = defaultdict(set)
    for s in sets:
        groups[root(next(iter(s)))].update(s)
    return [frozenset(g) for g in groups.values()]


def _pairs(sets: list[frozenset[int]]) -> list[frozenset[int]]:
    """Unions of two distinct sets that overlap."""
    holders: dict[int, list[int]] = defaultdict(list)
    for i, s in enumerate(sets):
        for x in s:
            holders[x].append(i)
    pairs = {(i, j) for some in holders.values() for i in some for j in some if i < j}
    return [sets[i] | sets[j] for i, j in sorted(pairs)[:_MOST_PAIRS]]
