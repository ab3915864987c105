"""The slow twin of the decoder: a dispatch rule played second by second, in plain Python, from what semantics and docstrings say.

It plays a part of the rules, and gives exactly the decoder's starts and ends there:

* machines of one slot and handwork, each step by one machine or a choice of them; lots of any size, never cut;
* calendars of machines and people, the four words on gaps; releases, lags, any graph of steps;
* set-ups by family (matrix, present family) or of a step's own, before the lot is there if its machine is looked at then;
* people for set-ups and runs, tools, materials with receipts; all dispatch rules, with a look-ahead, and guidance of single lots.

Not played: zones, batches, sub-lots, boxes, longest waits, places, outside steps, same-machine groups, work in progress, variants, work of
no length.

What the definition of a plan leaves open, the decoder does like this:

* *who is looked at*: a machine when it becomes free or set up, when its hours change, when a lot in a queue that it serves gets ready, when
  a person, tool or material comes that a queue which it serves may want; an idle machine for the sake of a queue only if that holds a lot.
  Of machines that are all alike only the first idle one, and the next when that has started something, or must leave a lot to another;
* *in which order*: those set up first, then by the key of the best lot that each could take before anybody took one, then by number;
* *which lot*: the least key; then the machine's first queue, and who came into it first;
* *who finds nobody* for a set-up tries no other set-up of that skill at this moment (until it finds nobody of another skill);
* *which person*: who ends first, then fewest skills, then least load, then listed first.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Any

from tests.naive import hours

NEVER = 2**31 - 1
WORDS = ("resume", "fit", "run_on", "overtime")
END = 400
"""No second later than this is played."""


@dataclass
class Lot:
    """All pieces of an operation."""

    ready: int | None = None
    machine: int = -1
    person: int = -1
    start: int = -1
    end: int = -1
    setup_start: int = -1
    setup_end: int = -1
    setup_person: int = -1
    done: bool = False


@dataclass
class Machine:
    """What stands on it, and until when it is busy (None: set up, waiting to run)."""

    family: int
    op: int = -1
    until: int | None = None
    running: bool = False


class Play:
    """One decode; columns as in :func:`tests.model.made.problem`, rule by name. The plan is in ``lots``."""

    def __init__(
        self,
        columns: dict[str, Any],
        rule: str,
        k: float = 2.0,
        k2: float = 0.5,
        look: int = 0,
        told: list[float] | None = None,
        machine: list[int] | None = None,
    ) -> None:
        self.told, self.machine, self.refused = told, machine, False
        self.c, self.rule, self.k, self.k2, self.look = columns, rule, k, k2, look
        self.n: int = sum(columns["jobs"])
        firsts = list(itertools.accumulate(columns["jobs"], initial=0))
        self.job = [j for j, n in enumerate(columns["jobs"]) for _ in range(n)]
        self.preds = columns.get("preds") or [[t - 1] if t not in firsts else [] for t in range(self.n)]
        self.succs = [[b for b in range(self.n) if a in self.preds[b]] for a in range(self.n)]
        self.lots = [Lot() for _ in range(self.n)]
        self.machines = [Machine(self.at("machine_family", m, -1)) for m in range(columns["machines"])]
        self.free_at, self.load = [0] * self.at_all("people"), [0] * self.at_all("people")
        self.stock = list(columns.get("stock_micro", []))
        self.tools = list(columns.get("tool_quantity", []))
        self.queues: list[tuple[int, ...]] = []  # machines of each queue; then one queue a skill
        for modes in columns["modes"]:
            names = tuple(m for m, *_ in modes)
            if names and names not in self.queues:
                self.queues.append(names)
        self.kinds = len(self.queues)
        self.waiting: list[list[int]] = [[] for _ in range(self.kinds + len(columns.get("skills", [])))]
        self.looked: list[int] = []
        self.hands: list[int] = []
        self.nobody: set[int] = set()
        self.play()

    # ------------------------------------------------------------ columns
    def at(self, name: str, i: int, default: int) -> int:
        column = self.c.get(name, ())
        return int(column[i]) if len(column) else default

    def at_all(self, name: str) -> int:
        return int(self.c.get(name, 0))

    def hours(self, name: str, i: int) -> hours.Hours:
        number = self.at(name, i, -1)
        spans: hours.Hours = self.c["calendars"][number] if number >= 0 else None
        return spans

    def queue(self, op: int) -> int:
        names = tuple(m for m, *_ in self.c["modes"][op])
        return self.queues.index(names) if names else self.kinds + self.at("step_run_skill", op, -1)

    def cycle(self, op: int, machine: int) -> int:
        if machine < 0:
            return self.at("step_cycle_s", op, 0)
        return int(next(s for m, s, *_ in self.c["modes"][op] if m == machine))

    def work(self, op: int, machine: int) -> int:
        return -(-self.at("op_pieces", op, 1) // self.at("step_pieces_per_cycle", op, 1)) * self.cycle(op, machine)

    def uses(self, op: int) -> list[tuple[int, int]]:
        if "use_ptr" not in self.c:
            return []
        rows = range(self.c["use_ptr"][op], self.c["use_ptr"][op + 1])
        return [(self.c["use_item"][i], self.c["use_micro"][i] * self.at("op_pieces", op, 1)) for i in rows]

    # ------------------------------------------------------------ figures of the rules
    def quickest(self, op: int) -> int:
        return min((self.cycle(op, m) for m, *_ in self.c["modes"][op]), default=self.at("step_cycle_s", op, 0))

    def rest(self, op: int) -> int:
        """Least time from the operation's start to its job's end."""
        cycles = -(-self.at("op_pieces", op, 1) // self.at("step_pieces_per_cycle", op, 1))
        lag = self.at("step_lag_s", op, 0)
        return cycles * self.quickest(op) + max((lag + self.rest(b) for b in self.succs[op]), default=0)

    def mean_run(self) -> float:
        return max(1.0, sum(self.quickest(t) * self.at("op_pieces", t, 1) for t in range(self.n)) / self.n)

    def mean_setup(self) -> float:
        own = [s for modes in self.c["modes"] for _, _, *more in modes for s in more if s > 0]
        every = own + [s for s in self.c.get("setup_s", []) if s > 0]
        return max(1.0, sum(every) / len(every)) if every else 1.0

    def key(self, op: int, machine: int, setup: int, t: int) -> float:
        """The smallest goes first (docstrings of Rule and Guidance)."""
        told = self.told[op] if self.told else 0.0
        if self.rule == "sequence":
            return told
        key = self.plain_key(op, machine, setup, t)
        if self.rule in {"atc", "atcs", "cr"}:
            return key - told
        return key * math.exp(-told) if self.rule == "spt" else key - told * self.mean_run()

    def plain_key(self, op: int, machine: int, setup: int, t: int) -> float:
        """Without what is told of the lot."""
        weight = max(0.001, self.at("job_weight_milli", self.job[op], 1000) / 1000)
        due, rest = self.at("job_due_s", self.job[op], NEVER), self.rest(op)
        ready = self.lots[op].ready or 0
        run = self.work(op, machine) + setup + max(0, ready - t)
        if self.rule in {"fifo", "edd", "slack", "cr", "mwkr", "spt"}:
            plain: dict[str, float] = {
                "fifo": ready,
                "edd": due / weight,
                "slack": (due - rest - t) / weight,
                "cr": (due - t) / max(1, rest) / weight,
                "mwkr": -rest * weight,
                "spt": run / weight,
            }
            return plain[self.rule]
        late = max(0, due - rest - t) / (self.k * self.mean_run())
        saved = setup / (self.k2 * self.mean_setup()) if self.rule == "atcs" else 0.0
        return math.log(max(1, run) / weight) + late + saved

    def setup(self, op: int, machine: int) -> int:
        own = next((m[2] if len(m) > 2 else 0 for m in self.c["modes"][op] if m[0] == machine), 0)
        a, b = self.machines[machine].family, self.at("step_family", op, -1)
        if a < 0 or b < 0:
            return int(own)
        if "setup_ptr" in self.c:
            for i in range(self.c["setup_ptr"][a], self.c["setup_ptr"][a + 1]):
                if self.c["setup_to"][i] == b:
                    return int(self.c["setup_s"][i])
        return 0 if a == b else int(own)

    # ------------------------------------------------------------ who is looked at
    def alike(self, q: int) -> bool:
        """Machines that serve this queue alone, in the same hours, and know no set-up."""
        ops = [t for t in range(self.n) if self.queue(t) == q]
        kinds = {self.at("machine_calendar", m, -1) for m in self.queues[q]}
        alone = all(sum(m in names for names in self.queues) == 1 for m in self.queues[q])
        setups = any(self.at("step_family", t, -1) >= 0 or any(m[2:] > (0,) for m in self.c["modes"][t]) for t in ops)
        return len(kinds) == 1 and alone and not setups

    def look_at(self, machine: int) -> None:
        if self.machines[machine].until is None and machine not in self.looked:
            self.looked.append(machine)

    def look_for(self, q: int) -> None:
        if q >= self.kinds:
            self.hands += [q] if q not in self.hands else []
            return
        idle = [m for m in self.queues[q] if self.machines[m].op < 0] if self.waiting[q] else []
        for m in self.queues[q]:
            if self.machines[m].op >= 0 or m in (idle[:1] if self.alike(q) else idle):
                self.look_at(m)

    def wanting(self, name: str, what: int) -> set[int]:
        return {self.queue(t) for t in range(self.n) if self.at(name, t, -1) == what}

    def person_comes(self, who: int) -> None:
        for skill, able in enumerate(self.c["skills"]):
            if who in able:
                self.nobody.discard(skill)
                for q in sorted(self.wanting("step_setup_skill", skill) | self.wanting("step_run_skill", skill)):
                    self.look_for(q)

    # ------------------------------------------------------------ one second after the other
    def play(self) -> None:
        for op in range(self.n):
            if not self.preds[op]:
                self.show(op)
        last = self.c["horizon_s"] if self.c.get("calendars") else END
        for t in range(last + 1):
            self.nobody = set()
            self.events(t)
            while self.looked or self.hands:
                self.dispatch(t)
            if all(lot.done for lot in self.lots):
                return

    def events(self, t: int) -> None:
        for m, machine in enumerate(self.machines):
            if machine.until == t and not machine.running:
                self.lots[machine.op].setup_end = t
                machine.family, machine.until = self.at("step_family", machine.op, -1), None
                self.look_at(m)
        for m, machine in enumerate(self.machines):
            if machine.until == t and machine.running:
                self.finish(machine.op)
                machine.op, machine.until, machine.running = -1, None, False
                self.look_at(m)
        for op, lot in enumerate(self.lots):
            if lot.end == t and not self.c["modes"][op]:
                self.finish(op)
        self.arrivals(t)

    def arrivals(self, t: int) -> None:
        for who, until in enumerate(self.free_at):
            if until == t > 0:
                self.person_comes(who)
        for cal in range(len(self.c.get("calendars", ()))):
            self.calendar_turns(cal, t)
        for op, lot in enumerate(self.lots):
            if lot.ready is not None and max(0, lot.ready) == t:
                self.look_for(self.queue(op))
        for at, amount in zip(self.c.get("receipt_at_s", ()), self.c.get("receipt_micro", ()), strict=True):
            if at == t:
                self.stock[0] += amount
                for q in sorted({self.queue(x) for x in range(self.n) if self.uses(x)}):
                    self.look_for(q)

    def calendar_turns(self, cal: int, t: int) -> None:
        spans = self.c["calendars"][cal]
        if hours.is_open(spans, t) == (t > 0 and hours.is_open(spans, t - 1)):
            return
        for who, until in enumerate(self.free_at):
            if self.at("person_calendar", who, -1) == cal and until <= t and hours.is_open(spans, t):
                self.person_comes(who)
        for m in range(len(self.machines)):
            if self.at("machine_calendar", m, -1) == cal:
                self.look_at(m)

    def finish(self, op: int) -> None:
        self.lots[op].done = True
        tool = self.at("step_tool", op, -1)
        if tool >= 0:
            self.tools[tool] += 1
            for q in sorted(self.wanting("step_tool", tool)):
                self.look_for(q)

    def show(self, op: int) -> None:
        """All that comes before has a certain end."""
        ends = [self.lots[a].end + self.at("step_lag_s", a, 0) for a in self.preds[op]]
        self.lots[op].ready = max([0, self.at("job_release_s", self.job[op], 0), *ends])
        self.waiting[self.queue(op)].append(op)

    # ------------------------------------------------------------ one round
    def dispatch(self, t: int) -> None:
        """The machines looked at, then the handwork."""
        best = {m: self.best(m, set(), -1, t) for m in self.looked if self.machines[m].op < 0}
        order = sorted(self.looked, key=lambda m: (best[m][0] if m in best else -math.inf, m))
        self.looked = []
        for m in order:
            if m in best:
                self.serve(m, best[m][1], t)
            elif self.machines[m].until is None:
                self.run(m, self.machines[m].op, t)
        hands, self.hands = self.hands, []
        for q in hands:
            self.by_hand(q, t)

    def best(self, m: int, tried: set[int], barred: int, t: int) -> tuple[float, int]:
        """Least key and operation; -1: none."""
        out = (math.inf, -1)
        own = [q for q, names in enumerate(self.queues) if m in names]
        for op in (op for q in own for op in self.waiting[q]):
            setup = self.setup(op, m)
            late = (self.lots[op].ready or 0) - t
            skill = self.at("step_setup_skill" if setup else "step_run_skill", op, -1)
            if (
                op in tried
                or self.lacks(op)
                or late > max(self.look, setup, 0)
                or (setup and barred >= 0 and skill == barred)
                or skill in self.nobody
            ):
                continue
            if self.machine and self.machine[op] not in {-1, m}:
                self.refused = True
                continue
            key = self.key(op, m, setup, t)
            if key < out[0]:
                out = (key, op)
        return out

    def lacks(self, op: int) -> bool:
        tool = self.at("step_tool", op, -1)
        return (tool >= 0 and self.tools[tool] <= 0) or self.short(op)

    def short(self, op: int) -> bool:
        return any(self.stock[item] < amount for item, amount in self.uses(op))

    def serve(self, m: int, first: int, t: int) -> None:
        """Try the best lot, then the next best."""
        tried, barred, op = set[int](), -1, first
        q = next((q for q, names in enumerate(self.queues) if m in names), -1)
        if q < 0 or (first < 0 and not self.alike(q)):
            return
        self.refused = False
        if first < 0 or first not in self.waiting[self.queue(first)]:
            op = self.best(m, tried, barred, t)[1]
        while op >= 0:
            setup = self.setup(op, m)
            why = "lacks" if self.lacks(op) else self.set_up(m, op, setup, t) if setup else self.start(m, op, t)
            if why == "ok":
                if self.alike(q):
                    self.look_for(q)
                return
            tried.add(op)
            if why == "nobody" and setup:
                barred = self.at("step_setup_skill", op, -1)
            op = self.best(m, tried, barred, t)[1]
        if self.alike(q) and self.refused:
            idle = [n for n in self.queues[q][self.queues[q].index(m) + 1 :] if self.machines[n].op < 0]
            for n in idle[:1]:
                self.look_at(n)

    def claim(self, m: int, op: int) -> None:
        self.waiting[self.queue(op)].remove(op)
        self.lots[op].machine = m
        self.machines[m].op = op
        tool = self.at("step_tool", op, -1)
        if tool >= 0:
            self.tools[tool] -= 1

    def end_of(self, m: int, who: int, op: int, t: int, work: int, *, setup: bool) -> int:
        word = WORDS[self.at("step_gap", op, 0)]
        word = "resume" if setup and word == "run_on" else word
        hall = self.hours("machine_calendar", m) if m >= 0 else None
        own = self.hours("person_calendar", who) if who >= 0 else None
        return hours.end_of(hall, own, t, work, word, self.at("step_overtime_s", op, 0))

    def whom(self, m: int, op: int, t: int, work: int, *, setup: bool) -> tuple[int, int]:
        """Who does it, and until when; (-1, -1): it cannot start now."""
        skill = self.at("step_setup_skill" if setup else "step_run_skill", op, -1)
        if skill < 0:
            return -1, self.end_of(m, -1, op, t, work, setup=setup)
        able = self.c["skills"][skill]
        there = [x for x in able if self.free_at[x] <= t and hours.is_open(self.hours("person_calendar", x), t)]
        if not there:
            self.nobody.add(skill)
        ends = [(self.end_of(m, x, op, t, work, setup=setup), x) for x in there]
        counts = [sum(x in some for some in self.c["skills"]) for x in range(len(self.free_at))]
        good = [(end, counts[x], self.load[x], able.index(x)) for end, x in ends if end >= 0]
        return (able[min(good)[3]], min(good)[0]) if good else (-1, -1)

    def hold(self, who: int, t: int, end: int) -> None:
        if who >= 0:
            self.free_at[who] = end
            self.load[who] += end - t

    def set_up(self, m: int, op: int, setup: int, t: int) -> str:
        if not hours.is_open(self.hours("machine_calendar", m), t):
            return "closed"
        who, end = self.whom(m, op, t, setup, setup=True)
        if end < 0:
            return "nobody" if self.at("step_setup_skill", op, -1) >= 0 else "closed"
        self.claim(m, op)
        self.machines[m].until = end
        self.lots[op].setup_start, self.lots[op].setup_person = t, who
        self.hold(who, t, end)
        return "ok"

    def start(self, m: int, op: int, t: int) -> str:
        """Without a set-up: run, or wait for a lot that is on its way."""
        if not hours.is_open(self.hours("machine_calendar", m), t):
            return "closed"
        if (self.lots[op].ready or 0) > t:
            self.claim(m, op)
            return "ok"
        why = self.run(m, op, t)
        if why == "ok":
            self.claim(m, op)
        return why

    def run(self, m: int, op: int, t: int) -> str:
        lot = self.lots[op]
        if (lot.ready or 0) > t or self.short(op):
            return "early"
        who, end = self.whom(m, op, t, self.work(op, m), setup=False)
        if end < 0:
            return "nobody"
        for item, amount in self.uses(op):
            self.stock[item] -= amount
        self.hold(who, t, end)
        lot.start, lot.end, lot.person = t, end, who
        if m >= 0:
            machine = self.machines[m]
            machine.op, machine.until, machine.running = op, end, True
            machine.family = self.at("step_family", op, -1)
        for b in self.succs[op]:
            if all(self.lots[a].end >= 0 for a in self.preds[b]):
                self.show(b)
        return "ok"

    def by_hand(self, q: int, t: int) -> None:
        """The best lots as long as there are people."""
        tried: set[int] = set()
        while True:
            ready = [op for op in self.waiting[q] if op not in tried and (self.lots[op].ready or 0) <= t]
            if not ready or q - self.kinds in self.nobody:
                return
            op = min(ready, key=lambda x: self.key(x, -1, 0, t))
            if self.lacks(op) or self.run(-1, op, t) != "ok":
                tried.add(op)
                continue
            self.waiting[q].remove(op)
            tool = self.at("step_tool", op, -1)
            if tool >= 0:
                self.tools[tool] -= 1
