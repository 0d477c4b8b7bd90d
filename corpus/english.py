"""The words of the English language, to tell a slip or an abbreviation from a word.

Knows nothing of the course.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

_FIRST_OF_A_LINE = re.compile(r"^\S+", re.MULTILINE)


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """English word forms in lower case, from the frequency dictionary that symspellpy carries (82,834 words)."""
    text = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    # Each line is a word and how often it stands in books. Split up, the numbers would leave holes of 8 MB in memory.
    return frozenset(_FIRST_OF_A_LINE.findall(text))
