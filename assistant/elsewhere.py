"""A question asked within a part of the course that does not answer it, or not all of it: what the whole course holds then decides what is said.

Knows nothing of how a reply is found.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.compose import renumbered
from assistant.reply import Answer, Boundary, NearestSection, NotCovered, Partly
from corpus.markup import address

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.reply import AnswerSentence, Citation, Reply

_MOST = 4
"""The most sections that are named."""


def falls_short(reply: Reply) -> bool:
    """Whether no sentence of the course could be given, or perhaps not all that answers."""
    return isinstance(reply, NotCovered | Partly) or (isinstance(reply, Boundary) and not reply.sentences)


def said_of_a_part(reply: Reply, whole: Reply, within: Callable[[Citation], bool]) -> Reply:
    """What is said where a part's reply falls short; `whole` is that of the whole course, `within` whether a citation stands in the part.

    What the whole course does not hold either is said as it is. Where its answer begins within a part that has none, that is answered with what of it stands there.
    """
    if isinstance(reply, Partly):
        return _more_elsewhere(reply, whole, within)
    if not isinstance(whole, Answer | Partly | Boundary) or not whole.sentences:
        return whole
    if all(map(within, whole.sentences[0].citations)):
        return replace(whole, sentences=renumbered(one for one in whole.sentences if all(map(within, one.citations))))
    held = _sections(whole.sentences)
    if isinstance(whole, Boundary):
        return Boundary(whole.question, whole.confidence, (), held, "covered")
    return NotCovered(whole.question, whole.confidence, held, "covered" if isinstance(whole, Answer) else "partly")


def _more_elsewhere(reply: Partly, whole: Reply, within: Callable[[Citation], bool]) -> Partly:
    """A part's answer that the whole course may complete; `missing` is then what the part lacks, else what the course lacks as well."""
    if isinstance(whole, Answer):
        others = [one for one in whole.sentences if not any(map(within, one.citations))]
        return replace(reply, confidence=whole.confidence, more=_sections(others) or reply.more, elsewhere="covered")
    lacking = whole.missing if isinstance(whole, Partly) else reply.missing
    return replace(reply, missing=tuple(one for one in reply.missing if one in lacking))


def _sections(sentences: Sequence[AnswerSentence]) -> tuple[NearestSection, ...]:
    """The sections that an answer stands on, each once, in the order in which they are cited."""
    found: dict[str, NearestSection] = {}
    for cited in (citation for sentence in sentences for citation in sentence.citations):
        section = cited.passage.rpartition("/")[0]
        url = address(cited.unit, section.partition("#")[2])
        found.setdefault(section, NearestSection(cited.passage, cited.headings, url))
    return tuple(found.values())[:_MOST]
