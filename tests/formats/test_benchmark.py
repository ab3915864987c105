"""Benchmark instances: read exactly, refused clearly when they are cut off or wrong."""

import csv
import lzma
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fong import lang
from fong.errors import InputFault, Limit
from fong.formats.benchmark import is_benchmark, read_benchmark
from fong.formats.limits import Limits
from fong.model import Fault, Problem

JSP = b"2 3\n0 3 1 2 2 5\n2 4 0 1 1 6\n"
FJSP = b"2 3 1.5\n2 1 1 5 2 2 4 3 6\n1 1 3 2\n"


def columns(p: Problem) -> tuple[list[int], list[int], list[int], list[int]]:
    return p.job_ptr.tolist(), p.mode_ptr.tolist(), p.mode_machine.tolist(), p.mode_cycle_s.tolist()


def refused(data: bytes, name: str = "x.txt", kind: str = "") -> str:
    """The one fault of an instance; it can be said in every language."""
    with pytest.raises(InputFault) as raised:
        read_benchmark(name, data, kind=kind)
    (fault,) = raised.value.faults
    assert isinstance(fault, Fault)
    for language in lang.LANGUAGES:
        assert lang.text(fault.message.code, fault.message.params, language)
        assert lang.text(f"{fault.message.code}.how", fault.message.params, language)
    return fault.message.code.partition(".")[2]


def test_jsp() -> None:
    """Jobs, machines and durations as written; one mode an operation needs no pointer."""
    p = read_benchmark("x.txt", JSP)
    assert columns(p) == ([0, 3, 6], [], [0, 1, 2, 2, 0, 1], [3, 2, 5, 4, 1, 6])
    assert (p.jobs, p.operations, p.machines, p.epoch) == (2, 6, 3, None)
    assert len(p.op_step) == len(p.pred_op) == 0
    assert not p.mode_machine.flags.writeable


def test_fjsp() -> None:
    """Alternatives become modes; machines count from 0 within."""
    p = read_benchmark("x.fjs", FJSP)
    assert columns(p) == ([0, 2, 3], [0, 1, 3, 4], [0, 1, 2, 2], [5, 4, 6, 2])


@pytest.mark.parametrize(
    "data",
    [
        JSP.replace(b"\n", b"\r\n"),
        b"# ft\n\n" + JSP,
        JSP.rstrip(),
        JSP.replace(b" ", b"\t"),
        b"2 3\n" + JSP[4:].replace(b"\n", b" "),
    ],
)
def test_other_spellings_of_a_jsp(data: bytes) -> None:
    """Line ends, comments, tabs and broken lines do not matter."""
    assert columns(read_benchmark("x.txt", data)) == columns(read_benchmark("x.txt", JSP))


@pytest.mark.parametrize("data", [b"2 2\n0 3 -1 -1\n1 4 0 1 1 2 -1 -1\n", b"2 2\n0 3\n1 4 0 1 1 2\n"])
def test_reentrant_jobs(data: bytes) -> None:
    """Jobs may visit a machine twice or never; lines end with -1 -1 or at their end."""
    assert columns(read_benchmark("x.txt", data)) == ([0, 1, 4], [], [0, 1, 0, 1], [3, 4, 1, 2])


def test_packed_instance() -> None:
    """A file packed by xz is unpacked; the name within says the kind."""
    assert columns(read_benchmark("x.fjs.xz", lzma.compress(FJSP))) == columns(read_benchmark("x.fjs", FJSP))
    assert is_benchmark("x", lzma.compress(FJSP))
    assert not is_benchmark("x", b"hello")


