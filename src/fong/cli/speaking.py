"""How the door speaks: messages and faults become lines of text."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from fong.lang import catalogue, text
from fong.model.message import Fault, Message, Place, message


class Voice:
    """Sentences of one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, what: Message) -> str:
        """The sentence of a message."""
        return text(what.code, what.params, self.language)

    def tell(self, code: str, /, **params: object) -> str:
        """The door's own sentence ``cli.<code>``."""
        return text(f"cli.{code}", params, self.language)

    def out(self, *lines: str) -> None:
        """Say lines on standard output."""
        sys.stdout.write("".join(f"{line}\n" for line in lines))

    def err(self, *lines: str) -> None:
        """Say lines on standard error, at once."""
        sys.stderr.write("".join(f"{line}\n" for line in lines))
        sys.stderr.flush()

    def knows(self, code: str) -> bool:
        """Tell whether there is such a sentence."""
        return code in catalogue(self.language)

    def place(self, place: Place) -> str:
        """Where something stands: sheet or file, row, column; empty if nothing is known."""
        table = place.source or place.table
        parts = [self.tell("place.table", table=table)] if table else []
        if place.row:  # the names of JSON stand in no row
            parts.append(self.tell("place.row", row=place.row))
        if place.column:
            parts.append(self.tell("place.column", column=place.column))
        return self.tell("place.comma").join(parts)

    def fault(self, fault: Fault) -> list[str]:
        """A fault in lines: where and what, what was found and wanted (unless the sentence says it), what to do."""
        sentence, where = self.say(fault.message), self.place(fault.place)
        lines = [self.tell("fault.at", place=where, sentence=sentence) if where else sentence]
        params = fault.message.params
        unsaid = (n for n in ("found", "wanted") if params.get(n, "") != "" and not self._says(fault.message.code, n))
        lines += [self.tell(f"fault.{name}", value=params[name]) for name in unsaid]
        return [*lines, *self._advice(fault.message)]

    def advised(self, what: Message) -> list[str]:
        """A message, and what to do about it if the catalogues know."""
        return [self.say(what), *self._advice(what)]

    def _advice(self, what: Message) -> list[str]:
        code = f"{what.code}.how"
        return [self.tell("fault.how", advice=text(code, what.params, self.language))] if self.knows(code) else []

    def faults(self, faults: Iterable[object]) -> str:
        """A numbered list of faults: :class:`~fong.model.Fault`, or what a plan's check found."""
        lines = []
        for number, fault in enumerate(faults, 1):
            first, *rest = self.fault(fault) if isinstance(fault, Fault) else self.advised(self.message_of(fault))
            lines += [f"{number}. {first}", *(f"   {line}" for line in rest)]
        return "\n".join(lines)

    def _says(self, code: str, name: str) -> bool:
        sentence = catalogue(self.language)[code]
        return f"{{{name}}}" in sentence or f"{{{name}:" in sentence

    @staticmethod
    def message_of(finding: object) -> Message:
        """The message of a fault, of a finding of the plan's check, or of anything like it."""
        found = getattr(finding, "message", finding)
        return found if isinstance(found, Message) else message("cli.said", words=str(finding))
