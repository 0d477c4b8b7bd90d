"""What stands below an answer beside its sources: what the trainee said about it.

Knows nothing of templates or requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from web.conversations import Turn


@dataclass(frozen=True, slots=True)
class After:
    """A turn with the conversation that it is kept in (empty if it could not be kept)."""

    turn: Turn
    conversation: str
