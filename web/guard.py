"""Patient data noticed in a question before it is answered or kept anywhere: what was noticed, and the question without it.

Whoever asked decides: take it out, or say that it is about nobody. Knows nothing of how marks are found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.masking import marks, without_marks
from web.language import gettext as _

if TYPE_CHECKING:
    from assistant.masking import MarkKind
    from web.asking import Asked


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the question; `kind` says in the visitor's language what it was taken for, or is empty."""

    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A question that is held back. `pieces` make up the question; `without` is what can be asked instead, or empty."""

    asked: Asked
    pieces: tuple[Piece, ...]
    without: str


def notice(asked: Asked) -> Notice | None:
    """What to show before the question is answered; None where nothing was noticed, or whoever asked has decided."""
    if asked.as_is:
        return None
    found = marks(asked.question)
    if not found:
        return None
    pieces: list[Piece] = []
    end = 0
    for mark in found:
        pieces += [Piece(asked.question[end : mark.start]), Piece(asked.question[mark.start : mark.end], _words(mark.kind))]
        end = mark.end
    return Notice(asked, (*pieces, Piece(asked.question[end:])), without_marks(asked.question))


def held_back() -> str:
    """Why a question is held back, in one sentence, for a program."""
    return _("Something in the question may identify a patient; take it out, or say that it is not about a person.")


def _words(kind: MarkKind) -> str:
    match kind:
        case "name":
            return _("a name")
        case "record number":
            return _("a hospital or record number")
        case "identity number":
            return _("an identity card or passport number")
        case "telephone":
            return _("a telephone number")
        case "date of birth":
            return _("a date of birth")
        case "e-mail":
            return _("an e-mail address")
