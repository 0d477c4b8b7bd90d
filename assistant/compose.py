"""Hits become an answer: the sentence that answers first, then what completes it, each a sentence of the course.

Knows nothing of spelling, languages or whether the course covers the question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.places import citation
from assistant.reply import AnswerSentence
from index.fields import with_headers
from index.tokens import token_set, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assistant.places import Places
    from corpus import Passage, Sentence
    from index.search import Found, Searcher

ANSWER_WORDS = 150
"""About how long an answer is, in words, before "more from this section"."""

_PASSAGES_READ = 20
_MOST_SENTENCES = 9
_FAR_BELOW_THE_BEST = 0.3
_SHORT_LIST_WORDS = 150
_WORTH_SAYING = 0.5
"""A sentence is left out whose score is below this share of the best one's."""

_PASSAGE_COUNTS = 2.0
_FIRST_OF_SECTION = 0.3
_HOLDS_A_NUMBER = 0.2
_SAYS_LITTLE = 0.3
_FEWEST_WORDS = 4
_IS_CODE = 0.8
_NAME_WORD = 0.4
_ANSWERS_THE_LIKE = 2.0
"""For a sentence that is known to answer the very question; less, the less it is like one (chosen on the tuning questions: 0.5 to 3 differ by 1 %)."""

_DANGLING = re.compile(
    r"(?:It|Its|This|That|These|Those|They|Their|Them|He|She|His|Her|Both|Such|Each of these|In this|In these|However|Therefore|Thus|Instead|"
    r"Otherwise|Also|Similarly|Conversely|For example|For instance|The latter|The former|Others?|"
    r"(?:Other |Main |Typical |Common )?(?:[Ff]eatures|[Ss]igns|[Ss]ymptoms|[Tt]reatment|[Mm]anagement|[Dd]iagnosis|[Tt]esting|[Ii]nheritance|[Ss]urveillance|"
    r"[Pp]enetrance|[Oo]nset|[Pp]resentation|[Ss]iblings|[Cc]arriers) (?:is|are|includes?|rests|begins|has|have|usually))\b"
)
"""Openings that lean on the sentence before: a pronoun, a connective, or a part of a picture whose condition is not named again."""
_ASKS_A_NUMBER = re.compile(
    r"\b(?:how (?:many|much|often|common|likely|frequent|long|old|rare)|what (?:percentage|proportion|fraction|share|age|number)|risk|chance|"
    r"probability|likelihood|frequency|prevalence|incidence|cut-?offs?|threshold|rate|yield|sensitivity|range|size|dose|interval|percent)\b",
    re.IGNORECASE,
)
_POINTS_AT_A_TABLE = re.compile(
    r"\b(?:table|figure) (?:below |above )?(?:shows?|lists?|gives?|compares?|summarises?|sets out)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: Passage
    sentence: Sentence
    order: int
    score: float


def compose(  # noqa: PLR0913  # the question, what was found for it, and how its answer is to be cut
    found: Found, searcher: Searcher, places: Places, question: str, *, label: str = "", words: int = ANSWER_WORDS
) -> list[AnswerSentence]:
    """The sentences that answer `question` in about so many words, from what was found for it; citation numbers count from 1."""
    candidates = _candidates(found, searcher, places, question)
    if not candidates:
        return []
    chosen = _chosen(candidates, places, words)
    return [
        AnswerSentence(spoken(candidate.sentence), (citation(number, candidate.passage, candidate.sentence),), label)
        for number, candidate in enumerate(_in_order(chosen), 1)
    ]


def spoken(sentence: Sentence) -> str:
    """A sentence as a trainee reads it: a table row as "first cell: header, cell; header, cell", anything else as it stands."""
    if not sentence.cells:
        return sentence.text
    (first_header, first), *others = sentence.cells
    named = first or first_header
    parts = [f"{header}: {cell}" if header else cell for header, cell in others if cell]
    return f"{named} — {'; '.join(parts)}" if parts else named


def renumbered(sentences: Iterable[AnswerSentence]) -> tuple[AnswerSentence, ...]:
    """The sentences with their citations counted from 1 through all of them."""
    result: list[AnswerSentence] = []
    number = 0
    for sentence in sentences:
        citations = []
        for cited in sentence.citations:
            number += 1
            citations.append(replace(cited, number=number))
        result.append(AnswerSentence(sentence.text, tuple(citations), sentence.label))
    return tuple(result)


def _candidates(found: Found, searcher: Searcher, places: Places, question: str) -> list[_Candidate]:
    """Every sentence of the best passages, best first, with how well it answers; a score is about 0 to 6, higher is better."""
    if not found.hits:
        return []
    weights = _word_weights(found, searcher)
    whole = max(sum(weights.values()), 1e-6)
    best = max(found.hits[0].score, 1e-6)
    numeric = bool(_ASKS_A_NUMBER.search(question))
    result: list[_Candidate] = []
    for order, hit in enumerate(found.hits[:_PASSAGES_READ]):
        if hit.score < _FAR_BELOW_THE_BEST * best:
            break
        cosines = searcher.sentence_vectors(hit.row) @ found.vector
        for at, sentence in enumerate(hit.passage.sentences):
            shared = sum(weights.get(word, 0.0) for word in token_set(with_headers(sentence))) / whole
            score = float(cosines[at]) + shared + _PASSAGE_COUNTS * hit.score / best
            score += _FIRST_OF_SECTION * (at == 0 and hit.passage.id.endswith("/1"))
            score += _HOLDS_A_NUMBER * (numeric and any(character.isdigit() for character in sentence.text))
            score -= _SAYS_LITTLE * (bool(_POINTS_AT_A_TABLE.search(sentence.text)) + (len(sentence.text.split()) < _FEWEST_WORDS))
            score += _ANSWERS_THE_LIKE * found.answering.get(sentence.id, 0.0)
            score -= _IS_CODE * (places[sentence.id].block.kind == "code")
            result.append(_Candidate(hit.passage, sentence, order * 1000 + at, score))
    return sorted(result, key=lambda candidate: -candidate.score)


def _word_weights(found: Found, searcher: Searcher) -> dict[str, float]:
    """The question's words by rarity; the words of names count less, since every sentence about a name shares them."""
    body = searcher.index.lexical["body"]
    named = {word for mention in found.mentions for word in tokens(mention.name)}
    return {word: body.idf(word) * (_NAME_WORD if word in named else 1.0) for word in found.words}


def _chosen(candidates: list[_Candidate], places: Places, most_words: int) -> list[_Candidate]:
    by_id = {candidate.sentence.id: candidate for candidate in candidates}
    best = candidates[0].score
    chosen: dict[str, _Candidate] = {}
    words = 0
    for candidate in candidates:
        if len(chosen) >= _MOST_SENTENCES or candidate.score < _WORTH_SAYING * best:
            break
        group = [member for member in _group(candidate, by_id, places) if member.sentence.id not in chosen]
        length = sum(len(member.sentence.text.split()) for member in group)
        if not group or (chosen and words + length > most_words) or any(_same(a, b) for a in group for b in chosen.values()):
            continue
        chosen.update((member.sentence.id, member) for member in group)
        words += length
    return list(chosen.values())


def _group(candidate: _Candidate, by_id: dict[str, _Candidate], places: Places) -> list[_Candidate]:
    """The sentence with what it cannot stand without: the sentence it refers back to, or the list it belongs to."""
    sentences = candidate.passage.sentences
    at = sentences.index(candidate.sentence)
    place = places[candidate.sentence.id]
    if place.block.kind == "list" or candidate.sentence.text.endswith((":", "：")):
        return _list(candidate, by_id, places)
    group = [candidate]
    while at > 0 and _DANGLING.match(sentences[at].text) and not sentences[at].cells and len(group) < 3:  # noqa: PLR2004
        at -= 1
        if sentences[at].id not in by_id:
            break
        group.insert(0, by_id[sentences[at].id])
    return group


def _list(candidate: _Candidate, by_id: dict[str, _Candidate], places: Places) -> list[_Candidate]:
    """A list whole with its lead, where it is short; else the item with the lead."""
    place = places[candidate.sentence.id]
    if place.block.kind != "list":
        following = [c for c in by_id.values() if (lead := places[c.sentence.id].lead) and lead.id == candidate.sentence.id]
        members = sorted([candidate, *following], key=lambda c: c.order)
    else:
        ids = {sentence.id for sentence in place.block.sentences}
        members = sorted((c for c in by_id.values() if c.sentence.id in ids), key=lambda c: c.order)
        if place.lead is not None and place.lead.id in by_id:
            members.insert(0, by_id[place.lead.id])
    if sum(len(member.sentence.text.split()) for member in members) <= _SHORT_LIST_WORDS:
        return members
    leading = by_id.get(place.lead.id) if place.lead is not None else None
    return [leading, candidate] if leading is not None else [candidate]


def _same(one: _Candidate, other: _Candidate) -> bool:
    """Whether two sentences say the same words."""
    return one.sentence.text.casefold() == other.sentence.text.casefold()


def _in_order(chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """The passage of the best sentence first, then the rest of its section, then others; reading order within each."""
    best = max(chosen, key=lambda candidate: candidate.score)
    sections = list(
        dict.fromkeys(c.passage.section for c in sorted(chosen, key=lambda c: (c.passage.section != best.passage.section, -c.score)))
    )
    return sorted(chosen, key=lambda c: (sections.index(c.passage.section), c.passage.id != best.passage.id, _position(c)))


def _position(candidate: _Candidate) -> tuple[int, int]:
    passage, _, sentence = candidate.sentence.id.rpartition("/")[2].partition(".")
    return int(passage), int(sentence)
