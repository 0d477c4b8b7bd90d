"""Reading a question: what was typed becomes what is searched for, and every change is kept so that it can be shown.

Language first, then spelling, abbreviations, and what earlier questions supply. Knows nothing of passages or answers.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.chinese import ChineseReader, has_chinese
from assistant.followup import completed
from assistant.personal import is_personal
from assistant.reply import Question
from assistant.spelling import Speller
from corpus.english import english_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from corpus import GlossaryEntry
    from index.names import Mention, Names
    from index.worked_out import WorkedOut

LONGEST_QUESTION = 2000
"""The longest question that is read, in characters."""

_WORD = re.compile(r"[^\W\d_]+(?:'[a-z]+)?")
_MARKUP = re.compile(r"<(script|style)\b.{0,2000}?</\1\s*>|<[^<>]{0,200}>", re.IGNORECASE | re.DOTALL)
_NOT_WORDS = {"Cc", "Cf", "Cs", "Co", "Cn"}
_PART_ENDS = re.compile(r"[?]\s+(?=\S)|[,;]?\s+and\s+(?=(?:which|what|how|when|who|where|why|is|are|does|do|should|can)\b)", re.IGNORECASE)
_ASKS = re.compile(
    r"\b(?:which|what|how|when|who|whom|whose|where|why|explain|describe|define|compare|contrast|give|name|list|tell)\b"
    r"|^(?:is|are|was|does|do|did|should|can|could|would|will|has|have|may|must)\b",
    re.IGNORECASE,
)
"""What the first of several questions has: "a man has seizures and is given carbamazepine" is none."""

_CHINESE_ENDS = re.compile(r"[?\uff1f]")
_FEWEST_PART_WORDS = 3
_MOST_PARTS = 3
_MOSTLY_UNKNOWN = 0.7
_AMBIGUOUS_AT_MOST = 6


@dataclass(frozen=True, slots=True)
class Reading:
    """A question as read. `text` is what is searched for; `slips` and `unread` say how much of it had to be guessed.

    `slips` is the number of words repaired; `unread` the share of Chinese characters not understood, 0 to 1;
    `problem` is empty, or one sentence that says why nothing can be searched for and what to do.
    """

    question: Question
    text: str
    personal: bool
    slips: int = 0
    unread: float = 0.0
    problem: str = ""
    parts: tuple[str, ...] = ()
    """The questions in a text that asks two or three things at once, else the text alone."""


_WRITTEN_WHOLE = 0.99
"""The share of a name's words in one section from which the course writes the name itself."""


