"""A course in memory: modules, units, sections, blocks and sentences, and the outcomes they answer.

>>> course = load_course(Path("corpus"))
>>> course.units["1.6"].sections[0].headings
('Mendelian inheritance and pedigree analysis', 'Reading a pedigree')

Knows nothing of vectors, questions or pages on the web.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

ADDRESS = "/course/"
"""Where the pages of the course stand on the web: the first part of every citation's address."""

BlockKind = Literal["paragraph", "list", "table", "code", "figure"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """The smallest piece of the course that an answer quotes: a sentence, a table row or a line of code.

    `id` is `<unit>#<anchor>/<passage number>.<sentence number>`; the part behind `#` is the id of the element on the
    rendered page whose text (white space folded) is `text`. `cells` of a table row are (column header, cell) pairs;
    empty for anything that is not a row.
    """

    id: str
    text: str
    cells: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, list, table, fenced code or figure, as sentences in reading order.

    `box` is the class of the box it stands in ("key-point", "case", "china", "uk") or "". A figure has no sentences; its
    `source` (path relative to the unit's file) and `caption` say what it shows.
    """

    kind: BlockKind
    sentences: tuple[Sentence, ...]
    box: str = ""
    source: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The text between one heading and the next. `headings` runs from the unit's title down to its own heading."""

    unit: str
    anchor: str
    level: int
    headings: tuple[str, ...]
    outcomes: tuple[str, ...]
    blocks: tuple[Block, ...]
    line: int

    @property
    def id(self) -> str:
        """`<unit>#<anchor>`: the address of the section within the course."""
        return f"{self.unit}#{self.anchor}"


@dataclass(frozen=True, slots=True)
class CheckQuestion:
    """A practice question with its model answer and the anchor of the section that holds the evidence."""

    question: str
    answer: str
    evidence: str
    form: str
    line: int


@dataclass(frozen=True, slots=True)
class ExpectedQuestion:
    """A question as a trainee may put it, with the anchor of the section that answers it.

    `sentence` is the id of the sentence that answers, or "" where the section answers as a whole.
    """

    question: str
    evidence: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """One Markdown file of the course. `html` is its whole rendered, sanitised text, with every sentence id in place.

    `file` is the path relative to the course's folder of units, with forward slashes. `id` is the front matter's `unit`, or
    the file's path without its ending.
    """

    id: str
    title: str
    file: str
    module: str
    html: str
    sections: tuple[Section, ...]
    check_questions: tuple[CheckQuestion, ...] = ()
    expected_questions: tuple[ExpectedQuestion, ...] = ()
    outcomes: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    reviewed: str = ""
    digest: str = ""

    def in_module(self, title: str) -> Unit:
        """The same unit, as part of the module of that title."""
        return replace(self, module=title)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trainee must be able to do after a unit: `MODULE.UNIT.LETTER` and its text from the syllabus."""

    id: str
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the course: its number, title and the ids of its units in teaching order."""

    id: str
    title: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term of the course with its other names, its Chinese names, its definition and the section that explains it."""

    term: str
    kind: str
    definition: str
    section: str
    abbreviations: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    chinese: tuple[str, ...] = ()
    genes: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every English name of the term, the term itself first."""
        return (self.term, *self.abbreviations, *self.synonyms)


@dataclass(frozen=True, slots=True)
class Course:
    """A whole course. `digest` changes whenever a file it was read from changes; `folder` is the folder its units lie in."""

    title: str
    modules: tuple[Module, ...]
    units: Mapping[str, Unit]
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    glossary: tuple[GlossaryEntry, ...] = ()
    digest: str = ""
    folder: str = ""