JSP_FAULTS = {
    "nothing": (b"", "instance_header"),
    "no header": (b"hello\n", "instance_header"),
    "three counts": (b"2 3 4\n0 1 1 1 2 1\n", "instance_header"),
    "no jobs": (b"0 3\n", "instance_header"),
    "absurd counts": (b"99999999999 3\n", "instance_header"),
    "a job missing": (b"3 3\n0 3 1 2 2 5\n2 4 0 1 1 6\n", "instance_jobs"),
    "cut in a pair": (JSP[:-3], "instance_pairs"),
    "cut after a pair": (b"3 2\n0 1 1 2\n1 1 0 2\n0 1\n", "instance_cut"),
    "cut before the end mark": (b"2 2\n0 3 -1 -1\n1 4 0 1\n", "instance_jobs"),
    "words": (b"2 2\n0 3 1 x\n0 1 1 1\n", "instance_number"),
    "glued numbers": (b"2 2\n0 3-4 1\n0 1 1 1\n", "instance_number"),
    "lone sign": (b"2 2\n0 - 1 2\n0 1 1 1\n", "instance_number"),
    "endless number": (b"2 2\n0 " + b"9" * 30 + b" 1 2\n0 1 1 1\n", "instance_number"),
    "machine too high": (JSP.replace(b"2 4", b"3 4"), "instance_machine"),
    "machine below 0": (JSP.replace(b"2 4", b"-2 4"), "instance_machine"),
    "negative duration": (JSP.replace(b"2 4", b"2 -4"), "instance_duration"),
    "absurd duration": (JSP.replace(b"2 4", b"2 2000000000"), "instance_duration"),
    "absurd sum": (b"1 2\n0 1000000000 0 1000000000\n", "instance_too_long"),
    "broken xz": (b"\xfd7zXZ\x00" + b"x" * 40, "broken_xz"),
    "cut xz": (lzma.compress(JSP * 50)[:-20], "broken_xz"),
}
FJSP_FAULTS = {
    "cut": (FJSP[:-3], "instance_end"),
    "cut between jobs": (b"2 3\n2 1 1 5 2 2 4 3 6\n", "instance_end"),
    "more": (FJSP + b"7 7\n", "instance_more"),
    "no alternative": (b"1 2\n1 0\n5 5 5\n", "instance_count"),
    "negative count": (b"1 2\n-1 1 1 5\n", "instance_count"),
    "machine 0": (b"1 2\n1 1 0 5\n", "instance_machine"),
    "machine too high": (b"1 2\n1 1 3 5\n", "instance_machine"),
    "negative duration": (b"1 2\n1 1 1 -5\n", "instance_duration"),
    "machine twice": (b"1 2\n1 2 1 5 1 4\n", "instance_twice"),
}


@pytest.mark.parametrize("case", JSP_FAULTS)
def test_fault_of_a_jsp(case: str) -> None:
    """The instance is refused with this fault."""
    data, code = JSP_FAULTS[case]
    assert refused(data) == code


@pytest.mark.parametrize("case", FJSP_FAULTS)
def test_fault_of_an_fjsp(case: str) -> None:
    """The instance is refused with this fault."""
    data, code = FJSP_FAULTS[case]
    assert refused(data, "x.fjs") == code


def test_unknown_format_is_refused() -> None:
    """A format that is not read is named as such."""
    assert refused(JSP, kind="sdst") == "unknown_format"


def test_bomb_of_xz_meets_the_limit() -> None:
    """A few kilobytes that unpack to many megabytes are stopped."""
    with pytest.raises(Limit):
        read_benchmark("x.txt.xz", lzma.compress(b" " * (3 << 20)), limits=Limits(unpacked_mb=2))


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 999)), min_size=1, max_size=6), min_size=1, max_size=6
    ),
    st.booleans(),
)
def test_any_reentrant_instance_is_read_as_written(jobs: list[list[tuple[int, int]]], marked: bool) -> None:  # noqa: FBT001 - drawn
    """What a plain writer writes, the reader reads."""
    end = " -1 -1" if marked else ""
    lines = [" ".join(f"{m} {d}" for m, d in job) + end for job in jobs]
    p = read_benchmark("x.txt", f"{len(jobs)} 10\n".encode() + "\n".join(lines).encode())
    flat = [pair for job in jobs for pair in job]
    assert p.job_ptr.tolist() == np.cumsum([0, *map(len, jobs)]).tolist()
    assert list(zip(p.mode_machine.tolist(), p.mode_cycle_s.tolist(), strict=True)) == flat


@given(
    st.binary(max_size=200) | st.text("0123456789 -\n", max_size=200).map(str.encode),
    st.sampled_from(["x.txt", "x.fjs"]),
)
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    """Nothing but a fault escapes, whatever the bytes."""
    try:
        p = read_benchmark(name, data)
    except InputFault:
        return
    assert p.jobs > 0
    assert len(p.mode_machine) >= p.operations


@pytest.mark.slow
@pytest.mark.may_skip("sample data may be absent")
def test_instances_of_the_literature(shared: Path) -> None:
    """Each jsp and fjsp instance has the jobs, machines and operations that the list of best known values says."""
    root = shared / "data" / "plan"
    with (root / "bks.csv").open(encoding="utf-8") as file:
        rows = {r["file"]: r for r in csv.DictReader(file) if r["format"] in {"jsp", "fjsp"}}
    for name, row in rows.items():
        p = read_benchmark(name, (root / name).read_bytes(), kind=row["format"])
        assert (p.jobs, p.machines, p.operations) == (int(row["jobs"]), int(row["machines"]), int(row["ops"])), name
    assert len(rows) > 500
