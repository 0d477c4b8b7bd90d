"""Hits become an answer: the sentence that answers first, then what completes it, each a sentence of the course.

Knows nothing of spelling, languages or whether the course covers the question.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.places import citation, points_at_a_table
from assistant.reply import AnswerSentence
from assistant.sentence_order import candidates
from index.tokens import token_set

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from assistant.places import Places
    from assistant.sentence_order import Candidate
    from corpus import Sentence
    from index.search import Found, Searcher

ANSWER_WORDS = 150
"""About how long an answer is, in words, before "more from this section"."""

_MOST_SENTENCES = 12
_SHORT_LIST_WORDS = 130
_WORTH_SAYING = 4.0
"""A sentence is left out whose score is so far below the best one's."""

_DANGLING = re.compile(
    r"(?:It|Its|This|That|These|Those|They|Their|Them|He|She|His|Her|Both|Such|Each of these|In this|In these|However|Therefore|Thus|Instead|"
    r"Otherwise|Also|Similarly|Conversely|For example|For instance|The latter|The former|Others?|"
    r"(?:Other |Main |Typical |Common )?(?:[Ff]eatures|[Ss]igns|[Ss]ymptoms|[Tt]reatment|[Mm]anagement|[Dd]iagnosis|[Tt]esting|[Ii]nheritance|[Ss]urveillance|"
    r"[Pp]enetrance|[Oo]nset|[Pp]resentation|[Ss]iblings|[Cc]arriers) (?:is|are|includes?|rests|begins|has|have|usually))\b"
)
"""Openings that lean on the sentence before: a pronoun, a connective, or a part of a picture whose condition is not named again."""

_LOOKS_BACK = re.compile(
    r"\b(?:this|these|those|same|such an?|latter|former|above|also|too|then|therefore|thus|however|instead|otherwise|another|others?|"
    r"that (?:study|series|survey|trial|test|result|definition|rule|group|year|age|case|way|time|point|stage|woman|man|family|gene|variant|risk|calculation))\b",
    re.IGNORECASE,
)
"""Words anywhere in a sentence that may point at one before it, so that it does not open an answer out of its place."""


