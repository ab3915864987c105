"""A slow witness of waits: at one moment, from the plan's rows and the problem's columns alone, whether a reason is true."""

from collections.abc import Callable, Iterator

import numpy as np

from fong.model import NEVER, Problem, Schedule
from fong.plan.explain.told import Part


class Witness:
    """One plan, looked at moment by moment."""

    def __init__(self, made: Problem, schedule: Schedule) -> None:
        self.p, self.s = made, schedule
        self.setup, self.setup_end = schedule.filled("setup_start", -1), schedule.filled("setup_end", -1)
        self.begin = np.where(self.setup >= 0, self.setup, schedule.start)
        self.batch = schedule.filled("batch", -1)

    def confirm(self, piece: Part, at: int) -> None:
        """Fail unless what is said of the moment is so."""
        look: Callable[[Part, dict[str, str], int], bool] | None = getattr(
            self, piece.code.replace("plan.", "is_"), None
        )
        if look is not None:
            assert look(piece, {k: str(v) for k, v in piece.params}, at), (piece, at)

    # ------------------------------------------------------------ looking
    def index(self, kind: str, name: str) -> int:
        """Index of a name."""
        names: tuple[str, ...] = getattr(self.p.names, kind)
        return names.index(name)

    def step(self, op: int) -> int:
        """Step of an operation."""
        return int(self.p.op_step[op]) if len(self.p.op_step) else op

    def column(self, name: str, index: int, default: int) -> int:
        """A value of a column that may be absent."""
        column = getattr(self.p, name)
        return int(column[index]) if len(column) and index >= 0 else default

    def open(self, calendar: int, at: int) -> bool:
        """Whether a calendar is open."""
        if calendar < 0:
            return True
        mine = range(int(self.p.cal_ptr[calendar]), int(self.p.cal_ptr[calendar + 1]))
        return any(self.p.win_open_s[w] <= at < self.p.win_close_s[w] for w in mine)

    def at_work(self, who: int, at: int) -> bool:
        """Whether a person is on shift."""
        return self.open(self.column("person_calendar", who, -1), at)

    def on_machine(self, machine: int, at: int) -> set[tuple[int, int]]:
        """Units that hold a machine: (operation or -1 - batch, row or -1)."""
        out = set()
        for r in range(len(self.s)):
            last = max(int(self.s.end[r]), int(self.setup_end[r]))
            if self.s.machine[r] == machine and self.begin[r] <= at < last:
                out.add((int(self.s.op[r]), -1 - int(self.batch[r]) if self.batch[r] >= 0 else r))
        for w, op in enumerate(self.p.wip_op.tolist()):
            if self.p.wip_machine[w] == machine and at < self.p.wip_end_s[w]:
                out.add((op, 1_000_000 + w))
        return out

    def taken(self, machine: int, at: int) -> bool:
        """Whether a machine has no slot free; running lots of one batch machine are one."""
        units = {u for _, u in self.on_machine(machine, at)}
        return len(units) >= self.column("machine_slots", machine, 1)

    def tending(self, zone: int, at: int) -> list[int]:
        """Tenders on duty."""
        mine = self.p.tender_person[self.p.tender_ptr[zone] : self.p.tender_ptr[zone + 1]].tolist()
        return [who for who in mine if self.at_work(who, at)]

    def able(self, skill: int, piece: Part) -> Iterator[int]:
        """Who has a skill and tends nothing, or tends the zone of a machine of the step (for its set-ups)."""
        steps = [i for i, name in enumerate(self.p.names.steps) if name == dict(piece.params)["step"]]
        machines = {int(m) for i in steps for m in self.p.mode_machine[self.p.mode_ptr[i] : self.p.mode_ptr[i + 1]]}
        zones = {-1} | {self.column("machine_zone", m, -1) for m in machines}
        for who in self.p.skill_person[self.p.skill_ptr[skill] : self.p.skill_ptr[skill + 1]].tolist():
            if self.column("person_zone", who, -1) in zones:
                yield who

    def held(self, who: int, at: int) -> bool:
        """Whether a person is held by a set-up or a run (of a batch: at most)."""
        setter, runner = self.s.filled("setup_person", -1), self.s.filled("person", -1)
        sets = (setter == who) & (self.setup <= at) & (at < self.setup_end)
        runs = (runner == who) & (self.s.start <= at) & (at < self.s.end)
        return bool((sets | runs).any())

    # ------------------------------------------------------------ reasons
    def is_waits_machine(self, piece: Part, params: dict[str, str], at: int) -> bool:
        """The order named holds the machine named, and no slot is free."""
        machine = self.index("machines", params["machine"])
        ops = {op for op, _ in self.on_machine(machine, at)}
        return piece.ops[0][0] in ops and self.taken(machine, at)

    def is_waits_group(self, piece: Part, params: dict[str, str], at: int) -> bool:
        """The same, and no other machine that could do it has a slot free."""
        steps = [s for s in range(len(self.p.mode_ptr) - 1) if self.p.names.steps[s] == params["step"]]
        groups = [self.p.mode_machine[self.p.mode_ptr[s] : self.p.mode_ptr[s + 1]].tolist() for s in steps]
        full = any(len(g) == int(params["count"]) and all(self.taken(m, at) for m in g) for g in groups)
        return full and self.is_waits_machine(piece, params, at)

    def is_waits_choice_machine(self, piece: Part, params: dict[str, str], at: int) -> bool:
        """The same, and the other machine is free and open."""
        other = self.index("machines", params["other"])
        free = not self.taken(other, at) and self.open(self.column("machine_calendar", other, -1), at)
        return free and self.is_waits_machine(piece, params, at)

    def is_waits_gap(self, piece: Part, params: dict[str, str], at: int) -> bool:
        """The machine is free, and the order named begins there later."""
        machine = self.index("machines", params["machine"])
        later = (self.s.machine == machine) & (self.begin > at) & (self.s.op == piece.ops[0][0])
        return not self.taken(machine, at) and bool(later.any())

    def is_waits_closed(self, piece: Part, params: dict[str, str], at: int) -> bool:
        """The machine's calendar is closed."""
        del piece
        return not self.open(self.column("machine_calendar", self.index("machines", params["machine"]), -1), at)

    def is_waits_shift(self, piece: Part, params: dict[str, str], at: int) -> bool:
        """Nobody with the skill is on shift."""
        return not any(self.at_work(who, at) for who in self.able(self.index("skills", params["skill"]), piece))

    def is_waits_people(self, piece: Part, params: dict[str, str], at: int) -> bool:
        """All with the skill that are on shift are held."""
        there = [who for who in self.able(self.index("skills", params["skill"]), piece) if self.at_work(who, at)]
        return all(self.held(who, at) for who in there)

    def is_waits_van(self, piece: Part, params: dict[str, str], at: int) -> bool:
        """No collection of any step of that name."""
        del piece
        steps = [i for i, name in enumerate(self.p.names.steps) if name == params["step"]]
        return not all(self.open(self.column("step_collect", i, -1), at) for i in steps)

    def is_waits_tool(self, piece: Part, params: dict[str, str], at: int) -> bool:
        """As many hold the tool as there are, the order named among them."""
        tool, holders = self.index("tools", params["tool"]), []
        for r, op in enumerate(self.s.op.tolist()):
            if self.column("step_tool", self.step(op), -1) == tool and self.begin[r] <= at < self.s.end[r]:
                holders.append(op)
        for w, op in enumerate(self.p.wip_op.tolist()):
            if self.column("step_tool", self.step(op), -1) == tool and at < self.p.wip_end_s[w]:
                holders.append(op)
        return len(holders) >= self.p.tool_quantity[tool] and piece.ops[0][0] in holders

    def is_waits_tender(self, piece: Part, params: dict[str, str], at: int) -> bool:
        """Nobody tends the zone."""
        del piece
        return not self.tending(self.index("zones", params["zone"]), at)

    def is_waits_limit(self, piece: Part, params: dict[str, str], at: int) -> bool:
        """As many tasks are open or being set up in the zone as those on duty may have."""
        del piece
        zone = self.index("zones", params["zone"])
        there = self.tending(zone, at)
        most = sum(self.column("person_max", who, NEVER) for who in there)
        zones = [self.column("machine_zone", int(m), -1) for m in self.s.machine]
        running = sum(z == zone and self.begin[r] <= at < self.s.end[r] for r, z in enumerate(zones))
        for w, machine in enumerate(self.p.wip_machine.tolist()):
            running += self.column("machine_zone", machine, -1) == zone and at < self.p.wip_end_s[w]
        return bool(there) and running >= most

    def is_waits_material(self, piece: Part, params: dict[str, str], at: int) -> bool:
        """What is in stock is less than what some task of this step takes."""
        p, item = self.p, self.index("materials", params["item"])
        level = int(p.stock_micro[item])
        mine = range(int(p.receipt_ptr[item]), int(p.receipt_ptr[item + 1])) if len(p.receipt_ptr) else ()
        level += sum(int(p.receipt_micro[r]) for r in mine if p.receipt_at_s[r] <= at)
        most, pieces = 0, self.s.pieces if len(self.s.pieces) else p.op_pieces[self.s.op]
        for r, op in enumerate(self.s.op.tolist()):
            step = self.step(op)
            for u in range(int(p.use_ptr[step]), int(p.use_ptr[step + 1])):
                takes = int(pieces[r]) * int(p.use_micro[u]) if p.use_item[u] == item else 0
                if self.s.start[r] <= at:
                    level -= takes
                elif p.names.steps[step] == params["step"] and self.s.start[r] >= piece.until:
                    most = max(most, takes)
        return level < most

    def is_waits_place(self, piece: Part, params: dict[str, str], at: int) -> bool:
        """The order named has ended on the machine, and none of its next steps has begun."""
        machine, op = self.index("machines", params["machine"]), piece.ops[0][0]
        ends = [
            int(e) for e, m, o in zip(self.s.end, self.s.machine, self.s.op, strict=True) if (m, o) == (machine, op)
        ]
        ends += [
            int(e)
            for e, m, o in zip(self.p.wip_end_s, self.p.wip_machine, self.p.wip_op, strict=True)
            if (m, o) == (machine, op)
        ]
        return min(ends, default=at + 1) <= at
