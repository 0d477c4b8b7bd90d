"""What stands below an answer beside its sources: what the trainee said about it, and questions to go on with.

Knows nothing of templates or requests.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.conversations import Turn
    from web.services import Services

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class After:
    """A turn with the conversation that it is kept in (empty if it could not be kept); `onward` are questions to go on with."""

    turn: Turn
    conversation: str
    onward: tuple[str, ...] = ()


def after_last(turn: Turn, conversation: str, earlier: Sequence[Turn], services: Services) -> After:
    """What stands below the last turn of a conversation; `earlier` are the turns before it."""
    if services.assistant is None:
        return After(turn, conversation)
    try:
        onward = services.assistant.suggestions(turn.reply, [one.reply.question.asked for one in earlier])
    except Exception:  # noqa: BLE001  # questions to go on with are a courtesy: the answer is shown without them
        _LOG.exception("no questions to go on with")
        return After(turn, conversation)
    return After(turn, conversation, tuple(onward))
