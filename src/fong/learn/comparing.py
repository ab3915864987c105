"""A plan beside what happened: flow times, order of starts, load by week."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from fong.learn.intervals import Interval, length, shared, within
from fong.learn.learned import Knowledge
from fong.learn.people import handwork
from fong.learn.record import WEEK_S, Record, Stretch
from fong.learn.split import Cut, RestPlan
from fong.model.comparison import Comparison, OrderFlow, Quantile, StartOrder, StepLoad, WeekLoad
from fong.model.message import Message, message
from fong.model.problem import Problem
from fong.model.schedule import Schedule

_USUAL_END = 0.1  # of the earlier orders end with a step that counts as a last one
_HOUR_S = 3600
_HALF = 0.5
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)


def kendall(a: Sequence[float], b: Sequence[float]) -> float | None:
    """Kendall's tau-b of two rankings; None where one of them has no two different values.

    Source: Kendall 1945, "The treatment of ties in ranking problems", Biometrika 33.
    """
    x, y = np.sign(np.subtract.outer(a, a)), np.sign(np.subtract.outer(b, b))
    free = float(np.abs(x).sum()) * float(np.abs(y).sum())
    return float((x * y).sum()) / free**0.5 if free else None


@dataclass(frozen=True, slots=True)
class _Task:
    """One row of a plan, or one stretch that happened: seconds after the record's origin, parts in which work was done, their weight."""

    order: str
    step: str
    machine: str
    start_s: int
    end_s: int
    parts: tuple[Interval, ...]
    weight: float = 1.0

    @property
    def work_s(self) -> float:
        return self.weight * sum(b - a for a, b in self.parts)


def compare(
    parts: Cut, rest: RestPlan, known: Knowledge, problem: Problem, schedule: Schedule, *, objective: str, status: str
) -> Comparison:
    """Lay a plan of the rest beside what happened.

    Parameters
    ----------
    parts, rest, known
        The cut, what was planned, and the knowledge that it was planned with.
    problem, schedule
        Built from ``rest.workshop``, and its plan.
    objective, status
        For the page's head.
    """
    wanted, running = parts.rest_orders, rest.running
    planned = list(_planned(rest, problem, schedule))
    happened = list(_happened(rest.record, known, rest.record.seconds(parts.at)))
    flows = tuple(_flows(rest, wanted, planned, happened))
    same, tasks = _same_machine(wanted, planned, happened)
    return Comparison(
        at=rest.record.moment(rest.record.seconds(parts.at)),
        objective=objective,
        status=status,
        known=len(parts.known_orders),
        rest=len(wanted),
        running=len(running),
        new_routes=len(rest.new_routes),
        new_routes_of_item=len(rest.new_routes_of_item),
        flows=flows,
        quantiles=tuple(_quantiles(flows)),
        flow_tau=kendall([f.planned_s for f in flows], [f.happened_s for f in flows]),
        machines=tuple(_starts(wanted, planned, happened, by_step=False)),
        steps=tuple(_starts(wanted, planned, happened, by_step=True)),
        weeks=tuple(_weeks(rest.record, wanted, running, planned, happened)),
        step_loads=tuple(_step_loads(wanted, planned, happened)),
        same_machine=same,
        machine_tasks=tasks,
        cut_off=len(_cut_off(parts, rest.record)[0]),
        statements=tuple(_statements(parts, rest, planned, happened, flows)),
    )


# ---------------------------------------------------------------- the two sides as tasks


def _planned(rest: RestPlan, problem: Problem, schedule: Schedule) -> Iterator[_Task]:
    shift = rest.record.seconds(rest.workshop.factory.settings.now)
    job = np.searchsorted(problem.job_ptr, schedule.op, side="right") - 1
    step = problem.op_step[schedule.op] if len(problem.op_step) else schedule.op
    person, setup = schedule.filled("person", -1), schedule.filled("setup_start", -1)
    setup_end, setter = schedule.filled("setup_end", -1), schedule.filled("setup_person", -1)
    names = problem.names
    for i in range(len(schedule)):
        machine = int(schedule.machine[i])
        start, end = int(schedule.start[i]), int(schedule.end[i])
        parts = _working(problem, machine, int(person[i]), (start, end))
        if setup[i] >= 0:
            start = min(start, int(setup[i]))
            parts += _working(problem, machine, int(setter[i]), (int(setup[i]), int(setup_end[i])))
        yield _Task(
            order=names.orders[job[i]][0],
            step=names.steps[step[i]],
            machine=names.machines[machine] if machine >= 0 else "",
            start_s=start + shift,
            end_s=end + shift,
            parts=tuple((a + shift, b + shift) for a, b in parts),
        )


def _working(problem: Problem, machine: int, person: int, spell: Interval) -> list[Interval]:
    """The parts of a set-up or run in which its machine and its person were on duty."""
    out = [spell]
    for number, column in ((machine, problem.machine_calendar), (person, problem.person_calendar)):
        calendar = int(column[number]) if number >= 0 and len(column) else -1
        if calendar >= 0:
            a, b = problem.cal_ptr[calendar], problem.cal_ptr[calendar + 1]
            windows = list(zip(problem.win_open_s[a:b].tolist(), problem.win_close_s[a:b].tolist(), strict=True))
            out = [part for start, end in out for part in within(windows, start, end)]
    return out


