"""A model of CP-SAT written straight into its columns: building it costs microseconds a line.

Variables and literals are plain numbers, as in the solver's own format: literal ``-1 - v`` is "not v". :class:`At` is a variable plus
seconds, or a moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ortools.sat.python import cp_model_helper

FAR = 2**40
"""Later than any moment of a plan."""

_MOST = 2**60
"""The solver adds up products of numbers in 64 bits."""

Literals = Sequence[int]


class At(NamedTuple):
    """A variable plus seconds; ``var`` -1: the moment itself."""

    var: int
    offset: int = 0

    def after(self, seconds: int) -> At:
        """So much later."""
        return At(self.var, self.offset + seconds)


def fixed(moment: int) -> At:
    """A moment."""
    return At(-1, moment)


def negated(literal: int) -> int:
    """The contrary."""
    return -1 - literal


class Sheet:
    """Lines of a model. ``broken`` once a line can never hold, ``absurd`` once a number is too large for the solver."""

    def __init__(self) -> None:
        from ortools.sat.python import cp_model  # noqa: PLC0415 - takes a third of a second to load

        self.model = cp_model.CpModel()
        self.proto = self.model.proto
        self.broken = False
        self.absurd = False
        self._low: list[int] = []
        self._high: list[int] = []

    def __len__(self) -> int:
        return len(self._low) + len(self.proto.constraints)

    # ------------------------------------------------------------ variables
    def var(self, low: int, high: int) -> int:
        """A whole number from low to high."""
        return self.among([(low, high)])

    def among(self, spans: Sequence[tuple[int, int]]) -> int:
        """A whole number in one of some stretches, which are sorted and apart."""
        if not spans or spans[0][0] > spans[-1][1]:
            self.broken = True
            spans = [(0, 0)]
        if spans[-1][1] >= _MOST:
            self.absurd, spans = True, [(0, 0)]
        self.proto.variables.add().domain.extend([x for span in spans for x in span])
        self._low.append(spans[0][0])
        self._high.append(spans[-1][1])
        return len(self._low) - 1

    def literal(self) -> int:
        """A yes or no."""
        return self.var(0, 1)

    def low(self, x: At) -> int:
        """What x is at least."""
        return x.offset + (self._low[x.var] if x.var >= 0 else 0)

    def high(self, x: At) -> int:
        """What x is at most."""
        return x.offset + (self._high[x.var] if x.var >= 0 else 0)

    # ------------------------------------------------------------ lines
    def linear(self, terms: Iterable[tuple[int, int]], domain: Sequence[tuple[int, int]], when: Literals = ()) -> None:
        """Σ coefficient × variable lies in the domain, if all of ``when`` hold."""
        some = list(terms)
        if max((abs(c) for c, _ in some), default=0) >= _MOST:
            self.absurd = True
            return
        body = self._line(when).linear
        body.vars.extend([v for _, v in some])
        body.coeffs.extend([c for c, _ in some])
        body.domain.extend([x for span in domain for x in span])

    def before(self, a: At, b: At, seconds: int = 0, when: Literals = ()) -> None:
        """A, then at least so many seconds, then b."""
        if self.high(a) + seconds <= self.low(b):
            return
        least = a.offset + seconds - b.offset
        if a.var == b.var:
            self.never(when)
        elif a.var < 0:
            self.linear([(1, b.var)], [(least, FAR)], when)
        elif b.var < 0:
            self.linear([(1, a.var)], [(-FAR, -least)], when)
        else:
            self.linear([(1, b.var), (-1, a.var)], [(least, FAR)], when)

    def equal(self, a: At, b: At, when: Literals = ()) -> None:
        """The same moment."""
        self.before(a, b, 0, when)
        self.before(b, a, 0, when)

    def inside(self, x: At, spans: Sequence[tuple[int, int]], when: Literals = ()) -> None:
        """X lies in one of some stretches."""
        if not spans:
            self.never(when)
        elif x.var < 0:
            if not any(low <= x.offset <= high for low, high in spans):
                self.never(when)
        elif not (len(spans) == 1 and spans[0][0] <= self.low(x) and self.high(x) <= spans[0][1]):
            self.linear([(1, x.var)], [(low - x.offset, high - x.offset) for low, high in spans], when)

    def never(self, all_of: Literals) -> None:
        """Not all of these at once."""
        if all_of:
            self.some([negated(x) for x in all_of])
        else:
            self.broken = True

    def some(self, literals: Literals) -> None:
        """At least one of these."""
        if literals:
            self.proto.constraints.add().bool_or.literals.extend(list(literals))
        else:
            self.broken = True

    def implies(self, a: int, b: int) -> None:
        """If a then b."""
        self.some([negated(a), b])

    def one(self, literals: Literals) -> None:
        """Exactly one of these."""
        if literals:
            self.proto.constraints.add().exactly_one.literals.extend(list(literals))
        else:
            self.broken = True

    def count(self, literals: Literals, total: int) -> None:
        """As many of these hold as ``total`` says, a literal."""
        self.linear([*((1, x) for x in literals), (-1, total)], [(0, 0)])

    def interval(self, start: At, end: At, when: Literals = ()) -> int:
        """A stretch of time, present if ``when`` holds. Returns its number."""
        at = len(self.proto.constraints)
        body = self._line(when).interval
        _write(body.start, start)
        _write(body.end, end)
        if start.var == end.var:
            body.size.offset = end.offset - start.offset
        elif start.var < 0:
            _write(body.size, end.after(-start.offset))
        elif end.var < 0:
            body.size.vars.append(start.var)
            body.size.coeffs.append(-1)
            body.size.offset = end.offset - start.offset
        else:
            long = self.var(0, max(0, self.high(end) - self.low(start)))
            body.size.vars.append(long)
            body.size.coeffs.append(1)
            self.linear([(1, start.var), (1, long), (-1, end.var)], [(end.offset - start.offset,) * 2], when)
        return at

    def apart(self, intervals: Sequence[int]) -> None:
        """No two of these stretches overlap."""
        if len(intervals) > 1:
            self.proto.constraints.add().no_overlap.intervals.extend(list(intervals))

    def within(self, intervals: Sequence[int], demands: Sequence[int], capacity: int) -> None:
        """At no moment do the stretches that cover it ask for more than there is."""
        if sum(demands) <= capacity:
            return
        if max(capacity, *demands) >= _MOST:
            self.absurd = True
            return
        body = self.proto.constraints.add().cumulative
        body.capacity.offset = capacity
        body.intervals.extend(list(intervals))
        for demand in demands:
            body.demands.add().offset = demand

    def circuit(self, arcs: Sequence[tuple[int, int, int]]) -> None:
        """The arcs (tail, head, literal) that hold make one round through all nodes; an arc from a node to itself leaves it out."""
        body = self.proto.constraints.add().circuit
        body.tails.extend([a for a, _, _ in arcs])
        body.heads.extend([b for _, b, _ in arcs])
        body.literals.extend([x for _, _, x in arcs])

    def latest(self, whole: At, parts: Sequence[At]) -> None:
        """The whole is the greatest of its parts."""
        body = self.proto.constraints.add().lin_max
        _write(body.target, whole)
        for part in parts:
            _write(body.exprs.add(), part)

    def minimize(self, terms: Sequence[tuple[int, int]]) -> None:
        """Make Σ coefficient × variable as small as can be."""
        self.proto.objective.vars.extend([v for _, v in terms])
        self.proto.objective.coeffs.extend([c for c, _ in terms])

    def hint(self, values: dict[int, int]) -> None:
        """Where to look first."""
        self.proto.solution_hint.vars.extend(list(values))
        self.proto.solution_hint.values.extend(list(values.values()))

    def _line(self, when: Literals) -> cp_model_helper.ConstraintProto:
        line: cp_model_helper.ConstraintProto = self.proto.constraints.add()
        if when:
            line.enforcement_literal.extend(list(when))
        return line


def _write(expression: cp_model_helper.LinearExpressionProto, x: At) -> None:
    if x.var >= 0:
        expression.vars.append(x.var)
        expression.coeffs.append(1)
    expression.offset = x.offset
