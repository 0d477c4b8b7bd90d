"""Which key points of a model answer a trainee's own answer holds.

A point is found where a clause of the trainee's answer means much the same AND gives its numbers AND says neither the opposite nor the
negative: a wrong number is a miss, however alike the sentences are. What comes out is a suggestion to a learner, not a mark. Knows nothing
of cards or pages.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from assistant.amounts import amounts
from assistant.key_points import (
    SHORTEST,
    Comparison,
    Contradicted,
    Found,
    Judged,
    Missed,
    NameMissing,
    NotCompared,
    NotSaid,
    NumberMissing,
    key_points,
)
from assistant.opposites import contradicted
from corpus.patterns import pattern
from corpus.sentences import sentence_spans
from corpus.term_mentions import Terms
from index.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.amounts import Amount
    from corpus import GlossaryEntry
    from index.encoder import Encoder

ALIKE_FROM = 0.4
"""How alike (0 to 1) a point and the nearest clause of an answer must be. Chosen on half of `tests/bench/questions/trainee_answers.jsonl`."""

ALIKE_WITH_NUMBER = 0.2
"""The same for a point whose numbers the answer gives: a right number is half of what there is to say."""

WEIGHT_OF_WORDS = 0.75
"""What shared words count against the cosine of the vectors, 0 to 1; chosen with `ALIKE_FROM`."""

_CHINESE = pattern(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LETTER = pattern(r"[^\W\d_]")
_CHINESE_FROM = 0.3
_CLAUSE = pattern(r"[;\n]|,\s+|\b(?:because|but|whereas|while|and|so)\b|[，。；]")
_ASIDE = pattern(r"\([^()]*\)")
_NAME = pattern(r"[A-Za-z0-9α-ω](?:[\w.+>*/:-]*\w)?")
_COMPARES = pattern(r"\b(?:compare|differ(?:s|ence)?|distinguish(?:es)?|versus|between)\b", re.IGNORECASE)
_NUMBERED = pattern(r"\b[a-z]+ (?:I{1,3}|IV|\d[A-Z]?)\b", re.IGNORECASE)
_HARDLY = frozenset({"about", "approxim", "around", "roughli", "chanc", "risk", "probabl", "yes"})
_EVERYDAY = frozenset({"DNA", "RNA", "mRNA", "tRNA", "mtDNA"})
_CLEARLY = 0.05
_WORD = pattern(r"[^\W_]+")
_BARE = pattern(r"[^\w]+")


class KeyPointJudge:
    """Compares answers with model answers, knowing the course's terms. Safe to use from many threads at once."""

    def __init__(self, encoder: Encoder, glossary: Iterable[GlossaryEntry]) -> None:
        entries = tuple(glossary)
        self._encoder = encoder
        self._terms = Terms(entries)
        self._chinese = {name: entry.term for entry in entries for name in entry.chinese}
        self._long = {short: entry.term for entry in reversed(entries) for short in entry.abbreviations if _is_name(short)}

    def compare(self, question: str, model_answer: str, answer: str) -> Comparison:
        """Which points of `model_answer` a trainee's `answer` holds. Any text may be compared; an empty one holds nothing.

        What `question` itself says need not be said again.
        """
        points = key_points(model_answer)
        if not answer.strip():
            return Comparison(tuple(Missed(point, NotSaid()) for point in points), "sentences")
        if mostly_chinese(answer):
            return Comparison(tuple(self._by_terms(point, question, answer) for point in points), "terms")
        asked = self._spelt_out(question)
        clauses = _clauses(answer, question)
        if not clauses:
            return Comparison(tuple(Missed(point, NotSaid()) for point in points), "sentences")
        plain = [self._spelt_out(clause) for clause in clauses]
        plain_points = [self._spelt_out(point) for point in points]
        cosines = self._encoder.encode(plain_points) @ self._encoder.encode(plain).T
        judged: list[Judged] = []
        for point, plain_point, row in zip(points, plain_points, cosines, strict=True):
            alike = [_alike(plain_point, asked, clause, float(cosine)) for clause, cosine in zip(plain, row, strict=True)]
            whole = next((clause for clause in clauses if _words(point) in _words(clause)), "")
            judged.append(Found(point, whole) if whole else self._by_sentences(point, question, clauses, alike))
        return Comparison(tuple(judged), "sentences")

    def _by_sentences(self, point: str, question: str, clauses: Sequence[str], alike: Sequence[float]) -> Judged:
        best = int(np.argmax(alike))
        wanted = _required(point, question)
        missing = _number_missing(point, question, clauses[0])
        if alike[best] < _least_alike(point, question, numbers=bool(wanted)):
            return Missed(point, NotSaid())
        if missing:
            return Missed(point, NumberMissing(missing))
        names = _names(point, question)
        if names and not any(self._named(name, clauses[0]) for name in names):
            return Missed(point, NameMissing(names))
        single = [n for n, clause in enumerate(clauses) if not _CLAUSE.search(clause)]
        nearest = clauses[max(single, key=alike.__getitem__)] if single else clauses[best]
        against = contradicted(point, nearest, clauses[0]) or self._of_another(point, question, clauses, alike)
        return Missed(point, Contradicted(*against)) if against else Found(point, clauses[best])

    def _of_another(self, point: str, question: str, clauses: Sequence[str], alike: Sequence[float]) -> tuple[str, str] | None:
        """Where the question compares things and the answer says of one what the course says of another: both their names."""
        things = self._things(question) if _COMPARES.search(question) else set()
        own = things & self._things(point)
        if not own or not things - own:
            return None
        best_own = best_other = 0.0
        other = ""
        for clause, score in zip(clauses, alike, strict=True):
            named = things & self._things(clause)
            if named and not named & own and score > best_other:
                best_other, other = score, min(named)
            if named and named <= own:
                best_own = max(best_own, score)
        return (min(own), other) if best_other > best_own + _CLEARLY else None

    def _things(self, text: str) -> set[str]:
        found = {entry.term for entry in self._terms.mentioned(text)}
        return found | {match[0] for match in _NUMBERED.finditer(text)} | {word for word in _NAME.findall(text) if _is_name(word)}

    def _by_terms(self, point: str, question: str, answer: str) -> Judged:
        asked = {entry.term for entry in self._terms.mentioned(question)}
        wanted = [entry.term for entry in self._terms.mentioned(point) if entry.term not in asked]
        number = _number_missing(point, question, answer)
        if number:
            return Missed(point, NumberMissing(number))
        said = {entry.term for entry in self._terms.mentioned(answer)} | {term for name, term in self._chinese.items() if name in answer}
        missing = tuple(term for term in wanted if term not in said)
        if len(missing) * 2 > len(wanted):
            return Missed(point, NameMissing(missing))
        return Found(point, answer) if wanted or _required(point, question) else NotCompared(point)

    def _named(self, name: str, answer: str) -> bool:
        if _bare(name) in {_bare(word) for word in _NAME.findall(answer)}:
            return True
        return bool({entry.term for entry in self._terms.mentioned(name)} & {entry.term for entry in self._terms.mentioned(answer)})

    def _spelt_out(self, text: str) -> str:
        """The text with the glossary's abbreviations written in full: NMD and nonsense-mediated decay are then the same words."""
        return _NAME.sub(lambda match: self._long.get(match[0], match[0]), text)


