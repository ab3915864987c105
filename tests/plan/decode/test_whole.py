"""The decoder as a whole: the compiled one against its plain copy, number by number."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.plan import tiny
from tests.plan.decode.bench import PLAIN, memory_of

from fong.model import Problem
from fong.model.problem import NEVER
from fong.plan.decode import _kernels_layout as lay
from fong.plan.decode._kernels_decode import decode
from fong.plan.decode.floor import Floor
from fong.plan.decode.rule import KINDS, Guidance, Rule, weights
from fong.plan.lots import split

RULES = st.builds(
    Rule,
    name=st.sampled_from([*sorted(KINDS), "sequence"]),
    look_s=st.sampled_from((0, 5, 20)),
    loss=st.sampled_from((0.02, 1.0)),
    batch_wait=st.sampled_from((0.0, 0.5, 1.0)),
    wide=st.booleans(),
)


@settings(max_examples=60)
@given(tiny.workshops(), RULES, st.one_of(st.none(), st.integers(0, 2**16)))
def test_the_compiled_decoder_computes_what_is_written(made: Problem, rule: Rule, seed: int | None) -> None:
    """Every number of the memory after a decode is the one that plain Python leaves: so twins of plain kernels speak for both."""
    prepared = Floor(made).prepared(split(made, wide=rule.wide))
    told: Guidance | None = None
    if seed is not None or rule.name == "sequence":
        key = np.random.default_rng(seed or 0).integers(-3, 4, len(prepared.lots.op)) / 2.0
        told = Guidance(key=key, machine=np.full(len(key), -1, np.int32))
    ours, plain = (memory_of(prepared, rule, weights(made), guidance=told) for _ in range(2))
    done = decode(ours.k, NEVER)
    wide = lay.K(c=plain.k.c.astype(np.int64), w=plain.k.w, f=plain.k.f)
    assert PLAIN["decode"].decode(wide, NEVER) == done
    assert np.array_equal(ours.k.c, wide.c)
    assert np.array_equal(ours.k.w, wide.w)
    np.testing.assert_allclose(ours.k.f, wide.f, rtol=1e-12)
