"""What a question is about, apart from what it asks of it: the words by which questions of one gap are known.

    treatment of Fabry disease          subject: fabry     asks: treatment
    recurrence risk of Fabry disease    subject: fabry     asks: recurrence

Names of the glossary count by their preferred term; strange words are names too, and so is what stands before "syndrome". Of a subject
that the course treats, what is asked belongs to the subject: there the gap is one question about it, not the whole of it.

Knows nothing of vectors or of how subjects are put together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.english import english_words
from corpus.patterns import pattern
from index.aspects import aspect_names, heading_aspects
from index.names import Name, Names
from index.tokens import STOP_WORDS, tokens, word_token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from corpus import GlossaryEntry
    from index.names import Mention

NAME, STRANGE, SPECIAL, RARE, PLAIN = 3.0, 3.0, 2.0, 1.0, 0.4
"""What a word tells: a name; a word that neither the course nor the language knows; a word of the field; a rare word; any other."""

_NAMING_KINDS = {"condition", "gene", "drug", "law", "organisation", "tool"}
_HEADS_WORDS = (
    "disease diseases syndrome syndromes disorder disorders deficiency anaemia anemia dystrophy ataxia anomaly sequence "
    "association malformation tumour tumor neuropathy myopathy cardiomyopathy dysplasia sclerosis acidaemia aciduria porphyria "
    "dysautonomia"
)
_HEADS = frozenset(_HEADS_WORDS.split())
_HEAD_ALONE = _HEADS - {"disease", "diseases", "syndrome", "syndromes", "disorder", "disorders"}
_NO_EPONYM_WORDS = (
    "genetic genetics inherited rare common this that the a an of such each any same single monogenic hereditary mendelian complex "
    "autosomal recessive dominant linked metabolic chromosomal heart kidney eye skin bone late early adult childhood my our her "
    "his their which what some other another these those mitochondrial lysosomal iron cause causes no severe mild family with and "
    "or for storage"
)
_NO_EPONYM = frozenset(_NO_EPONYM_WORDS.split())
_ASKING_WORDS = (
    "patient patients people person child children family families explain tell know give mean please summarise summarize describe "
    "define information info anyone someone doctor doctors clinician clinicians trainee need help want use used get make find out "
    "does kind sort case cases type types level one two first new best main usual usually often much many more most less long old "
    "year years age say guide guideline guidelines example examples about available currently current now today work works way "
    "happen happens life live expected expect typical typically important role between there here just also very really ever still "
    "affect affected affects offer offered done take see look think understand question course learn teach unit module read note "
    "know things thing parent parents mother father baby babies woman women man men couple relative relatives brother sister son "
    "daughter sibling siblings treat treated treating inherit cured diagnose diagnosed tested screened managed caused advise "
    "counsel chance chances likely china chinese uk nhs hospital clinic medicine medical health"
)
_ASKING = frozenset(_ASKING_WORDS.split())
_WORD = pattern(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+(?:[-'’][^\W_\u3400-\u9fff]+)*")
_NUMBERING = re.compile(r"\d{1,3}[A-Za-z]?|[A-DF-HJ-NP-Z]|I{1,3}|IV|VI{0,3}")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_PARTS = re.compile(r"[^\W\d_]+|\d+")
_UNSAID = frozenset({"type", *_HEADS})
_UNTELLING = _UNSAID - _HEAD_ALONE
_FEWEST_LETTERS, _MOST_LETTERS = 3, 6
_BETWEEN = (" ", "-", "–")
_COMMON_SHARE = 0.01
_FEW_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question is about. `words` are (token, weight) by token, a higher weight tells more; `phrase` is for people to read.

    `named` says that it is about something by name; `asks` are aspects ("treatment"), of which those count as words that are asked of
    what the course treats.
    """

    words: tuple[tuple[str, float], ...]
    phrase: str
    asks: tuple[str, ...]
    named: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    """A word of a question: as typed, its token, what it tells; whether the course treats what it names, and if it is part of a name of the glossary."""

    typed: str
    token: str
    weight: float
    treated: bool = False
    named: bool = False


