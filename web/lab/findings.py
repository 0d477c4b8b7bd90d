"""What a look at the installation found, in words that can be said in another language. Knows nothing of what is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

State = Literal["fine", "fault", "unknown"]


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence in English, as text; `message` and `values` are what a catalogue of translations takes. What another part of the program said is a message without values that no catalogue holds."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """In English."""
        return self.message % self.values if self.values else self.message


def words(message: str, **values: object) -> Words:
    """A message of the catalogue with its values; import it as `_`, by which messages are found."""
    return Words(message, values)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: the fact, and what to do about it if it is a fault."""

    check: str
    state: State
    fact: Words
    deed: Words | None = None

    @property
    def told(self) -> str:
        """The fact in English."""
        return str(self.fact)

    @property
    def remedy(self) -> str:
        """What to do about a fault, in English; empty for what is none."""
        return str(self.deed or "")

    def plain(self) -> dict[str, str]:
        """The same as plain values, for JSON."""
        return {"check": self.check, "state": self.state, "told": self.told, "remedy": self.remedy}


def fine(check: str, fact: Words) -> Finding:
    """It is as it should be."""
    return Finding(check, "fine", fact)


def fault(check: str, fact: Words, deed: Words) -> Finding:
    """It is not as it should be, and this is what to do."""
    return Finding(check, "fault", fact, deed)


def unknown(check: str, fact: Words) -> Finding:
    """It could not be looked at, which is no fault."""
    return Finding(check, "unknown", fact)