def _happened(rec: Record, known: Knowledge, now_s: int) -> Iterator[_Task]:
    """Stretches after the cut, without breakdowns; handwork of one person at once shares that person's time."""
    hand = handwork(rec, known.benches) | (known.times.keys() - known.machines.keys())
    at = [s for s in rec.stretches if s.kind != "down" and s.end_s > now_s]
    weights = _weights(at, hand)
    for s, weight in zip(at, weights, strict=True):
        machine = "" if s.machine in known.benches else s.machine
        yield _Task(s.order, s.step, machine, s.start_s, s.end_s, (s.interval,), weight)


def _weights(stretches: Sequence[Stretch], hand: frozenset[str]) -> list[float]:
    """Share of each stretch that counts as work: what is booked twice on one machine, or at once by one person's hand, counts once."""
    owner = {
        i: ("hand", s.person) if s.step in hand and s.person else ("machine", s.machine or f"{s.order}/{s.step}")
        for i, s in enumerate(stretches)
    }
    by_owner: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, name in owner.items():
        by_owner[name].append(i)
    out = [0.0] * len(stretches)
    for numbers in by_owner.values():
        for i, s in zip(numbers, shared([stretches[n].interval for n in numbers]), strict=True):
            whole = stretches[i].end_s - stretches[i].start_s
            out[i] = s / whole if whole else 0.0
    return out


# ---------------------------------------------------------------- flow times


def _flows(
    rest: RestPlan, wanted: frozenset[str], planned: Iterable[_Task], happened: Iterable[_Task]
) -> Iterator[OrderFlow]:
    ends: dict[str, int] = {}
    for t in planned:
        ends[t.order] = max(ends.get(t.order, t.end_s), t.end_s)
    real: dict[str, list[_Task]] = defaultdict(list)
    for t in happened:
        real[t.order].append(t)
    for order in sorted(wanted & ends.keys(), key=lambda o: (real[o][0].start_s, o)):
        first = min(t.start_s for t in real[order])
        yield OrderFlow(
            order=order,
            item=rest.record.items.get(order, ""),
            planned_s=ends[order] - first,
            happened_s=max(t.end_s for t in real[order]) - first,
            worked_s=length([p for t in real[order] for p in t.parts]),
            route_known=order not in rest.new_routes,
        )


def _quantiles(flows: Sequence[OrderFlow]) -> Iterator[Quantile]:
    if not flows:
        return
    planned = np.quantile([f.planned_s for f in flows], SHARES)
    happened = np.quantile([f.happened_s for f in flows], SHARES)
    for share, p, h in zip(SHARES, planned, happened, strict=True):
        yield Quantile(share=share, planned_s=round(p), happened_s=round(h))


# ---------------------------------------------------------------- order of starts


def _starts(
    wanted: frozenset[str], planned: Iterable[_Task], happened: Iterable[_Task], *, by_step: bool
) -> Iterator[StartOrder]:
    """By machine, or by step where any machine (or hand) will do."""
    ours, theirs = (_first_starts(wanted, side, by_step=by_step) for side in (planned, happened))
    for name in sorted(ours.keys() | theirs.keys()):
        a, b = ours.get(name, {}), theirs.get(name, {})
        common = sorted(a.keys() & b.keys())
        tau = kendall([a[o] for o in common], [b[o] for o in common]) if len(common) > 1 else None
        yield StartOrder(name=name, planned=len(a), happened=len(b), common=len(common), tau=tau)


def _first_starts(wanted: frozenset[str], tasks: Iterable[_Task], *, by_step: bool) -> dict[str, dict[str, int]]:
    out: dict[str, dict[str, int]] = defaultdict(dict)
    for t in tasks:
        name = t.step if by_step else t.machine
        if name and t.order in wanted:
            out[name][t.order] = min(out[name].get(t.order, t.start_s), t.start_s)
    return out


def _same_machine(wanted: frozenset[str], planned: Iterable[_Task], happened: Iterable[_Task]) -> tuple[int, int]:
    """Steps of orders that the plan put on a machine that they really used, and steps whose real machine is known and planned."""
    real: dict[tuple[str, str], set[str]] = defaultdict(set)
    for t in happened:
        if t.machine:
            real[t.order, t.step].add(t.machine)
    ours = {
        (t.order, t.step): t.machine for t in planned if t.machine and t.order in wanted and (t.order, t.step) in real
    }
    return sum(machine in real[key] for key, machine in ours.items()), len(ours)


# ---------------------------------------------------------------- load


