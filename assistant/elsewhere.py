"""A question asked within a part of the course that does not answer it: what the whole course holds then decides what is said.

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


def without_answer(reply: Reply) -> bool:
    """Whether no sentence of the course could be given."""
    return isinstance(reply, NotCovered) or (isinstance(reply, Boundary) and not reply.sentences)


def said_of_a_part(whole: Reply, within: Callable[[Citation], bool]) -> Reply:
    """The reply within a part that has no answer of its own; `whole` is that of the whole course, `within` whether a citation stands in the part.

    What the whole course does not hold either is said as it is. Where its answer begins within the part, that is answered with what of it stands there.
    """
    if not isinstance(whole, Answer | Partly | Boundary) or not whole.sentences:
        return whole
    if all(map(within, whole.sentences[0].citations)):
        return replace(whole, sentences=renumbered(one for one in whole.sentences if all(map(within, one.citations))))
    held = _sections(whole.sentences)
    if isinstance(whole, Boundary):
        return Boundary(whole.question, whole.confidence, (), held, "covered")
    return NotCovered(whole.question, whole.confidence, held, "covered" if isinstance(whole, Answer) else "partly")


def _sections(sentences: Sequence[AnswerSentence]) -> tuple[NearestSection, ...]:
    """The sections that an answer stands on, each once, in the order in which they are cited."""
    found: dict[str, NearestSection] = {}
    for cited in (citation for sentence in sentences for citation in sentence.citations):
        section = cited.passage.rpartition("/")[0]
        url = address(cited.unit, section.partition("#")[2])
        found.setdefault(section, NearestSection(cited.passage, cited.headings, url))
    return tuple(found.values())[:_MOST]
