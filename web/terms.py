"""Terms of the glossary in an answer: where each stands first, and what it means.

The words of a sentence stay as they are; it is only cut into pieces. Built once for a course. Knows nothing of templates or requests.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from index.names import Name, Names
from web.answers import Piece, Term

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.course import Course, GlossaryEntry, Section
    from index.names import Mention
    from web.answers import Group, Shown

    _Spoken = tuple[tuple[Mention, GlossaryEntry], ...]

MOST = 8
"""How many terms of an answer are explained: the rarest, so that what everybody knows does not crowd out what is new."""


_SENTENCES_REMEMBERED = 2_000
"""A quarter of a course's: what is asked about most comes again and again."""


class Terms:
    """Finds the terms of a course's glossary in sentences. Safe to use from many threads at once."""

    def __init__(self, course: Course, sections: Mapping[str, Section]) -> None:
        """`sections` are the course's sections by id."""
        meanings: dict[str, list[GlossaryEntry]] = defaultdict(list)
        for entry in course.glossary:
            for name in dict.fromkeys(entry.names):
                meanings[name].append(entry)
        self._entry = {name: entries[0] for name, entries in meanings.items() if len(entries) == 1}
        self._sections = sections
        self._spoken = lru_cache(_SENTENCES_REMEMBERED)(self._terms_in)

    @cached_property
    def _names(self) -> Names:
        return Names([Name(name, (), entry.kind) for name, entry in self._entry.items()])

    def learn(self) -> None:
        """Make ready what the first answer needs, which takes a tenth of a second."""
        _ = self._names

    def explained(self, shown: Shown) -> Shown:
        """The answer with its rarest terms marked where each stands first, long names before short ones, none inside another."""
        weights: dict[str, float] = {}
        meant: dict[str, GlossaryEntry] = {}  # by its term, which itself may have another meaning: then only its other names lead here
        spoken = {said.text: self._spoken(said.text) for group in shown.groups for said in group.sentences}
        for mention, entry in (one for found in spoken.values() for one in found):
            weights.setdefault(entry.term, mention.weight)
            meant.setdefault(entry.term, entry)
        rarest = set(sorted(weights, key=lambda term: -weights[term])[:MOST])
        chosen = [term for term in weights if term in rarest]
        numbers = {term: number for number, term in enumerate(chosen, 1)}
        marked: set[str] = set()
        groups = tuple(_marked(group, spoken, numbers, marked) for group in shown.groups)
        return replace(shown, groups=groups, terms=tuple(self._term(numbers[term], meant[term]) for term in chosen))

    def _terms_in(self, text: str) -> _Spoken:
        """The terms that stand in a sentence, in order, each with its entry."""
        return tuple((mention, entry) for mention in self._names.mentions(text) if (entry := self._meant(mention, text)))

    def _meant(self, mention: Mention, text: str) -> GlossaryEntry | None:
        """The entry that a mention means; None where it may mean several, or is one word that only shares its stem with a name."""
        entries = {id(self._entry[name.text]): self._entry[name.text] for name in mention.names}
        written = text[mention.start : mention.end]
        if len(entries) != 1 or (written.isalpha() and not any(_same_word(written, name.text) for name in mention.names)):
            return None
        return next(iter(entries.values()))

    def _term(self, number: int, entry: GlossaryEntry) -> Term:
        section = self._sections.get(entry.section)
        trail = section.headings if section else ()
        return Term(number, entry.term, entry.chinese, entry.definition, trail, section.id if section else "")


def _marked(group: Group, spoken: Mapping[str, _Spoken], numbers: Mapping[str, int], marked: set[str]) -> Group:
    """The group with its sentences in pieces. Rows and calculations stay whole: their terms stand in the list alone."""
    if group.kind not in ("paragraph", "list"):
        return group
    pieces = [_pieces(said.text, spoken[said.text], numbers, marked) for said in group.sentences]
    return replace(group, sentences=tuple(replace(said, pieces=cut) for said, cut in zip(group.sentences, pieces, strict=True)))


def _pieces(text: str, spoken: _Spoken, numbers: Mapping[str, int], marked: set[str]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    end = 0
    for mention, entry in spoken:
        if entry.term not in numbers or entry.term in marked:
            continue
        marked.add(entry.term)
        pieces += [Piece(text[end : mention.start]), Piece(text[mention.start : mention.end], numbers[entry.term])]
        end = mention.end
    return (*pieces, Piece(text[end:]))


def _same_word(written: str, name: str) -> bool:
    """Whether a word is the name or its plural; abbreviations differ in case as the search allows."""
    one, other = written.casefold(), name.casefold()
    return one in (other, f"{other}s", f"{other}es", f"{other.removesuffix('y')}ies", other.removesuffix("s"))
