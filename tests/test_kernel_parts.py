"""Inner kernels: one version each, machine code only inside the kernel that Python calls, and the same numbers as ever."""

import subprocess
import sys
import textwrap
from typing import Any

import numba
import numpy as np
import pytest

from fong import _kernels_parts as parts
from fong._kernels import inner, njit

OUTER: Any = numba.njit(pipeline_class=parts.OuterCompiler)


def _leaf(values: Any, i: int, add: int) -> int:
    values[i % len(values)] += add
    return values[i % len(values)]  # type: ignore[no-any-return]


def _tree(declare_inner: Any, declare_outer: Any) -> Any:
    """Three levels of kernels, called with constants and with whole numbers of two widths."""
    leaf = declare_inner(_leaf)

    @declare_inner  # type: ignore[untyped-decorator]
    def middle(values: Any, i: int) -> int:
        return leaf(values, i, 1) + leaf(values, 3, -2) + leaf(values, values[0], i)  # type: ignore[no-any-return]

    @declare_outer  # type: ignore[untyped-decorator]
    def outer(values: Any, n: int) -> int:
        total = 0
        for i in range(n):
            total += middle(values, i) - middle(values, 4)
            total += leaf(values, 2, 9)
        return total

    return outer, middle, leaf


@pytest.fixture(scope="module")
def tree() -> tuple[Any, Any]:
    """The outer and the innermost kernel of a tree made of parts; compiled for int64 by the first test that calls it."""
    ours, _, leaf = _tree(inner, OUTER)
    return ours, leaf


def test_parts_compute_what_numba_computes(tree: tuple[Any, Any]) -> None:
    """The kernels built of parts give the numbers that numba's ordinary kernels and plain Python give."""
    ours, _ = tree
    usual, _, _ = _tree(numba.njit, numba.njit)
    plain, _, _ = _tree(lambda f: f, lambda f: f)
    start = np.arange(5, dtype=np.int64)
    memory = [start.copy() for _ in range(3)]
    assert ours(memory[0], 40) == usual(memory[1], 40) == plain(memory[2], 40)
    assert np.array_equal(memory[0], memory[1])
    assert np.array_equal(memory[0], memory[2])


def test_one_version_of_a_part() -> None:
    """Constants and narrow numbers do not make versions of their own: numba's ordinary way makes several."""
    ours, middle, leaf = _tree(inner, OUTER)
    ours(np.zeros(5, np.int32), 3)
    assert (len(middle.signatures), len(leaf.signatures)) == (1, 1)
    usual, middle, leaf = _tree(numba.njit, numba.njit)
    usual(np.zeros(5, np.int32), 3)
    assert len(middle.signatures) + len(leaf.signatures) > 2


def test_a_part_has_no_machine_code(tree: tuple[Any, Any]) -> None:
    """A part is not made into machine code: the library stays unoptimised, and its functions have no address."""
    ours, leaf = tree
    ours(np.zeros(5, np.int64), 3)
    (made,) = leaf.overloads.values()
    assert isinstance(made.library, parts.Part)
    assert made.library.get_pointer_to_function(made.fndesc.llvm_func_name) == 0


def test_a_part_counts_no_holders() -> None:
    """A part makes no arrays: it gives the same numbers, and does not count who holds the arrays that it is lent."""
    counting, counted, _ = _tree(njit(inner=True, error_model="numpy"), OUTER)
    ours, middle, _ = _tree(inner, OUTER)
    start = np.arange(5, dtype=np.int64)
    assert counting(start.copy(), 40) == ours(start.copy(), 40)
    codes = [made.library.get_llvm_str() for kernel in (middle, counted) for made in kernel.overloads.values()]
    assert ["NRT_incref" in code for code in codes] == [False, True]


def test_division_by_zero_is_still_seen_outside() -> None:
    """An outer kernel keeps Python's error; a part promises that its divisors are never zero."""

    @njit
    def ratio(a: int, b: int) -> int:
        return a // b

    with pytest.raises(ZeroDivisionError):
        ratio(1, 0)


@pytest.mark.slow
def test_a_whole_is_cached(tmp_path: Any) -> None:
    """The second process loads the machine code of kernel and parts from the cache."""
    code = textwrap.dedent("""
        import numpy as np
        from fong.plan.decode._kernels_decode import tails
        from fong._kernels import freeze
        z = freeze([0, 1, 1], np.int32)
        out = np.zeros(2, np.int64)
        tails(z, freeze([1], np.int32), freeze([3, 4], np.int64), freeze([0, 0], np.int64), out)
        print(out.tolist(), sum(tails.stats.cache_hits.values()))
    """)
    said = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"XDG_CACHE_HOME": str(tmp_path), "PATH": "", "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=True,
        )
        said.append(done.stdout.strip())
    assert said == ["[7, 4] 0", "[7, 4] 1"]