def compose(  # noqa: PLR0913  # the question, what was found for it, and how its answer is to be cut
    found: Found,
    searcher: Searcher,
    places: Places,
    question: str,
    *,
    label: str = "",
    words: int = ANSWER_WORDS,
    said: Collection[str] = (),
) -> list[AnswerSentence]:
    """The sentences that answer `question` in about so many words, from what was found for it; citation numbers count from 1.

    Those whose ids are `said` are left out.
    """
    every = [candidate for candidate in candidates(found, searcher, places, question) if candidate.sentence.id not in said]
    ranked = _without_other_rows(every, places, question)
    if not ranked:
        return []
    chosen = _chosen(ranked, places, words)
    return [
        AnswerSentence(spoken(candidate.sentence), (citation(number, candidate.passage, candidate.sentence),), label)
        for number, candidate in enumerate(_in_order(chosen, places), 1)
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


def _without_other_rows(ranked: list[Candidate], places: Places, question: str) -> list[Candidate]:
    """The candidates without the rows of a table that are of something else, where the question names what another of its rows is of."""
    asked = frozenset(token_set(question))
    tables: dict[str, dict[bool, list[Candidate]]] = {}
    for candidate in ranked:
        if candidate.sentence.cells:
            of = token_set(candidate.sentence.cells[0][1])
            table = places[candidate.sentence.id].block.sentences[0].id
            tables.setdefault(table, {True: [], False: []})[bool(of) and asked.issuperset(of)].append(candidate)
    others = {candidate.sentence.id for rows in tables.values() if rows[True] for candidate in rows[False]}
    return [candidate for candidate in ranked if candidate.sentence.id not in others]


def _chosen(ranked: list[Candidate], places: Places, most_words: int) -> list[Candidate]:
    by_id = {candidate.sentence.id: candidate for candidate in ranked}
    chosen: dict[str, Candidate] = {}
    words = 0
    for candidate in ranked:
        if len(chosen) >= _MOST_SENTENCES or candidate.score < ranked[0].score - _WORTH_SAYING:
            break
        for whole in (_group(candidate, by_id, places), _item(candidate, by_id, places)):
            group = [member for member in whole if member.sentence.id not in chosen]
            length = sum(len(member.sentence.text.split()) for member in group)
            if not group or (chosen and words + length > most_words) or any(_same(a, b) for a in group for b in chosen.values()):
                continue
            chosen.update((member.sentence.id, member) for member in group)
            words += length
            break
    return list(chosen.values())


def _group(candidate: Candidate, by_id: dict[str, Candidate], places: Places) -> list[Candidate]:
    """The sentence with what it cannot stand without: the sentence it refers back to, or the list it belongs to."""
    sentences = candidate.passage.sentences
    at = sentences.index(candidate.sentence)
    place = places[candidate.sentence.id]
    if place.block.kind == "list" or candidate.sentence.text.endswith((":", "：")):
        return _list(candidate, by_id, places)
    if points_at_a_table(candidate.sentence.text):
        return _table(candidate, by_id, places)
    if place.block.kind == "code":  # a line of a calculation alone says nothing
        return _whole(candidate, by_id, places)
    group = [candidate]
    while at > 0 and _DANGLING.match(sentences[at].text) and not sentences[at].cells and len(group) < 3:  # noqa: PLR2004
        at -= 1
        if sentences[at].id not in by_id:
            break
        group.insert(0, by_id[sentences[at].id])
    return group


def _list(candidate: Candidate, by_id: dict[str, Candidate], places: Places) -> list[Candidate]:
    """A list whole with its lead, where it is short; else the item with the lead."""
    place = places[candidate.sentence.id]
    if place.block.kind != "list":
        following = [c for c in by_id.values() if (lead := places[c.sentence.id].lead) and lead.id == candidate.sentence.id]
        members = sorted([candidate, *following], key=lambda c: c.order)
    else:
        members = _whole(candidate, by_id, places)
    if _short(members):
        return members
    return _item(candidate, by_id, places) or [candidate]


def _short(members: list[Candidate]) -> bool:
    return sum(len(member.sentence.text.split()) for member in members) <= _SHORT_LIST_WORDS


def _whole(candidate: Candidate, by_id: dict[str, Candidate], places: Places) -> list[Candidate]:
    """Every member of the sentence's list or calculation, with the sentence that leads into it."""
    place = places[candidate.sentence.id]
    lead = (place.lead,) if place.lead is not None else ()
    return [by_id[sentence.id] for sentence in (*lead, *place.block.sentences) if sentence.id in by_id]


def _table(candidate: Candidate, by_id: dict[str, Candidate], places: Places) -> list[Candidate]:
    """What a sentence that points at a table stands for: the whole table where it is short, else its best rows. It is not said itself."""
    rows = sorted(
        (c for c in by_id.values() if (lead := places[c.sentence.id].lead) and lead.id == candidate.sentence.id), key=lambda c: -c.score
    )
    words, kept = 0, []
    for row in rows:
        words += len(row.sentence.text.split())
        if words > _SHORT_LIST_WORDS:
            break
        kept.append(row)
    return sorted(kept, key=lambda c: c.order)


def _item(candidate: Candidate, by_id: dict[str, Candidate], places: Places) -> list[Candidate]:
    """An item of a long list with its lead alone; nothing of any other sentence: a short list is said whole or not at all."""
    place = places[candidate.sentence.id]
    if place.block.kind != "list" or _short(_whole(candidate, by_id, places)):
        return []
    leading = by_id.get(place.lead.id) if place.lead is not None else None
    return [leading, candidate] if leading is not None else [candidate]


def _same(one: Candidate, other: Candidate) -> bool:
    """Whether two sentences say the same words."""
    return one.sentence.text.casefold() == other.sentence.text.casefold()


def _in_order(chosen: Sequence[Candidate], places: Places) -> list[Candidate]:
    """The best sentence first, then its passage, the rest of its section, and others; reading order within each.

    A row, an item or a line of a calculation stays in its place, and so do what leads into them and a sentence that another leans on.
    """
    best = max(chosen, key=lambda candidate: candidate.score)
    sections = list(
        dict.fromkeys(c.passage.section for c in sorted(chosen, key=lambda c: (c.passage.section != best.passage.section, -c.score)))
    )
    ordered = sorted(chosen, key=lambda c: (sections.index(c.passage.section), c.passage.id != best.passage.id, _position(c)))
    after = ordered[ordered.index(best) + 1 :][:1]
    text = best.sentence.text
    stays = text.endswith((":", "：")) or _LOOKS_BACK.search(text) or any(_DANGLING.match(one.sentence.text) for one in (best, *after))
    if places[best.sentence.id].block.kind == "paragraph" and not stays:
        ordered.sort(key=lambda candidate: candidate is not best)
    return ordered


def _position(candidate: Candidate) -> tuple[int, int]:
    passage, _, sentence = candidate.sentence.id.rpartition("/")[2].partition(".")
    return int(passage), int(sentence)
