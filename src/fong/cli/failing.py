"""What the door says when something is wrong, and the exit code that goes with it."""

from __future__ import annotations

from fong.cli.speaking import Voice
from fong.errors import FongError, InputFault, Limit, UsageError
from fong.model.message import Message

INPUT, USAGE = 1, 2


def report(error: FongError, language: str) -> int:
    """Say on stderr what is wrong; return the exit code: 2 for a wrong call, 1 for everything else."""
    voice = Voice(language)
    voice.err(words_for(error, voice))
    return USAGE if isinstance(error, UsageError) else INPUT


def words_for(error: FongError, voice: Voice) -> str:
    """Every fault with its place and way out, or the one message of a limit or a wrong call."""
    if isinstance(error, InputFault):
        head = voice.tell("faults_found", n=len(error.faults))
        return f"{head}\n{voice.faults(error.faults)}"
    if isinstance(error, UsageError | Limit) and isinstance(error.message, Message):
        return "\n".join(voice.advised(error.message))
    return str(error)
