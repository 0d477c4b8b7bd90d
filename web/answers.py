"""A reply as the chat shows it: sentences in groups, each with the sources that hold it.

A source is looked up in the course as it is now; where the words there are no longer the words that were quoted, the source says so.
Knows nothing of templates or requests.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from assistant.reply import Answer, Boundary, NotCovered, Partly, Unreadable
from assistant.wire import State, state_of
from corpus.markup import address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.reply import AnswerSentence, Citation, Elsewhere, NearestSection, Question, Reply
    from web.places import Place, Places
    from web.taught import TutorsWord

_ENDS = " ?.!\uff1f\u3002\uff01"
"""What a question may end with, in English or Chinese, without being another question."""

GroupKind = Literal["paragraph", "list", "table", "code"]


@dataclass(frozen=True, slots=True)
class Source:
    """A citation with what stands around it. `changed` means that the course no longer has the quoted words there.

    `trail` runs from the module's title to the section's heading; `now` is what stands there now, if that is something else.
    """

    number: int
    quote: str
    trail: tuple[str, ...]
    url: str
    before: str = ""
    after: str = ""
    cells: tuple[tuple[str, str], ...] = ()
    changed: bool = False
    now: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the glossary that an answer uses. `section` is the id of the section that explains it, or empty; `trail` its headings."""

    number: int
    term: str
    chinese: tuple[str, ...]
    definition: str
    trail: tuple[str, ...] = ()
    section: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence; `term` is the number of the term it names, or 0."""

    text: str
    term: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that is read, with its sources; `cells` if it is a row of a table. Its `pieces`, if there are any, make up its text."""

    text: str
    sources: tuple[Source, ...]
    cells: tuple[tuple[str, str], ...] = ()
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Sentences shown together: a paragraph, or items, rows or lines of one list, table or calculation."""

    kind: GroupKind
    label: str
    columns: tuple[str, ...]
    sentences: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A reply, ready for the page. `offered` are the nearest sections, or where to read on after an answer; with `elsewhere`, those that hold it."""

    state: State
    question: Question
    confidence: float
    groups: tuple[Group, ...] = ()
    missing: tuple[str, ...] = ()
    offered: tuple[NearestSection, ...] = ()
    reason: str = ""
    terms: tuple[Term, ...] = ()
    tutors: TutorsWord | None = None
    elsewhere: Elsewhere = ""

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every source once, by number."""
        found = {source.number: source for group in self.groups for said in group.sentences for source in said.sources}
        return tuple(found[number] for number in sorted(found))

    @property
    def understood_otherwise(self) -> bool:
        """Whether the question was read as something else than was typed, so that it is worth saying."""
        return bool(self.question.changes) or _folded(self.question.understood) != _folded(self.question.asked)


def show(reply: Reply, places: Places) -> Shown:
    """The reply as the chat shows it."""
    state = state_of(reply)
    match reply:
        case Answer():
            return Shown(state, reply.question, reply.confidence, _groups(reply.sentences, places), (), reply.more)
        case Partly():
            said = _groups(reply.sentences, places)
            return Shown(state, reply.question, reply.confidence, said, reply.missing, reply.more, elsewhere=reply.elsewhere)
        case NotCovered():
            return Shown(state, reply.question, reply.confidence, offered=reply.nearest, elsewhere=reply.elsewhere)
        case Boundary():
            said = _groups(reply.sentences, places)
            return Shown(state, reply.question, reply.confidence, said, offered=reply.nearest, elsewhere=reply.elsewhere)
        case Unreadable():
            return Shown(state, reply.question, 0.0, reason=reply.reason)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold().rstrip(_ENDS)


def _groups(sentences: tuple[AnswerSentence, ...], places: Places) -> tuple[Group, ...]:
    groups: list[Group] = []
    last: tuple[object, ...] | None = None
    for sentence in sentences:
        said, kind, key = _said(sentence, places)
        together = (kind, sentence.label, key)
        if groups and together == last:
            groups[-1] = replace(groups[-1], sentences=(*groups[-1].sentences, said))
        else:
            columns = tuple(header for header, _ in said.cells)
            label = sentence.label if not groups or sentence.label != next(_labels(groups)) else ""
            groups.append(Group(kind, label, columns, (said,)))
        last = together
    return tuple(groups)


def _labels(groups: list[Group]) -> Iterator[str]:
    """The labels given so far, latest first; an empty one at the end."""
    yield from (group.label for group in reversed(groups) if group.label)
    yield ""


def _said(sentence: AnswerSentence, places: Places) -> tuple[Said, GroupKind, object]:
    """The sentence with its sources, how it is set, and what else it is set together with."""
    sources = tuple(_source(citation, places) for citation in sentence.citations)
    place = _holding(sentence.citations[0], places) if len(sentence.citations) == 1 else None
    if place is None:
        unit = sentence.citations[0].unit if sentence.citations else ""
        return Said(sentence.text, sources), "paragraph", unit
    if place.block.kind == "table" and place.sentence.cells:
        return Said(sentence.text, sources, place.sentence.cells), "table", place.block.sentences[0].id
    if place.block.kind in ("list", "code"):
        return Said(sentence.text, sources), place.block.kind, place.block.sentences[0].id
    return Said(sentence.text, sources), "paragraph", place.section.id


def _source(citation: Citation, places: Places) -> Source:
    trail = tuple(part for part in (citation.module, *citation.headings) if part)
    found = Source(citation.number, citation.quote, trail, citation.url)
    place = _holding(citation, places)
    if place is None:
        there = places.sentences.get(citation.sentence)
        return replace(found, changed=True, now=there.sentence.text if there else "")
    if place.sentence.id != citation.sentence:
        fragment = place.sentence.id.removeprefix(f"{place.unit.id}#")
        trail = tuple(part for part in (place.unit.module, *place.section.headings) if part)
        found = replace(found, trail=trail, url=address(place.unit.id, fragment))
    return replace(found, before=place.before, after=place.after, cells=place.sentence.cells)


def _holding(citation: Citation, places: Places) -> Place | None:
    """Where the quoted words stand: where they stood, or wherever the unit has them now; None if it no longer has them."""
    quote = _exact(citation.quote)
    place = places.sentences.get(citation.sentence)
    if place is not None and _exact(place.sentence.text) == quote:
        return place
    return next((one for one in places.sentences.values() if one.unit.id == citation.unit and _exact(one.sentence.text) == quote), None)


def _exact(text: str) -> str:
    return " ".join(text.split())