class Subjects:
    """Reads what questions are about, with one course's names and words."""

    def __init__(self, glossary: Iterable[GlossaryEntry], sections: Iterable[str], passages: int, holders: Callable[[str], int]) -> None:
        """`sections` are the ids of the course's sections; `holders` tells in how many of its `passages` a token stands."""
        self._sections = frozenset(sections)
        self._names = Names(
            [
                Name(text, (entry.section,), entry.kind, entry.term)
                for entry in glossary
                for text in (*entry.names, *entry.chinese)
                if entry.kind in _NAMING_KINDS
            ]
        )
        self._passages = max(passages, 1)
        self._holders = holders

    def of(self, text: str, spelling: Mapping[str, str] | None = None) -> Subject:
        """The subject of a question as understood. `spelling` maps words of questions, in lower case, to how most others spell them."""
        if spelling:
            text = _WORD.sub(lambda found: spelling.get(found[0].lower(), found[0]), text)
        mentions = self._names.mentions(text)
        seen = [self._seen(text, match, mentions) for match in _WORD.finditer(text)]
        asks = _asked(text)
        telling = [word for word in seen if word.weight >= NAME]
        names = {mention.names[0].preferred for mention in mentions}
        treated = bool(telling) and all(word.treated for word in telling)
        kept = telling if telling and not treated else [word for word in seen if word.weight > 0]
        words: dict[str, float] = {}
        for word in kept:
            if not word.named:
                words[word.token] = max(words.get(word.token, 0.0), word.weight)
        for name in names:
            words |= dict.fromkeys((token for token in tokens(name) if not _is_head(token)), NAME)
        if treated:
            words |= dict.fromkeys((f"asks:{ask}" for ask in asks), SPECIAL)
        phrase = self._phrase(text, seen, mentions) or " ".join(word.typed for word in kept) or " ".join(text.split()[:6])
        return Subject(tuple(sorted(words.items())), phrase, asks, bool(telling or names))

    def words(self, text: str) -> list[str]:
        """The words of a text, in lower case."""
        return [match[0].lower() for match in _WORD.finditer(text)]

    def is_strange(self, word: str) -> bool:
        """Whether a word in lower case is one that neither the course nor the English language knows: a name, or a slip."""
        plain = word.isalpha() and not _CHINESE.match(word)
        return plain and word not in english_words() and self._holders(word_token(word)) < _FEW_PASSAGES

    def abbreviations(self, words: Iterable[str], phrases: Mapping[str, int]) -> dict[str, str]:
        """What letters that are no word stand for: {letters in lower case: the phrase asked about oftenest that they shorten}.

        BrS is Brugada syndrome, NF1 neurofibromatosis type 1, USH Usher syndrome.
        """
        parts = {phrase: [part for part in _PARTS.findall(phrase.lower()) if part not in STOP_WORDS] for phrase in phrases}
        often = sorted(parts, key=lambda one: (-phrases[one], one))
        found: dict[str, str] = {}
        for letters in set(words):
            if _FEWEST_LETTERS <= len(letters) <= _MOST_LETTERS and letters.isascii() and self._is_no_word(letters):
                stands_for = next((phrase for phrase in often if _shortens(letters, parts[phrase])), None)
                if stands_for is not None:
                    found[letters] = stands_for
        return found

    def _is_no_word(self, letters: str) -> bool:
        return letters not in english_words() and self._holders(letters) < _FEW_PASSAGES

    def _seen(self, text: str, match: re.Match[str], mentions: list[Mention]) -> _Seen:  # noqa: PLR0911  # one kind of word, one return
        typed, lower = match[0], match[0].lower()
        token = next(iter(tokens(typed)), lower)
        inside = next((one for one in mentions if one.start <= match.start() < one.end), None)
        if inside is not None:
            treated = any(name.targets[0] in self._sections for name in inside.names)
            return _Seen(typed, token, PLAIN if _is_head(lower) else NAME, treated, named=True)
        if _CHINESE.match(typed):
            return _Seen(typed, typed, NAME)
        if _NUMBERING.fullmatch(typed) and _follows_name(text, match.start()):
            return _Seen(typed, lower, SPECIAL)
        if lower in STOP_WORDS or lower in _ASKING or _is_aspect(lower) or _is_head(lower):
            return _Seen(typed, token, 0.0)
        holders = self._holders(token)
        if lower not in english_words() and not typed.isdigit():
            return _Seen(typed, token, STRANGE if holders < _FEW_PASSAGES else SPECIAL, holders >= _FEW_PASSAGES)
        if _names_what_follows(text, match) and holders < _COMMON_SHARE * self._passages:
            return _Seen(typed, token, NAME, holders >= _FEW_PASSAGES)
        return _Seen(typed, token, RARE if holders < _COMMON_SHARE * self._passages else PLAIN)

    @staticmethod
    def _phrase(text: str, seen: list[_Seen], mentions: list[Mention]) -> str:
        """The name as the glossary has it, else the run of words around the most telling word."""
        if mentions:
            return max(mentions, key=lambda one: one.weight).names[0].preferred
        if not seen:
            return ""
        best = max(range(len(seen)), key=lambda at: (seen[at].weight, not _NUMBERING.fullmatch(seen[at].typed), -at))
        if seen[best].weight < SPECIAL:
            return ""
        spans = [match.span() for match in _WORD.finditer(text)]
        beside = [text[end : spans[at + 1][0]] in _BETWEEN for at, (_, end) in enumerate(spans[:-1])]
        first = last = best
        while first > 0 and beside[first - 1] and seen[first - 1].weight > 0:
            first -= 1
        while last + 1 < len(seen) and beside[last] and _goes_on(seen, last + 1):
            last += 1
        return text[spans[first][0] : spans[last][1]]


