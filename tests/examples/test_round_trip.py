"""The examples pass through every format and come back as they were: a workbook of `knit` is a workbook like any other."""

from collections.abc import Callable, Mapping

import pytest

from fong.formats.nouns import to_workshop
from fong.formats.reading import read_tables
from fong.formats.writing import write_csv, write_json, write_workbook
from fong.model import Workshop

WRITERS: dict[str, Callable[[Workshop], bytes | Mapping[str, bytes]]] = {
    "book.xlsx": write_workbook,
    "folder": write_csv,
    "input.json": write_json,
}


@pytest.mark.parametrize("file", WRITERS)
@pytest.mark.parametrize("example", ["knit_1", "cnc_1"])
def test_round_trip(example: str, file: str, request: pytest.FixtureRequest) -> None:
    """Written and read again, nothing is lost and nothing is added."""
    workshop: Workshop = request.getfixturevalue(example)
    assert to_workshop(read_tables(file, WRITERS[file](workshop))) == workshop
