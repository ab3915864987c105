"""The language of the names changes no plan."""

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pytest
from tests.examples.conftest import NOW

from fong.examples.cnc import cnc
from fong.examples.knit import knit
from fong.lang import LANGUAGES
from fong.model import Workshop
from fong.model.build import build


@pytest.mark.parametrize("example", [knit, cnc])
@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_the_same_columns_in_each_language(example: Callable[..., Workshop], language: str) -> None:
    """Machines, people and skills have the same numbers, whatever they are called: so the same seed makes the same plan."""
    now: datetime = NOW
    plain, other = build(example(now)), build(example(now, language=language))
    for (name, a), (_, b) in zip(plain.columns(), other.columns(), strict=True):
        assert np.array_equal(a, b), name
    assert plain.names.skills != other.names.skills