def _shortens(letters: str, parts: Sequence[str]) -> bool:
    """Whether letters shorten a phrase: each word gives its first letter, and perhaps more in their order.

    "disease", "type", "ataxia" and the like may give nothing; a number is given whole. A word alone, or alone before "disease" or "syndrome",
    gives its beginning.
    """
    telling = sum(part not in _UNTELLING for part in parts)
    return letters not in parts and telling > 0 and _given(letters, parts, _in_order if telling > 1 else _begins)


def _given(letters: str, parts: Sequence[str], gives: Callable[[str, str], bool]) -> bool:
    if not parts:
        return not letters
    part, *others = parts
    if part in _UNSAID:
        return _given(letters, others, gives) or (letters[:1] == part[0] and _given(letters[1:], others, gives))
    if part.isdigit():
        return letters.startswith(part) and _given(letters[len(part) :], others, gives)
    return any(gives(letters[:size], part) and _given(letters[size:], others, gives) for size in range(1, len(letters) + 1))


def _begins(letters: str, word: str) -> bool:
    return word.startswith(letters)


def _in_order(letters: str, word: str) -> bool:
    """Whether a word begins with the first of the letters and has the others after it, in their order."""
    rest = iter(word)
    return word[0] == letters[0] and all(letter in rest for letter in letters)


def _goes_on(seen: Sequence[_Seen], at: int) -> bool:
    """Whether a word still belongs to the name before it: one that tells, what names end in, or a number, perhaps behind "type"."""
    word = seen[at]
    numbered = word.typed.lower() == "type" and at + 1 < len(seen) and bool(_NUMBERING.fullmatch(seen[at + 1].typed))
    return word.weight > 0 or numbered or _is_head(word.typed.lower()) or bool(_NUMBERING.fullmatch(word.typed))


def _follows_name(text: str, start: int) -> bool:
    before = text[:start].rstrip().rpartition(" ")[2].lower()
    return before.isalpha() and before not in STOP_WORDS and before not in _ASKING - {"type", "types"}


def _names_what_follows(text: str, match: re.Match[str]) -> bool:
    """Whether a word stands before "disease", "syndrome" and the like without being one of the words that stand before any."""
    after = _WORD.match(text, match.end() + 1) if text[match.end() : match.end() + 1] in {" ", "-", "–"} else None
    return after is not None and after[0].lower() in _HEADS and match[0].lower() not in _NO_EPONYM


def _is_head(word: str) -> bool:
    return word in _HEADS or word in _head_tokens()


@lru_cache(maxsize=1)
def _head_tokens() -> frozenset[str]:
    return frozenset(word_token(word) for word in _HEADS - _HEAD_ALONE)


@lru_cache(maxsize=20_000)
def _is_aspect(word: str) -> bool:
    return bool(heading_aspects(word).any())


def _asked(text: str) -> tuple[str, ...]:
    """The aspects that the question's words announce, but not what every question asks ("what is", "how")."""
    shares = heading_aspects(text)
    return tuple(name for name, share in zip(aspect_names(), shares, strict=True) if share > 0 and name not in {"definition", "procedure"})