def _weeks(
    rec: Record, wanted: frozenset[str], running: frozenset[str], planned: Iterable[_Task], happened: Iterable[_Task]
) -> Iterator[WeekLoad]:
    sides = [_by_week(tasks, orders) for tasks in (planned, happened) for orders in (wanted, running)]
    weeks = sorted(set().union(*sides))
    for week in range(weeks[0], weeks[-1] + 1) if weeks else ():
        ours, ours_running, theirs, theirs_running = (round(side[week]) for side in sides)
        yield WeekLoad(
            monday=(rec.origin + timedelta(weeks=week)).date(),
            planned_s=ours,
            happened_s=theirs,
            running_planned_s=ours_running,
            running_happened_s=theirs_running,
        )


def _by_week(tasks: Iterable[_Task], orders: frozenset[str]) -> Counter[int]:
    out: Counter[int] = Counter()
    for t in tasks:
        if t.order in orders:
            for a, b in t.parts:
                for week in range(a // WEEK_S, (b - 1) // WEEK_S + 1):
                    out[week] += t.weight * (min(b, (week + 1) * WEEK_S) - max(a, week * WEEK_S))  # type: ignore[assignment]
    return out


def _step_loads(wanted: frozenset[str], planned: Iterable[_Task], happened: Iterable[_Task]) -> Iterator[StepLoad]:
    ours, theirs = (_by_step(tasks, wanted) for tasks in (planned, happened))
    for step in sorted(ours.keys() | theirs.keys(), key=lambda s: -theirs.get(s, 0.0)):
        yield StepLoad(step=step, planned_s=round(ours.get(step, 0.0)), happened_s=round(theirs.get(step, 0.0)))


def _by_step(tasks: Iterable[_Task], orders: frozenset[str]) -> dict[str, float]:
    out: dict[str, float] = defaultdict(float)
    for t in tasks:
        if t.order in orders:
            out[t.step] += t.work_s
    return out


# ---------------------------------------------------------------- what else the reader must know


def _statements(
    parts: Cut,
    rest: RestPlan,
    planned: Sequence[_Task],
    happened: Sequence[_Task],
    flows: Sequence[OrderFlow],
) -> Iterator[Message]:
    wanted = parts.rest_orders
    ours, theirs = (sum(t.work_s for t in side if t.order in wanted) for side in (planned, happened))
    yield message("learn.compare_releases")
    yield message("learn.compare_routes")
    yield message("learn.compare_visits", new=len(rest.new_visits), orders=len(wanted))
    cut_off, closing = _cut_off(parts, rest.record)
    if cut_off:
        yield message("learn.compare_cut_off", orders=len(cut_off), steps=", ".join(closing))
        closed = wanted - cut_off
        middle = [q for q in _quantiles([f for f in flows if f.order in closed]) if q.share == _HALF]
        hours = [sum(t.work_s for t in side if t.order in closed) / _HOUR_S for side in (planned, happened)]
        for q in middle:
            yield message(
                "learn.compare_closed",
                orders=len(closed),
                planned_s=q.planned_s,
                happened_s=q.happened_s,
                planned_h=round(hours[0]),
                happened_h=round(hours[1]),
            )
    left = sum(t.work_s for t in happened if t.order in rest.running)
    yield message("learn.compare_running", orders=len(rest.running), hours=round(left / _HOUR_S))
    yield message("learn.compare_hours", planned=round(ours / 3600), happened=round(theirs / 3600))
    if rest.new_steps:
        yield message("learn.compare_new_steps", steps=", ".join(sorted(rest.new_steps)))
    lost = wanted - {f.order for f in flows}
    if lost:
        yield message("learn.compare_unplanned", orders=len(lost))
    worked, whole = sum(f.worked_s for f in flows), sum(f.happened_s for f in flows)
    if whole:
        yield message("learn.compare_touch", share=round(100 * worked / whole))
    early, pairs = _early(wanted, happened)
    if early:
        yield message("learn.compare_whole_lots", early=early, pairs=pairs)
    yield message("learn.compare_blind")


def _cut_off(parts: Cut, rec: Record) -> tuple[frozenset[str], list[str]]:
    """Orders of the rest whose last step is none that earlier orders end with, and those last steps."""
    last = {s.order: s.step for s in sorted(rec.stretches, key=lambda s: s.end_s)}
    ends = Counter(last[o] for o in parts.known_orders)
    closing = [step for step, n in ends.most_common() if n >= _USUAL_END * ends.total()]
    return frozenset(o for o in parts.rest_orders if last[o] not in closing), closing


def _early(wanted: frozenset[str], happened: Iterable[_Task]) -> tuple[int, int]:
    """Neighbouring steps of which the later began before the earlier ended, and all neighbours."""
    spans: dict[str, dict[str, list[int]]] = defaultdict(dict)
    for t in happened:
        if t.order in wanted:
            at = spans[t.order].setdefault(t.step, [t.start_s, t.end_s])
            at[1] = max(at[1], t.end_s)
    pairs = [(a, b) for steps in spans.values() for a, b in zip(steps.values(), list(steps.values())[1:], strict=False)]
    return sum(b[0] < a[1] for a, b in pairs), len(pairs)
