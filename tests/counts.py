"""How many examples a test of hypothesis draws, where it asks for a number of its own."""

from hypothesis import settings

QUICK = 10 / 40
"""The share that `make quick` draws; as `tests/conftest.py` has it for tests that name no number."""


def examples(count: int) -> int:
    """So many examples, but a part of them in `make quick`."""
    return max(3, round(count * QUICK)) if settings.get_current_profile_name() == "quick" else count
