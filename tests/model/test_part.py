"""Problems taken apart: nothing is shared, nothing is lost, and plans of the parts are a plan of the whole."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.counts import examples
from tests.strategies import workshops

from fong.model import Problem, Workshop
from fong.model.build import build
from fong.model.check import check
from fong.model.objective import evaluate
from fong.model.part import joined, parts
from fong.model.schedule import Schedule
from fong.plan.decode import decode
from fong.plan.decode.floor import Floor
from fong.plan.decode.rule import Rule, weights
from fong.plan.lots import split
from fong.plan.routes import variants


def beside(first: Workshop, second: Workshop) -> Workshop:
    """Two workshops under one roof that share nothing but calendars: all names of the second begin with an x."""

    def x(name: str | None) -> str | None:
        return None if name is None else f"x{name}"

    b = second.factory
    machines = [replace(m, name=f"x{m.name}", group=f"x{m.group}", zone=x(m.zone)) for m in b.machines]
    people = [
        replace(p, name=f"x{p.name}", skills=frozenset(f"x{s}" for s in p.skills), tends=x(p.tends)) for p in b.people
    ]
    routing = [
        replace(
            s, item=f"x{s.item}", machines=tuple(f"x{m}" for m in s.machines), setup_skill=x(s.setup_skill), run_skill=x(s.run_skill),
            tool=x(s.tool), place=x(s.place), same_machine=x(s.same_machine),
        )
        for s in b.routing
    ]  # fmt: skip
    factory = replace(
        first.factory,
        machines=(*first.factory.machines, *machines),
        people=(*first.factory.people, *people),
        items=(*first.factory.items, *[replace(i, name=f"x{i.name}") for i in b.items]),
        routing=(*first.factory.routing, *routing),
        bill=(
            *first.factory.bill,
            *[replace(line, item=f"x{line.item}", component=f"x{line.component}") for line in b.bill],
        ),
        receipts=(*first.factory.receipts, *[replace(r, item=f"x{r.item}") for r in b.receipts]),
        speeds=(*first.factory.speeds, *[replace(s, item=f"x{s.item}", machine=f"x{s.machine}") for s in b.speeds]),
        setups=(*first.factory.setups, *[replace(s, group=f"x{s.group}") for s in b.setups]),
        tools=(*first.factory.tools, *[replace(t, name=f"x{t.name}") for t in b.tools]),
        places=(*first.factory.places, *[replace(p, name=f"x{p.name}") for p in b.places]),
    )
    orders = (*first.orders, *[replace(o, order=f"x{o.order}", item=f"x{o.item}") for o in second.orders])
    work = (
        *first.state.work,
        *[replace(w, order=f"x{w.order}", machine=x(w.machine)) for w in second.state.work],
    )
    return replace(first, factory=factory, orders=orders, state=replace(first.state, work=work))


@settings(max_examples=examples(60))
@given(workshops(), workshops(), st.sampled_from(("edd", "atcs", "spt")), st.booleans())
def test_two_workshops_under_one_roof(first: Workshop, second: Workshop, name: str, wide: bool) -> None:  # noqa: FBT001
    """At least two parts; each planned alone and joined is a lawful plan of the whole, worth the sum of the parts' worths."""
    whole = build(beside(first, second))
    some = parts(whole)
    assert len(some) >= 2
    assert sorted(np.concatenate([part.op for part in some]).tolist()) == list(range(whole.operations))
    for kind in ("machine", "person"):
        used = np.concatenate([getattr(part, kind) for part in some])
        assert len(np.unique(used)) == len(used)
    plans = []
    for part in some:
        decoded = played(part.problem, Rule(name=name, wide=wide))
        if decoded is None:
            return
        plans.append((part, decoded))
        assert not check(part.problem, decoded).faults
    plan = joined(whole, plans)
    assert not check(whole, plan).faults
    for objective in ("flow_time", "weighted_tardiness", "late_cost"):
        assert evaluate(whole, plan, objective) == pytest.approx(
            sum(evaluate(p.problem, s, objective) for p, s in plans), abs=len(plans)
        )


def played(problem: Problem, rule: Rule) -> Schedule | None:
    decoded = decode(
        Floor(problem).prepared(split(problem, wide=rule.wide, variant=variants(problem))), rule, weights(problem)
    )
    return decoded.schedule() if decoded.complete else None


def test_what_shares_a_machine_stays_together() -> None:
    """The problem itself, with each operation, machine and person as it was."""
    from tests.strategies import MONDAY

    from fong import examples as shown

    problem = build(shown.load("knit", MONDAY))
    (part,) = parts(problem)
    assert part.problem is problem
    assert part.op.tolist() == list(range(problem.operations))
