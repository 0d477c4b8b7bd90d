"""How long a unit is.

Knows nothing of how long it should be.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.course import Unit


def unit_words(unit: Unit) -> int:
    """The words of a unit's sections and practice questions; headings and references are not counted."""
    text = " ".join(sentence.text for section in unit.sections for block in section.blocks for sentence in block.sentences)
    practice = " ".join(f"{question.question} {question.answer}" for question in unit.check_questions)
    return len(re.findall(r"\w[\w’'-]*", f"{text} {practice}"))
