"""Checks of spelling: UK English, and no word that neither the English dictionary nor the course's own list knows.

The list is `words.txt` in the folder of the course: a word a line, `#` before a remark. A word in lower case may also be
written with a capital; a name is listed as it is written. Knows nothing of grammar.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.english import english_words
from corpus.faults import Fault
from corpus.source import CourseError
from corpus.us_spelling import uk_spelling

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpus.course_text import CourseText

WORDS_FILE = "words.txt"
SHORTEST = 3

_NO_WORD = re.compile(r"\S*(?:\d|https?:|@)\S*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_QUOTED = re.compile(r"[\"“]([^\"“”]{1,80})[\"”]")
_CHINESE = re.compile(r"[一-鿿]")


def check_spelling(text: CourseText) -> Iterator[Fault]:
    """Every misspelt, unknown or US-English word, once a unit, on the line where it is first met."""
    if not text.planned:
        return
    known = english_words() | listed_words(text.folder / WORDS_FILE)
    for written in text.units:
        yield from _misspelt(written.path, written.written(), known)
    for path in sorted(text.folder.glob("modules/*/figures/*.svg")):
        yield from _misspelt(path.relative_to(text.folder).as_posix(), _figure_texts(path), known)
    definitions = zip(text.entry_lines(), (entry.definition for entry in text.course.glossary), strict=False)
    yield from _misspelt("glossary.yaml", definitions, known)


def _figure_texts(path: Path) -> Iterator[tuple[int, str]]:
    """The words of an SVG file with their lines. Text, title and description stand between tags; attributes hold none."""
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        yield number, re.sub(r"<[^>]*>", " ", line)


def _misspelt(file: str, texts: Iterator[tuple[int, str]] | zip[tuple[int, str]], known: frozenset[str]) -> Iterator[Fault]:
    met: set[str] = set()
    for line, text in texts:
        quoted = {word for quotation in _QUOTED.findall(text) for word in _WORD.findall(quotation)}
        for word, opens in words_of(text):
            if word in met:
                continue
            if better := uk_spelling(word, known):
                if (opens or word[0].islower()) and word not in quoted:
                    met.add(word)
                    yield Fault(file, line, f"“{word}” is US spelling.", f"Write “{better}”.")
            elif not is_known(word, known):
                met.add(word)
                yield Fault(file, line, f"“{word}” is not a known word.", f"Correct it, or add it to {WORDS_FILE} if it is right.")


def words_of(text: str) -> Iterator[tuple[str, bool]]:
    """The words of a text that a dictionary can judge, and whether each opens a sentence. Symbols, codes and addresses are left out."""
    judged = _NO_WORD.sub(lambda match: " " * len(match[0]), text)
    for match in _WORD.finditer(judged):
        word = re.sub(r"'s?$", "", match[0].replace("’", "'"))
        if len(word) < SHORTEST or sum(character.isupper() for character in word) > 1 or _CHINESE.search(word):
            continue
        before = text[: match.start()].rstrip("“‘\"'([ ")
        yield word, not before or before[-1] in ".?!:\n"


def is_known(word: str, known: frozenset[str]) -> bool:
    """Whether a word, or the word of which it is a plural, is among the known ones."""
    forms = {word, word.lower()}
    return any(form in known or (form.endswith("s") and form[:-1] in known) for form in forms)


def listed_words(path: Path) -> frozenset[str]:
    """The course's own words. Raises CourseError if the list is there but cannot be read."""
    if not path.is_file():
        return frozenset()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path.name}: the list of words cannot be read; save it as UTF-8, a word a line."
        raise CourseError(message) from error
    return frozenset(word for line in lines if (word := line.partition("#")[0].strip()))
