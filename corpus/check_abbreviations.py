"""Checks that an abbreviation is spelt out where a unit first uses it.

Knows only the abbreviations of the glossary. Gene symbols, and what every doctor knows, need no expansion.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpus.tree import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corpus.course_text import CourseText, UnitText
    from corpus.faults import Fault

UNIVERSAL = frozenset(
    {
        "DNA",
        "RNA",
        "mRNA",
        "tRNA",
        "rRNA",
        "cDNA",
        "PCR",
        "ATP",
        "UK",
        "USA",
        "EU",
        "NHS",
        "WHO",
        "HIV",
        "AIDS",
        "CT",
        "MRI",
        "ECG",
        "EEG",
        "IQ",
        "BMI",
        "IVF",
        "GP",
        "EDTA",
        "MR",
        "RR",
        "GRCh37",
        "GRCh38",
    }
)
"""What a practising doctor reads without help; the human reference genomes are known by no other name."""

_CODE = re.compile(r"(?:PVS|PS|PM|PP|BA|BS|BP|R|Q)\d+")
"""Codes that are names: criteria of variant classification, tests of the English test directory, quality scores."""

_SMALL_WORDS = frozenset({"a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"})
_ABBREVIATION = re.compile(r"[A-Za-z0-9βαγ]*[A-Z][A-Za-z0-9βαγ/&-]*[A-Z0-9][A-Za-z0-9]*")


def check_abbreviations(text: CourseText) -> Iterator[Fault]:
    """Abbreviations of the glossary that a unit uses before, or without, saying what they stand for."""
    if not text.planned:
        return
    names = _names_by_abbreviation(text)
    for written in text.units:
        for abbreviation, line in _unexplained(written, names):
            yield written.fault(
                line,
                f"“{abbreviation}” is not expanded at its first use in the unit.",
                f"Write “{_long_form(abbreviation, names[abbreviation])} ({abbreviation})” there.",
            )


def _names_by_abbreviation(text: CourseText) -> dict[str, tuple[str, ...]]:
    """What each abbreviation may stand for, the glossary's term first. A gene symbol is a name, not an abbreviation."""
    genes = {name for entry in text.course.glossary for name in ((*entry.names, *entry.genes) if entry.kind == "gene" else entry.genes)}
    names: dict[str, tuple[str, ...]] = {}
    plain = UNIVERSAL | genes
    for entry in text.course.glossary:
        for abbreviation in entry.abbreviations:
            if _ABBREVIATION.fullmatch(abbreviation) and abbreviation not in plain and not _CODE.fullmatch(abbreviation):
                long = tuple(name for name in (entry.term, *entry.synonyms) if name != abbreviation)
                if long:
                    names[abbreviation] = (*names.get(abbreviation, ()), *long)
    return names


def _unexplained(written: UnitText, names: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, int]]:
    # A gene symbol that no entry of the glossary names can still be told by its italics.
    met = {text_of(element) for element in written.page.descendants() if element.tag == "em"}
    for _, _, sentence in written.prose():
        for match in re.finditer(r"(?<![\w-])[\w/&-]*\w", sentence.text):
            abbreviation = next((form for form in (match[0], match[0].removesuffix("s")) if form in names), "")
            if not abbreviation or abbreviation in met:
                continue
            met.add(abbreviation)
            if not _expanded(sentence.text, match.start(), match.end(), names[abbreviation]):
                yield abbreviation, written.line(sentence)


def _expanded(sentence: str, start: int, end: int, names: tuple[str, ...]) -> bool:
    """Whether the abbreviation stands in brackets behind its long form, has it in brackets behind, or shares the sentence with it."""
    before, after = sentence[:start], sentence[end:]
    in_brackets = re.search(r"\w[\w’'-]*[^\w(]*\((?:[^()]*[,;] (?:or )?)?$", before) is not None and re.match(r"[),;]", after) is not None
    explained_behind = before.endswith("mnemonic ") or re.match(r"s? \((?![0-9A-Z]+\))|, (?:the |short for )", after) is not None
    plain = _plain(sentence)
    return (
        in_brackets
        or explained_behind
        or any(_plain(name) in plain for name in names)
        or _spelt_by_initials(sentence[start:end], before + after)
    )


def _spelt_by_initials(abbreviation: str, text: str) -> bool:
    """Whether words that follow one another in `text` begin with the letters of the abbreviation; small words may be passed over."""
    letters = "".join(character for character in abbreviation.removesuffix("s").lower() if character.isalnum())
    words = re.findall(r"[^\W_]+", text.lower())
    every = "".join(word[0] for word in words)
    great = "".join(word[0] for word in words if word not in _SMALL_WORDS)
    return len(letters) > 1 and (letters in every or letters in great)


def _long_form(abbreviation: str, names: tuple[str, ...]) -> str:
    """The name that the letters of the abbreviation come from, if it can be told."""
    spelt = (name for name in names if _spelt_by_initials(abbreviation, name))
    return next(spelt, "what it stands for" if any(abbreviation in name for name in names) else names[0])


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
