"""The words of the English language, to tell a slip or an abbreviation from a word.

Knows nothing of the course.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """English word forms in lower case, from the frequency dictionary that symspellpy carries (82,834 words)."""
    path = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt")
    with path.open(encoding="utf-8-sig") as lines:  # one at a time: read whole, what is not kept leaves holes of 14 MB in memory
        return frozenset(line.partition(" ")[0] for line in lines)  # each is a word and how often it stands in books
