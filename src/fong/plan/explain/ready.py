"""When what comes before let a task begin, and how much earlier what comes after would let it end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from fong.model.check.rows import gather
from fong.model.problem import NEVER
from fong.plan.explain.spans import ALWAYS, FAR, latest
from fong.plan.explain.timeline import Timeline

NONE = -(2**40)
"""No row comes before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """``before``: the row that let go last (work in progress w: ``-1 - w``), ``NONE`` if none did.

    It let go at ``gone``; the lag lasted until ``lagged``, the wait for more boxes until ``at``.
    """

    at: int
    before: int = NONE
    gone: int = 0
    lagged: int = 0


class Ready:
    """Readiness of a plan's rows."""

    def __init__(self, timeline: Timeline) -> None:
        self.line = timeline
        self.of = cache(self._of)
        self.loose = cache(self._loose)
        links = timeline.links
        self._before: dict[int, list[tuple[int, bool]]] = {}
        self._after: dict[int, list[int]] = {}
        for a, b, boxed in zip(links.before.tolist(), links.after.tolist(), links.boxes.tolist(), strict=True):
            self._before.setdefault(b, []).append((a, boxed))
            self._after.setdefault(a, []).append(b)
        self._running = {op: -1 - w for w, op in enumerate(timeline.wip_op.tolist())}

    def release(self, row: int) -> int:
        """When the row's order is released, or now."""
        p, job = self.line.problem, int(self.line.rows.job[row])
        return max(0, int(p.job_release_s[job])) if len(p.job_release_s) else 0

    def _of(self, row: int) -> Readiness:
        base = self.release(row)
        best = Readiness(at=base, gone=base, lagged=base)
        for before, boxed in self._before.get(int(self.line.rows.op[row]), []):
            found = self._boxed(row, before) if boxed else self._whole(before)
            if found.at >= best.at:
                best = found
        return best

    def _whole(self, before: int) -> Readiness:
        """After a whole operation, plus lag."""
        line = self.line
        gone = int(line.spans.end[before])
        running = self._running.get(before, NONE)
        rows = [r for r in line.rows_of_op.get(before, []) if line.rows.end[r] == gone]
        at = gone + self._lag(before)
        return Readiness(at=at, before=rows[0] if rows else running, gone=gone, lagged=at)

    def _lag(self, op: int) -> int:
        p = self.line.problem
        return int(gather(p.step_lag_s, self._step(op), 0)[0])

    def _step(self, op: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        p = self.line.problem
        return np.array([p.op_step[op] if len(p.op_step) else op], np.int64)

    def _boxed(self, row: int, before: int) -> Readiness:
        """After the first box, and so late that no piece of the row lacks its box when it is begun."""
        line, lag = self.line, self._lag(before)
        at, held, of = self._boxes(before)
        total = self._total(before)
        come = total[0] + np.cumsum(held)
        begins, taken = self._begins(row)
        own = self._total(int(line.rows.op[row]))
        wanted = -(-(own[0] + np.cumsum(taken)) * total[1] // own[1])
        mine = np.flatnonzero(begins[0] == row)
        box = np.minimum(np.searchsorted(come, wanted[mine]), len(at) - 1)
        needed = wanted[mine] > total[0]
        if not needed.any():
            return Readiness(at=self.release(row), gone=self.release(row), lagged=self.release(row))
        ready = self._unstarved(row, begins[1][mine][needed], at[box[needed]] + lag)
        first = int(box[needed][0])
        gone = min(int(at[first]), ready)
        return Readiness(at=ready, before=int(of[first]), gone=gone, lagged=min(ready, gone + lag))

    def _unstarved(self, row: int, begins: np.ndarray, come: np.ndarray) -> int:
        """The earliest start at which no piece is begun before its box has come; the row's own start at the latest."""
        line, rows = self.line, self.line.rows
        start, cycle = int(rows.start[row]), max(1, int(rows.cycle_s[row]))
        hours, work = ALWAYS, begins - start
        if rows.gap[row] == 0 and not rows.calls[row] and not rows.outside[row]:
            person = int(rows.person[row]) if rows.paced[row] else -1
            hours = line.hours(int(rows.machine[row]), person)
            ptr, begin, _ = line.cycles
            work = np.searchsorted(begin[ptr[row] : ptr[row + 1]], begins) * cycle
        ready = self.release(row)
        _, firsts = np.unique(come, return_index=True)
        for x in firsts.tolist():
            ready = max(ready, latest(hours, int(come[x]), int(work[x])) if work[x] > 0 else int(come[x]))
        return min(ready, start)

    def _total(self, op: int) -> tuple[int, int]:
        """Pieces done before the plan, and in all."""
        p = self.line.problem
        total = p.op_total if len(p.op_total) else p.op_pieces
        whole = int(total[op]) if len(total) else 1
        return whole - (int(p.op_pieces[op]) if len(p.op_pieces) else 1), max(whole, 1)

    def _boxes(self, op: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """When each box of an operation is full, what it holds, and its row; by moment."""
        line, p = self.line, self.line.problem
        size = int(p.step_box[self._step(op)[0]])
        ptr, _, finish = line.cycles
        out: list[tuple[int, int, int]] = []
        for row in line.rows_of_op.get(op, []):
            pieces, left = int(line.rows.pieces[row]), int(line.rows.pieces[row])
            each = self._each(row)
            while left > 0:
                box = min(size, left)
                left -= box
                cycle = -(-(pieces - left) // each) - 1
                out.append((min(int(finish[ptr[row] + cycle]), int(line.rows.end[row])), box, row))
        columns = np.array(sorted(out), np.int64)
        return columns[:, 0], columns[:, 1], columns[:, 2]

    def _each(self, row: int) -> int:
        """Pieces that begin together."""
        rows = self.line.rows
        if rows.outside[row]:
            return max(1, int(rows.pieces[row]))
        return max(1, int(gather(self.line.problem.step_pieces_per_cycle, rows.step[row : row + 1], 1)[0]))

    def _begins(self, row: int) -> tuple[np.ndarray, np.ndarray]:
        """All beginnings of pieces of a row's operation by moment: rows and moments [2, n], pieces [n]."""
        line = self.line
        ptr, begin, _ = line.cycles
        of: list[tuple[int, int, int]] = []
        for r in line.rows_of_op[int(line.rows.op[row])]:
            each, pieces = self._each(r), int(line.rows.pieces[r])
            moments = begin[ptr[r] : ptr[r + 1]].tolist()
            of += [(at, r, min(each, pieces - n * each)) for n, at in enumerate(moments)]
        columns = np.array(sorted(of), np.int64)
        return columns[:, [1, 0]].T, columns[:, 2]

    def _loose(self, row: int) -> tuple[int, int]:
        """The step after, and how much earlier the row could end without breaking the longest wait before it."""
        p, line = self.line.problem, self.line
        step = int(line.rows.step[row])
        most = int(p.step_max_wait_s[step]) if len(p.step_max_wait_s) else NEVER
        out = (-1, FAR)
        if most < NEVER:
            for after in self._after.get(int(line.rows.op[row]), []):
                for r in line.rows_of_op.get(after, []):
                    loose = most - int(line.rows.start[r]) + int(line.rows.end[row])
                    if loose < out[1]:
                        out = (int(line.rows.step[r]), loose)
        return out
