"""The shares, frequencies and risks that sentences give: of what, in whom, how much.

A quantity is a measure (carrier frequency, penetrance, ...) of one condition, gene or test of the glossary, in one population,
sex and age. A number whose subject or measure is not plain is left out. Knows nothing of other sentences.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpus.course import Sentence
    from corpus.term_mentions import Terms

_MEASURES = tuple(
    (name, pattern(expression, re.IGNORECASE))
    for name, expression in (
        (
            "carrier frequency",
            r"carrier (?:frequenc|rate)|\b(?:people|couples|women|men|donors|adults) carr(?:y|ies)\b|\bare carriers\b|\bcarriers? in\b",
        ),
        (
            "frequency",
            (
                r"\bincidence\b|(?<!of )\bbirths\b|\bnewborns?\b|\bbabies\b|\blive births?\b|\bprevalence\b|\baffects\b|\boccurs in\b|"
                r"\b(?:people|women|men|adults) have\b|\bof (?:people|adults|women|men|pregnancies)\b|(?<!carrier )(?<!allele )\bfrequency\b"
            ),
        ),
        ("allele frequency", r"\ballele frequency\b"),
        ("penetrance", r"\bpenetran"),
        ("risk by an age", r"\blifetime\b|\bby (?:the )?age\b|\bby \d\d\b|\bto age\b"),
        ("share of new variants", r"\bde novo\b|\bnew (?:mutation|variant|dominant)"),
        ("detection rate", r"\bdetection rate\b|\bsensitivity\b|\bdetects?\b|\bfinds?\b"),
        ("diagnostic yield", r"\byield\b"),
        ("false positives", r"\bfalse[- ]positive"),
        ("loss of pregnancy", r"\bmiscarriage|\bpregnancy loss|\bprocedure-related"),
        ("recurrence risk", r"\brecurrence risk\b|\bempiric"),
        ("share of cases", r"\b(?:causes?|accounts?|makes? up|explains?)\b|\bof (?:cases|patients|families|alleles)\b"),
        ("mortality", r"\bmortality\b|\bdie\b|\bsurviv"),
    )
)
_SETTINGS = tuple(
    (name, pattern(rf"\b(?:{expression})\b", re.IGNORECASE))
    for name, expression in (
        ("Guangxi", "Guangxi"), ("Guangdong", "Guangdong"), ("southern China", r"south\w* Chin\w+"), ("China", "Chin(?:a|ese)|Han"),
        ("Taiwan", "Taiwan"), ("Japan", r"Japan\w*"), ("Asia", r"Asia\w*"), ("Europe", r"Europe\w*"), ("UK", r"UK|Brit\w+|England"),
        ("USA", r"USA|America\w*"), ("Ashkenazi Jews", "Ashkenazi|Jewish"), ("Africa", r"Africa\w*"), ("world", r"world\w*"),
        ("women", r"wom[ae]n|females?|girls?|mothers?"), ("men", r"m[ae]n|males?|boys?|fathers?"),
        ("heterozygotes", r"heterozyg\w+"), ("two variants", r"homozyg\w+|biallelic"), ("maternal", "maternal"), ("paternal", "paternal"),
        ("severe", "severe"), ("mild", "mild"), ("classic", r"classic\w*"), ("sporadic", "sporadic"), ("prenatal", r"prenatal\w*|fetal|fetus\w*"),
    )
)  # fmt: skip
_VARIANT = pattern(r"\b[cgmp]\.\(?[\w>*+-]+|\bI{1,3}\b|\btypes? \w+")
_AGE = pattern(r"\b(?:by|to|at|aged|over|under|before|after) (?:the )?(?:age )?(?:of )?(\d\d)(?! ?%|,)\b")
_CLAUSE = pattern(r"[;:,]\s| \(|\) | (?:and|but|whereas|while)\s(?!\d)")
_NUMBER = r"(\d[\d,]*(?:\.\d+)?)"
_TO = r"(?:\s?(?:-|–|to)\s?(?:1 in )?)"
_SHARES = (
    pattern(rf"\b1 in {_NUMBER}(?:{_TO}{_NUMBER})?"),
    pattern(rf"(?<![\d.,]){_NUMBER}%?(?:{_TO}{_NUMBER})?\s?%"),
    pattern(rf"(?<![\d.,]){_NUMBER}(?:{_TO}{_NUMBER})? (?:in|per) (100,000|10,000|1,000|million)\b"),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A share (0 to 1) between `low` and `high`, as `quoted`, of `measure` of `subject` in `setting` (populations, sexes, ages)."""

    subject: str
    measure: str
    setting: tuple[str, ...]
    low: float
    high: float
    quoted: str