class Reader:
    """Reads questions with the names, the words and the glossary of one course."""

    def __init__(self, names: Names, worked_out: WorkedOut, glossary: Iterable[GlossaryEntry], together: Callable[[str], float]) -> None:
        """`worked_out` is what follows from the names; `together` is what `completed` asks of the course."""
        entries = tuple(glossary)
        self._names = names
        self._together = together
        self._speller = Speller(worked_out.word_counts, worked_out.name_words)
        self._chinese = ChineseReader(entries)
        self._abbreviations: dict[str, list[GlossaryEntry]] = {}
        for entry in entries:
            for abbreviation in entry.abbreviations:
                self._abbreviations.setdefault(abbreviation.upper(), []).append(entry)

    def read(self, asked: str, history: Sequence[str] = (), *, literal: bool = False) -> Reading:
        """Read a question. `history` are the earlier questions as they were asked, oldest first; `literal` changes no word."""
        shown = _readable(asked)
        problem = self._problem(asked, shown)
        if problem:
            return Reading(Question(shown, shown, "zh" if has_chinese(shown) else "en"), shown, personal=False, problem=problem)
        language = "zh" if has_chinese(shown) else "en"
        if literal:
            return Reading(Question(shown, shown, language), shown, is_personal(shown), parts=question_parts(shown))
        english, terms, unread = self._english(shown)
        own, repairs = self._spelt(english)
        before = [self._spelt(self._english(_readable(earlier))[0])[0] for earlier in history if earlier.strip()]
        whole = completed(own, before, self._names, self._together)
        text, expansions = self._expanded(whole)
        question = Question(asked=shown, understood=text, language=language, changes=(*repairs, *expansions), terms=terms)
        # What earlier questions supply is asked about, and asks nothing itself.
        parts = question_parts(text) if whole == own or len(question_parts(own)) > 1 else (text,)
        return Reading(question, text, is_personal(shown), len(repairs), unread, parts=parts)

    def _problem(self, asked: str, shown: str) -> str:
        if len(asked) > LONGEST_QUESTION:
            return f"The question has {len(asked):,} characters; shorten it to at most {LONGEST_QUESTION:,}."
        if not any(character.isalnum() for character in shown):
            return "There is no question in what was sent; type one in words."
        words = [word for word in _WORD.findall(shown) if not has_chinese(word)]
        if has_chinese(shown) or len(words) == 0:
            return (
                ""
                if has_chinese(shown) or re.search(r"[^\W_]{2}", shown)
                else "There is no word in what was sent; type a question in words."
            )
        strange = [
            word
            for word in words
            if len(word) > 2 and not word.isupper() and not self._speller.knows(word.lower()) and not self._speller.near(word)  # noqa: PLR2004
        ]
        longest = [word for word in words if len(word) > 2] or words  # noqa: PLR2004
        if len(longest) > 1 and len(strange) >= _MOSTLY_UNKNOWN * len(longest):
            return "The words of the question could not be read; check the spelling, or ask in English or Chinese."
        return ""

    def _english(self, text: str) -> tuple[str, tuple[tuple[str, str], ...], float]:
        if not has_chinese(text):
            return text, (), 0.0
        translation = self._chinese.read(text)
        return translation.text, translation.terms, translation.unread

    def _spelt(self, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The text with misspelt words repaired, names of the course left alone; and the repairs."""
        mentions = self._names.mentions(text)
        words = list(_WORD.finditer(text))
        repaired = self._speller.repaired([word[0] for word in words])
        changes: list[tuple[str, str]] = []
        for word, better in reversed(list(zip(words, repaired, strict=True))):
            inside = any(mention.start <= word.start() and word.end() <= mention.end for mention in mentions)
            glued = _glued(text, word)
            if better.lower() != word[0].lower() and not inside and not glued:
                text = f"{text[: word.start()]}{better}{text[word.end() :]}"
                changes.insert(0, (word[0], better))
        return text, tuple(changes)

    def _expanded(self, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The text with each abbreviation, and each name that the course never writes, followed by what it stands for here."""
        changes: list[tuple[str, str]] = []
        for mention in reversed(self._names.mentions(text)):
            entry = self._meaning(mention, text)
            term = entry.term if entry is not None else self._written(mention)
            if term and term.lower() not in text.lower() and not re.search(rf"(?<!\w){re.escape(mention.name)}(?!\w)", term, re.IGNORECASE):
                text = f"{text[: mention.end]} ({term}){text[mention.end :]}"
                changes.insert(0, (mention.name, term))
        return text, tuple(changes)

    def _written(self, mention: Mention) -> str:
        """The course's own term for what is named as no section of the course names it; empty where it has none or several."""
        terms = {name.preferred for name in mention.names if name.kind != "gene"}
        return terms.pop() if len(terms) == 1 and self._together(mention.name) < _WRITTEN_WHOLE else ""

    def _meaning(self, mention: Mention, text: str) -> GlossaryEntry | None:
        """What an abbreviation stands for: its only meaning, or the one whose definition shares most words with the question."""
        meanings = self._abbreviations.get(mention.name.upper(), [])
        if len(meanings) <= 1 or len(meanings) > _AMBIGUOUS_AT_MOST:
            return meanings[0] if meanings and _is_abbreviation(mention, meanings[0]) else None
        rest = f"{text[: mention.start]} {text[mention.end :]}".lower()
        asked = {word for word in _WORD.findall(rest) if word not in english_words() or len(word) > 3}  # noqa: PLR2004
        scores = [len(asked & set(_WORD.findall(_about(entry).lower()))) for entry in meanings]
        best = max(scores)
        return meanings[scores.index(best)] if scores.count(best) == 1 and best > 0 else None


def question_parts(text: str) -> tuple[str, ...]:
    """The questions in a text that asks two or three things at once, else the text alone."""
    parts = [part.strip(" ,;") for part in _PART_ENDS.split(text)]
    parts = [part for part in parts if len(_WORD.findall(part)) >= _FEWEST_PART_WORDS]
    return tuple(parts) if 1 < len(parts) <= _MOST_PARTS and _ASKS.search(parts[0]) else (text,)


def parts_as_typed(reading: Reading) -> tuple[str, ...]:
    """The parts of a question in the words of whoever asked, where these come apart alike; else as they were read."""
    typed = tuple(part.strip() for part in _CHINESE_ENDS.split(reading.question.asked) if part.strip())
    return typed if reading.question.language == "zh" and len(typed) == len(reading.parts) else reading.parts


def _about(entry: GlossaryEntry) -> str:
    return " ".join((entry.definition, *entry.names, *entry.genes, *entry.conditions))


def _is_abbreviation(mention: Mention, entry: GlossaryEntry) -> bool:
    return mention.name.upper() in {abbreviation.upper() for abbreviation in entry.abbreviations} and entry.kind != "gene"


def _glued(text: str, word: re.Match[str]) -> bool:
    """Whether a word is part of notation (c.235delC, HLA-B*15:02), which is never repaired."""
    around = text[max(word.start() - 1, 0) : word.start()] + text[word.end() : word.end() + 1]
    return any(character.isdigit() or character in "*_>:=" for character in around) or bool(
        re.match(r"[cgmnp]\.", text[max(word.start() - 2, 0) : word.start()])
    )


def _readable(text: str) -> str:
    """The text in one line without markup, control characters, marks of direction and halves of characters."""
    plain = _MARKUP.sub(" ", unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8")))
    kept = "".join(
        " " if unicodedata.category(c) == "Cc" else c for c in plain if c in "\n\t" or unicodedata.category(c) not in _NOT_WORDS - {"Cc"}
    )
    return " ".join(kept.split())
