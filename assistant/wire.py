"""A reply as one line of JSON: what `ask` writes, for a person's script or a measurement to read.

Knows nothing of files or commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NotRequired, TypedDict

from assistant.reply import Answer, Boundary, NotCovered, Partly, Unreadable
from assistant.wording import BOUNDARY, ELSEWHERE, IN_GENERAL, LACKS, MORE_ELSEWHERE, NEAREST, NOT_COVERED, PART_LACKS, TEXT_IS_ENGLISH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.reply import AnswerSentence, Elsewhere, NearestSection, Reply
    from index.search import Hit

State = Literal["covered", "partly", "not_covered", "boundary", "unreadable"]


class CitationLine(TypedDict):
    """A citation of the answer."""

    number: int
    passage: str
    module: str
    unit: str
    headings: list[str]
    url: str
    quote: str


class NearestLine(TypedDict):
    """A section near the question."""

    passage: str
    headings: list[str]
    url: str


class AnswerLine(TypedDict):
    """One answered question. `confidence` is the calibrated chance, 0 to 1, that the course covers it.

    `elsewhere` is there (covered or partly) where the question was asked within a part of the course that does not (fully) answer it, while `nearest` does.
    """

    id: str
    state: State
    confidence: float
    understood: str
    answer: str
    citations: list[CitationLine]
    nearest: list[NearestLine]
    elapsed_ms: float
    elsewhere: NotRequired[Elsewhere]


class HitLine(TypedDict):
    """One passage found; a higher score is better."""

    passage: str
    file: str
    headings: list[str]
    anchor: str
    score: float


class SearchLine(TypedDict):
    """One answered search, hits best first."""

    id: str
    hits: list[HitLine]


def answer_line(id_: str, reply: Reply, elapsed_ms: float) -> AnswerLine:
    """The line for a reply."""
    sentences: Sequence[AnswerSentence] = () if isinstance(reply, NotCovered | Unreadable) else reply.sentences
    nearest: Sequence[NearestSection] = reply.nearest if isinstance(reply, NotCovered | Boundary) else ()
    if isinstance(reply, Answer | Partly):
        nearest = reply.more
    line: AnswerLine = {
        "id": id_,
        "state": state_of(reply),
        "confidence": 0.0 if isinstance(reply, Unreadable) else round(reply.confidence, 6),
        "understood": reply.question.understood,
        "answer": answer_text(reply),
        "citations": [
            {
                "number": cited.number,
                "passage": cited.passage,
                "module": cited.module,
                "unit": cited.unit,
                "headings": list(cited.headings),
                "url": cited.url,
                "quote": cited.quote,
            }
            for sentence in sentences
            for cited in sentence.citations
        ],
        "nearest": [{"passage": one.passage, "headings": list(one.headings), "url": one.url} for one in nearest],
        "elapsed_ms": round(elapsed_ms, 3),
    }
    if isinstance(reply, NotCovered | Partly | Boundary) and reply.elsewhere:
        line["elsewhere"] = reply.elsewhere
    return line


def answer_text(reply: Reply) -> str:
    """What a trainee reads: each sentence with its markers behind it; what is not the course's own words stands in lines of its own."""
    language = reply.question.language
    if isinstance(reply, Unreadable):
        return reply.reason
    if isinstance(reply, NotCovered):
        return _not_covered(reply, language)
    lines = []
    if isinstance(reply, Boundary):
        lines = [BOUNDARY[language] + IN_GENERAL[language]] if reply.sentences else [BOUNDARY[language], _not_covered(reply, language)]
    if language == "zh" and reply.sentences:
        lines.append(TEXT_IS_ENGLISH[language] + _terms(reply.question.terms))
    if isinstance(reply, Partly) and reply.missing:
        lines.append((PART_LACKS if reply.elsewhere else LACKS)[language].format(missing="; ".join(reply.missing)))
    if isinstance(reply, Partly) and reply.elsewhere:
        lines.append(MORE_ELSEWHERE[language])
    label = ""
    paragraph: list[str] = []
    for sentence in reply.sentences:
        if sentence.label != label:
            lines += [" ".join(paragraph)] if paragraph else []
            paragraph = [f"{sentence.label}:"] if sentence.label else []
            label = sentence.label
        paragraph.append(f"{sentence.text} {''.join(f'[{cited.number}]' for cited in sentence.citations)}")
    return "\n".join([*lines, *([" ".join(paragraph)] if paragraph else [])])


def hit_line(hit: Hit) -> HitLine:
    """The line for a passage found."""
    passage = hit.passage
    return {
        "passage": passage.id,
        "file": passage.file,
        "headings": list(passage.headings),
        "anchor": passage.anchor,
        "score": round(hit.score, 6),
    }


def state_of(reply: Reply) -> State:
    """The one word that says what kind of reply it is."""
    match reply:
        case Answer():
            return "covered"
        case Partly():
            return "partly"
        case NotCovered():
            return "not_covered"
        case Boundary():
            return "boundary"
        case Unreadable():
            return "unreadable"


def _not_covered(reply: NotCovered | Boundary, language: str) -> str:
    sections = "; ".join(" > ".join(one.headings) for one in reply.nearest)
    if reply.elsewhere:
        return ELSEWHERE[language].format(sections=sections)
    return NOT_COVERED[language] + (f" {NEAREST[language].format(sections=sections)}" if sections else "")


def _terms(terms: Sequence[tuple[str, str]]) -> str:
    return f" {'; '.join(f'{chinese} = {english}' for english, chinese in terms)}" if terms else ""
