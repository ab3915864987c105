"""Messages for a page that speaks three languages: templates once, values beside them; the page's script makes the sentences.

What only Python formats alike (``money``, ``,.1f``) goes along ready made under ``name:spec``, because no language changes it.
"""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fong.lang import LANGUAGES, catalogue
from fong.model import Message, Param

PREFIX = "render.page."
_OF_THE_PAGE = {"duration", "quoted", "time", "date"}
_EXACT = 2**53
Sent = tuple[int, dict[str, object]]


def page_words() -> dict[str, dict[str, str]]:
    """The page's own texts by language and key."""
    return {
        language: {k.removeprefix(PREFIX): v for k, v in catalogue(language).items() if k.startswith(PREFIX)}
        for language in LANGUAGES
    }


def places(template: str) -> set[tuple[str, str]]:
    """Name and spec of each place of a template."""
    parts = string.Formatter().parse(template)
    return {(name, spec or "") for _, name, spec, _ in parts if name is not None}


@dataclass(slots=True)
class Phrases:
    """The templates of the messages of one page, as they are met."""

    codes: dict[str, int] = field(default_factory=dict)

    def send(self, message: Message) -> Sent:
        """A message as the page reads it: number of its template, values by name.

        Raises
        ------
        KeyError
            No language knows the message's code, or a place of its sentence has no value.
        """
        number = self.codes.setdefault(message.code, len(self.codes))
        wanted = set().union(*(places(catalogue(language)[message.code]) for language in LANGUAGES))
        values: dict[str, object] = {}
        for name, spec in sorted(wanted):
            key, value = _sent(name, spec, message.params[name])
            values[key] = value
        return number, values

    def templates(self) -> dict[str, list[str]]:
        """The templates met so far by language, in the order of their numbers."""
        return {language: [catalogue(language)[code] for code in self.codes] for language in LANGUAGES}


def _sent(name: str, spec: str, value: Param) -> tuple[str, object]:
    if isinstance(value, datetime):
        # As if the wall clock stood in Greenwich: the page reads it with UTC getters.
        return name, [int(value.replace(tzinfo=UTC, microsecond=0).timestamp())]
    if isinstance(value, str) or (spec and spec in _OF_THE_PAGE) or "|" in spec:
        return name, value
    if not spec:
        # A number of the page is a float: what it could not hold, or would write otherwise, goes as text.
        return (name, value) if isinstance(value, int) and abs(value) < _EXACT else (f"{name}:", str(value))
    shown = f"{int(value) / 100:,.0f}" if spec == "money" else format(value, spec)
    return f"{name}:{spec}", shown
