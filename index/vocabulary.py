"""The word forms that a course uses, with how often it uses them: what a misspelt word is repaired to.

Knows nothing of questions.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus import Passage
    from index.names import Names

_WORD = re.compile(r"[^\W\d_]+")


def word_counts(passages: Iterable[Passage], names: Names) -> Counter[str]:
    """How often each word form, in lower case, stands in the passages, their headings and the names of the course."""
    counts: Counter[str] = Counter()
    for passage in passages:
        counts.update(_WORD.findall(passage.text.lower()))
        counts.update(_WORD.findall(passage.headings[-1].lower()))
    for name in names.all():
        counts.update(_WORD.findall(name.text.lower()))
    return counts