def quantities_of(sentence: Sentence, headings: Sequence[str], terms: Terms) -> Iterator[Quantity]:
    """The quantities that a sentence gives; of a table row, those of each cell with its header.

    What a clause does not name itself is that of the sentence; a subject may also be that of the section's own `headings`.
    """
    if not sentence.cells:
        yield from _quantities(sentence.text, sentence.text, headings, terms)
        return
    row = sentence.cells[0][1]
    for header, cell in sentence.cells[1:]:
        if "%" in header and re.fullmatch(r"[\d.,–-]+", cell):
            cell = f"{cell}%"  # noqa: PLW2901
        yield from _quantities(cell, f"{row}: {header}: {cell}", headings, terms)


def _quantities(text: str, context: str, headings: Sequence[str], terms: Terms) -> Iterator[Quantity]:
    if next(_shares(text), None) is None:
        return
    around = _subject(context, terms)
    if around is None:
        return
    subject_around = around or next((named for heading in reversed(headings) if (named := _subject(heading, terms))), "")
    for clause in _CLAUSE.split(text):
        shares = list(_shares(clause))
        if len(shares) != 1:
            continue
        subject = _subject(clause, terms) or subject_around
        measure = _only(_measures(clause)) or _only(_measures(context))
        if subject and measure:
            yield Quantity(subject, measure, tuple(_setting(clause, context, subject, terms)), *shares[0])


def _subject(text: str, terms: Terms) -> str | None:
    """The one condition that a text names, or else the one gene, or else the one test; nothing if it names none, None if several."""
    mentioned = terms.mentioned(text)
    for kind in ("condition", "gene", "test"):
        if names := [entry.term for entry in mentioned if entry.kind == kind]:
            return names[0] if len(names) == 1 else None
    return ""


def _measures(text: str) -> list[str]:
    return [name for name, pattern in _MEASURES if pattern.search(text)]


def _setting(clause: str, sentence: str, subject: str, terms: Terms) -> list[str]:
    """Populations, sexes, forms, genes, variants and ages that a clause speaks of, or else the sentence around it."""
    for text in (clause, sentence):
        places = [name for name, pattern in _SETTINGS if pattern.search(text)]
        if "southern China" in places:
            places.remove("China")
        forms = sorted(
            {match[0] for match in _VARIANT.finditer(text)}
            | {entry.term for entry in terms.mentioned(text) if entry.kind == "gene"} - {subject}
        )
        if found := [*places, *forms, *(f"age {age}" for age in sorted(_AGE.findall(text)))]:
            return found
    return []


def _only(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ""


def _shares(text: str) -> Iterator[tuple[float, float, str]]:
    """Every share that a text gives, as the ends of its range and as it is written."""
    odds, percent, per = _SHARES
    for match in per.finditer(text):
        size = 1_000_000.0 if match[3] == "million" else _number(match[3])
        ends = [_number(group) / size for group in match.groups()[:2] if group]
        yield min(ends), max(ends), match[0]
    text = per.sub(" ", text)
    for match in odds.finditer(text):
        ends = [1 / max(_number(group), 1) for group in match.groups() if group]
        yield min(ends), max(ends), match[0]
    for match in percent.finditer(text):
        ends = [_number(group) / 100 for group in match.groups() if group]
        yield min(ends), max(ends), match[0]


def _number(text: str) -> float:
    return float(text.replace(",", "").rstrip("."))
