"""How the course text fares with those who ask: passages that are cited, never cited, or cited and found unhelpful; terms it lacks; how it reads.

Nothing is told that rests on fewer than three conversations. Knows nothing of who reads it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from corpus import passages_of
from corpus.english import english_words
from index.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.journal import Event
    from corpus import Course, Unit

FEWEST = 3
"""Conversations that a figure must rest on, so that no single trainee shows through it."""

MOST = 30
"""How many rows of a kind are given."""

_ABBREVIATION = re.compile(r"(?<![\w.-])[A-Z][A-Z0-9]{1,7}(?![\w.-])")
_WORD = re.compile(r"[^\W\d_]{5,}")
_VOWELS = re.compile(r"[aeiouy]+")
_ENGLISH = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")


@dataclass(frozen=True, slots=True)
class Counted:
    """A passage or a term, in how many conversations it came up, and what was said of it."""

    name: str
    conversations: int
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How a unit reads. `ease` is Flesch's reading ease: 0 to 100 as a rule, higher is easier; `sentence` the mean length in words."""

    unit: str
    title: str
    words: int
    sentence: float
    ease: float


@dataclass(frozen=True, slots=True)
class TextHealth:
    """What is known of the text. `never` is empty until at least `FEWEST` conversations have been held."""

    conversations: int
    most_cited: tuple[Counted, ...]
    unhelpful: tuple[Counted, ...]
    never: Mapping[str, tuple[str, ...]]
    terms: tuple[Counted, ...]
    abbreviations: tuple[Counted, ...]
    stale: tuple[Unit, ...]
    readings: tuple[Reading, ...]


def text_health(course: Course, events: Sequence[Event], months: int = 12, today: date | None = None) -> TextHealth:
    """The health of a course's text by the journal's events; a unit is stale that was not reviewed for so many months."""
    questions = {event.id: event.body for event in events if event.kind == "question"}
    talks = {id_: _conversation(body) for id_, body in questions.items()}
    cited: dict[str, set[str]] = defaultdict(set)
    for id_, body in questions.items():
        for passage in _texts(body.get("cited")):
            cited[passage].add(talks[id_])
    known = {passage.id: passage.unit for passage in passages_of(course)}
    whole = len(set(talks.values()))
    never: dict[str, list[str]] = defaultdict(list)
    for passage, unit in known.items() if whole >= FEWEST else ():
        if passage not in cited:
            never[unit].append(passage)
    terms, abbreviations = _lacking(course, questions, talks)
    return TextHealth(
        conversations=whole if whole >= FEWEST else 0,
        most_cited=_counted({passage: talk for passage, talk in cited.items() if passage in known}),
        unhelpful=_unhelpful(events, questions, talks, known),
        never={unit: tuple(passages) for unit, passages in never.items()},
        terms=terms,
        abbreviations=abbreviations,
        stale=_stale(course, months, today or date.today()),  # noqa: DTZ011  (a day on the calendar of whoever reads)
        readings=tuple(sorted((reading(unit) for unit in course.units.values()), key=lambda one: one.ease)),
    )


def reading(unit: Unit) -> Reading:
    """How a unit reads, by Flesch's formula (Flesch R. A new readability yardstick. J Appl Psychol 1948;32:221-233).

    Syllables are counted as groups of vowels, which is off by a few in a hundred for words of English; tables and code are left out.
    """
    sentences = [
        words
        for section in unit.sections
        for block in section.blocks
        if block.kind in ("paragraph", "list")
        for sentence in block.sentences
        if (words := _ENGLISH.findall(sentence.text))
    ]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return Reading(unit.id, unit.title, 0, 0.0, 100.0)
    length, syllables = len(words) / len(sentences), sum(map(_syllables, words)) / len(words)
    return Reading(unit.id, unit.title, len(words), round(length, 1), round(206.835 - 1.015 * length - 84.6 * syllables, 1))


def _syllables(word: str) -> int:
    lower = word.lower()
    silent = lower.endswith("e") and not lower.endswith(("le", "ee"))
    return max(1, len(_VOWELS.findall(lower)) - silent)


def _counted(talks: Mapping[str, set[str]], reasons: Mapping[str, set[str]] | None = None) -> tuple[Counted, ...]:
    """What came up in enough conversations, most first."""
    enough = [
        Counted(name, len(among), tuple(sorted((reasons or {}).get(name, ())))) for name, among in talks.items() if len(among) >= FEWEST
    ]
    return tuple(sorted(enough, key=lambda one: (-one.conversations, one.name))[:MOST])


def _unhelpful(
    events: Sequence[Event], questions: Mapping[str, Mapping[str, Any]], talks: Mapping[str, str], known: Mapping[str, str]
) -> tuple[Counted, ...]:
    """Passages whose answers were found unhelpful; of each question the last word counts."""
    last = {str(event.body.get("about")): event.body for event in events if event.kind == "feedback"}
    against: dict[str, set[str]] = defaultdict(set)
    reasons: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for about, body in last.items():
        if about in questions and body.get("verdict") not in ("helpful", "", None):
            for passage in _texts(questions[about].get("cited")):
                if passage in known:
                    against[passage].add(talks[about])
                    reasons[passage][str(body.get("reason") or "")].add(talks[about])
    told = {passage: {reason for reason, among in given.items() if reason and len(among) >= FEWEST} for passage, given in reasons.items()}
    return _counted(against, told)


def _lacking(
    course: Course, questions: Mapping[str, Mapping[str, Any]], talks: Mapping[str, str]
) -> tuple[tuple[Counted, ...], tuple[Counted, ...]]:
    """Terms and abbreviations that are asked for and that neither the glossary nor a unit's title knows."""
    named = {stem for entry in course.glossary for name in (*entry.names, *entry.genes, *entry.conditions) for stem in tokens(name)}
    named |= {stem for unit in course.units.values() for name in (unit.title, *unit.aliases) for stem in tokens(name)}
    short = {name.upper() for entry in course.glossary for name in (*entry.names, *entry.genes)}
    short |= {part for entry in course.glossary for name in entry.names for part in _ABBREVIATION.findall(name)}  # QT of "long QT syndrome"
    terms: dict[str, set[str]] = defaultdict(set)
    abbreviations: dict[str, set[str]] = defaultdict(set)
    for id_, body in questions.items():
        text = str(body.get("understood") or body.get("question") or "")
        for word in {word.lower() for word in _WORD.findall(text) if word.isascii() and not word.isupper()} - english_words():
            if not set(tokens(word)) & named:
                terms[word].add(talks[id_])
        for word in set(_ABBREVIATION.findall(text)):
            if word not in short:
                abbreviations[word].add(talks[id_])
    return _counted(terms), _counted(abbreviations)


def _stale(course: Course, months: int, today: date) -> tuple[Unit, ...]:
    """Units not reviewed for so many months, or never, longest ago first."""
    years, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    oldest = f"{years:04}-{month + 1:02}-{today.day:02}"
    return tuple(sorted((unit for unit in course.units.values() if unit.reviewed < oldest), key=lambda unit: unit.reviewed))


def _conversation(body: Mapping[str, Any]) -> str:
    """The conversation of a question; all questions without one count as one, since nobody knows that they are more."""
    return str(body.get("conversation") or "")


def _texts(value: Any) -> Sequence[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