def mostly_chinese(text: str) -> bool:
    """Whether a text is written in Chinese, perhaps with English terms in it."""
    return len(_CHINESE.findall(text)) > _CHINESE_FROM * len(_LETTER.findall(text))


def _alike(point: str, question: str, clause: str, cosine: float) -> float:
    """How alike a point and a clause are, 0 to 1: the cosine of their vectors, and the share of the point's own words that the clause has too."""
    wanted = set(tokens(point))
    own = wanted - set(tokens(question)) or wanted
    shared = len(own & set(tokens(clause))) / len(own) if own else 0.0
    return (1 - WEIGHT_OF_WORDS) * max(cosine, 0.0) + WEIGHT_OF_WORDS * shared


def _least_alike(point: str, question: str, *, numbers: bool) -> float:
    """How alike a clause must be: not at all, where numbers are all that the point adds to the question ("The chance is 2/3")."""
    if not numbers:
        return ALIKE_FROM
    adds = {token for token in set(tokens(point)) - set(tokens(question)) if token.isalpha() and token not in _HARDLY}
    return ALIKE_WITH_NUMBER if adds else 0.0


def _clauses(answer: str, question: str) -> list[str]:
    """The answer itself, then its sentences, then their clauses, each once; none of those that only repeat the question."""
    sentences = [answer[start:end] for start, end in sentence_spans(answer)]
    clauses = [piece.strip() for sentence in sentences for piece in _CLAUSE.split(sentence)]
    own = dict.fromkeys([" ".join(answer.split()), *sentences, *(piece for piece in clauses if len(piece.split()) > 1)])
    return [clause for clause in own if _words(clause) not in _words(question) or len(clause.split()) < SHORTEST]


def _words(text: str) -> str:
    return f" {' '.join(_WORD.findall(text.casefold()))} "


def _required(point: str, question: str) -> list[Amount]:
    """The numbers that an answer must give: not those of the question, of asides in brackets, or of the steps of a calculation."""
    given = amounts(question)
    return [
        amount for amount in amounts(_ASIDE.sub(" ", point)) if not amount.working and not any(amount.same_as(other) for other in given)
    ]


def _number_missing(point: str, question: str, answer: str) -> str:
    """The first number that the point must have and the answer lacks, as the course writes it, or nothing.

    A number in words ("three") is missed only where the answer gives another number in its place.
    """
    said = amounts(answer)
    known = [*amounts(point), *amounts(question)]
    strange = any(not amount.share and not any(one.same_as(amount) for one in known) for amount in said)
    for wanted in _required(point, question):
        if not any(wanted.same_as(amount) for amount in said) and (wanted.writing != "counted" or strange):
            return wanted.text
    return ""


def _names(point: str, question: str) -> tuple[str, ...]:
    """Words of the point that only a name looks like: with a digit and a letter, or two capitals. Those of the question are left out."""
    asked = {_bare(word) for word in _NAME.findall(question)}
    words = [word for word in _NAME.findall(_ASIDE.sub(" ", point)) if _is_name(word) and _bare(word) not in asked]
    return tuple(dict.fromkeys(words))


def _is_name(word: str) -> bool:
    capitals = sum(letter.isupper() for letter in word)
    return word.removesuffix("s") not in _EVERYDAY and (capitals > 1 or (any(map(str.isdigit, word)) and any(map(str.isalpha, word))))


def _bare(word: str) -> str:
    return _BARE.sub("", word).casefold()
