"""What a visitor chose to practise: the whole course, a module, a unit, or the sections that answered the visitor's own questions.

It stands in addresses as `from`: empty, "module:1", "unit:1.6" or "asked". Knows nothing of cards or pages.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from assistant.reply import NotCovered, Unreadable
from web.conversations import ConversationsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.practice import PracticeQuestion
    from corpus.course import Section
    from web.services import Services

ASKED = "asked"
_LOG = logging.getLogger(__name__)


def chosen(choice: str, questions: Sequence[PracticeQuestion], services: Services, visitor: str) -> tuple[PracticeQuestion, ...]:
    """The questions of a choice in the order of the course; of one that is not understood, all of them."""
    kind, _, name = choice.partition(":")
    if kind == "module":
        return tuple(question for question in questions if question.module == name)
    if kind == "unit":
        return tuple(question for question in questions if question.unit.id == name)
    if choice == ASKED:
        places = {place_of(section) for section in cited_sections(services, visitor)}
        return tuple(question for question in questions if place_of(question.section) in places)
    return tuple(questions)


def known_choice(choice: str, services: Services) -> str:
    """The choice if the course has such a module or unit, else the whole course (empty)."""
    kind, _, name = choice.partition(":")
    fine = (
        choice == ASKED
        or (kind == "module" and name in services.places.module_titles)
        or (kind == "unit" and name in services.course.units)
    )
    return choice if fine else ""


def place_of(section: Section) -> tuple[str, tuple[str, ...]]:
    """The unit and the main heading that a section stands under: what is asked of one part of it is worth practising in the others."""
    return section.unit, section.headings[:2]


def cited_sections(services: Services, visitor: str) -> tuple[Section, ...]:
    """The sections cited in the answers to this visitor's questions; none where conversations cannot be read."""
    try:
        replies = services.conversations.latest_replies(visitor)
    except ConversationsError as error:
        _LOG.error("%s", error)
        return ()
    cited = {
        citation.passage.rpartition("/")[0]
        for reply in replies
        if not isinstance(reply, NotCovered | Unreadable)
        for sentence in reply.sentences
        for citation in sentence.citations
    }
    return tuple(section for key, section in services.places.sections.items() if key in cited)
