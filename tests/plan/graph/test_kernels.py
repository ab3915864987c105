"""What the kernels keep true after each move, and what they promise of one, against slow twins."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.plan.graph.served import FAR, Told, plan_of, problems

from fong.model import Problem
from fong.model.objective import OBJECTIVES
from fong.plan.graph import GraphSearch
from fong.plan.graph import _kernels_graph as g
from fong.plan.graph import _kernels_sums as sums

seeds = st.integers(0, 2**32)


def begun(p: Problem, objective: str, seed: int) -> tuple[Told, GraphSearch]:
    told = Told(p)
    search = GraphSearch(p, objective, told.first(), seed)
    return told, search


@given(problems(operations=12), st.sampled_from(OBJECTIVES), seeds, st.lists(st.integers(1, 9), max_size=6))
def test_heads_and_tails_stay_true(p: Problem, objective: str, seed: int, runs: list[int]) -> None:
    """After any number of moves, order, starts, set-ups and tails are those of the plan computed from nothing."""
    told, search = begun(p, objective, seed)
    for iterations in runs:
        search.run(iterations)
        m, n = search._memory, p.operations
        order, mode = plan_of(search)
        assert sorted(order) == list(range(n))
        assert m.v[order, g.PLACE].tolist() == list(range(n))
        assert m.mark.tolist() == [2 * (i == n) for i in range(len(m.mark))]
        assert m.v[:n, g.START].tolist() == told.starts(order, mode)
        if objective == "makespan":
            assert m.v[:n, g.TAIL].tolist() == told.tails(order, mode)
        else:
            for j in range(p.jobs):
                tails = told.tails(order, mode, j)
                assert [max(-1, x) for x in m.t[:n, j].tolist()] == [max(-1, x) for x in tails]


def sequences(told: Told, order: list[int], mode: list[int]) -> dict[int, list[int]]:
    """Operations of each machine in order."""
    out: dict[int, list[int]] = {k: [] for k in range(told.p.machines)}
    for o in order:
        out[told.machine(mode[o])].append(o)
    return out


class Promised:
    """What a move promises by the word of the papers: new heads and tails of what is moved, old ones of all others."""

    def __init__(self, told: Told, order: list[int], mode: list[int]) -> None:
        self.told, self.order, self.mode = told, order, mode
        self.start = told.starts(order, mode)

    def moved(self, u: int, new_mode: int, behind: int | None) -> tuple[list[int], list[int], int | None, int | None]:
        """The operations moved in their new order, their modes, and those around them."""
        told, mode = self.told, list(self.mode)
        line = sequences(told, self.order, mode)
        k = told.machine(new_mode)
        same = told.machine(mode[u]) == k
        old = line[k]
        new = [o for o in old if o != u]
        at = 0 if behind is None else new.index(behind) + 1
        new.insert(at, u)
        mode[u] = new_mode
        first, last = (min(old.index(u), at), max(old.index(u), at)) if same else (at, at)
        before = new[first - 1] if first else None
        after = new[last + 1] if last + 1 < len(new) else None
        return new[first : last + 1], mode, before, after

    def ways(self, u: int, new_mode: int, behind: int | None, job: int | None) -> int:
        """The longest path through what is moved to the end of all, or of one job."""
        told = self.told
        segment, mode, before, after = self.moved(u, new_mode, behind)
        tail = told.tails(self.order, self.mode, job)
        end = 0 if before is None else self.start[before] + told.work(before, mode[before])
        heads, last = [], before
        for o in segment:
            jobs = [self.start[b] + told.work(b, self.mode[b]) + told.lag[b] for b in told.preds[o]]
            heads.append(max(told.release[o], end + told.setup(last, o, mode[o]), *jobs))
            end, last = heads[-1] + told.work(o, mode[o]), o
        longest, follower, way = FAR, after, None if after is None else tail[after]
        for o, head in zip(reversed(segment), reversed(heads), strict=True):
            ways = [told.lag[o] + tail[a] for a in told.succs[o]]
            if not ways:
                ways.append(0 if job in {None, told.job[o]} else FAR)
            if follower is not None and way is not None:
                ways.append(told.setup(o, follower, mode[follower]) + way)
            way, follower = told.work(o, mode[o]) + max(ways), o
            longest = max(longest, head + way)
        return longest

    def cost(self, search: GraphSearch, u: int, new_mode: int, behind: int | None) -> int:
        """The promised cost of all jobs as the search counts it."""
        told, d = self.told, search._memory.d
        segment = self.moved(u, new_mode, behind)[0]
        total = 0
        for j in range(told.p.jobs):
            tail = told.tails(self.order, self.mode, j)
            mine = [o for o in range(told.n) if told.job[o] == j]
            end = max((self.start[o] + told.work(o, self.mode[o]) for o in mine), default=0)
            new = self.ways(u, new_mode, behind, j)
            if all(self.start[o] + tail[o] != end for o in segment):
                new = max(new, end)
            late = new - int(d[sums.DUE, j])
            total += int(d[sums.WEIGHT, j]) * late + int(d[sums.BONUS, j]) if late > 0 else 0
        return total


@given(problems(operations=12), st.sampled_from(OBJECTIVES), seeds, st.integers(0, 12))
def test_promises_are_those_of_the_papers(p: Problem, objective: str, seed: int, iterations: int) -> None:
    """The move that was chosen promised what its segment and the old heads and tails around it give."""
    told, search = begun(p, objective, seed)
    search.run(iterations)
    promised = Promised(told, *plan_of(search))
    search._memory.h[g.PATIENCE] = 2**40  # no new start
    search.run(1)
    h = search._memory.h
    u = int(h[g.OP])
    if u == p.operations or h[g.VALUE] >= 2**62:
        return
    behind = None if h[g.BEHIND] == p.operations else int(h[g.BEHIND])
    problem_mode = int(search._layout.mode[h[g.CHOSEN]])
    if objective == "makespan":
        assert h[g.VALUE] == promised.ways(u, problem_mode, behind, None)
    else:
        assert h[g.VALUE] == promised.cost(search, u, problem_mode, behind)
