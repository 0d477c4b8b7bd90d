"""The tree of a unit read as sections, blocks and sentences, each sentence wrapped in an element that bears its id.

Knows nothing of files, syllabus or search.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpus.course import Block, BlockKind, CheckQuestion, Section, Sentence
from corpus.markup import HEADINGS
from corpus.passages import numbered
from corpus.sentences import sentence_spans
from corpus.source import CourseError, LineFinder
from corpus.tree import Element, Node, cut, folded, text_of

if TYPE_CHECKING:
    from corpus.source import Source

OPENING = "_opening"
"""The anchor of the text before a unit's first heading."""

_RESERVED_ID = re.compile(r"fn:|.*/\d+\.\d+$")
"""Ids of footnotes and of sentences, which no heading may take."""
_INLINE = frozenset({"a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "img", "q", "span", "strong", "sub", "sup"})


@dataclass(slots=True)
class _OpenBlock:
    kind: BlockKind
    box: str
    elements: list[tuple[Element, str, tuple[tuple[str, str], ...]]] = field(default_factory=list)
    source: str = ""
    caption: str = ""


@dataclass(slots=True)
class _OpenSection:
    anchor: str
    level: int
    headings: tuple[str, ...]
    outcomes: tuple[str, ...]
    line: int
    evidence: str = ""
    form: str = ""
    blocks: list[_OpenBlock] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)


def outline(root: Element, unit: str, title: str, source: Source) -> tuple[list[Node], tuple[Section, ...], tuple[CheckQuestion, ...]]:
    """The page of a unit, its sections and its practice questions.

    Raises CourseError where two headings claim one id.
    """
    opened = _Sections(title, source)
    for node in root.children:
        if isinstance(node, Element) and node.tag in HEADINGS:
            opened.start(node)
        elif isinstance(node, Element) and "footnote" in node.classes:
            opened.notes.append(node)
        else:
            opened.current.nodes.append(node)
            if isinstance(node, Element) and not opened.current.evidence:
                opened.current.blocks.extend(_blocks(node, ""))
    page = opened.page()
    sections = tuple(_closed(section, unit) for section in opened.sections if not section.evidence)
    questions = tuple(_question(section) for section in opened.sections if section.evidence)
    return page, tuple(section for section in sections if section.blocks or section.anchor != OPENING), questions


class _Sections:
    def __init__(self, title: str, source: Source) -> None:
        self._title = title
        self._source = source
        self._lines = LineFinder(source)
        self._ids = {OPENING}
        self.notes: list[Node] = []
        """The footnotes, which stand at the end of the page and are part of no section."""
        self.sections = [_OpenSection(OPENING, 0, (title,), (), source.first_line)]

    @property
    def current(self) -> _OpenSection:
        return self.sections[-1]

    def start(self, heading: Element) -> None:
        level = int(heading.tag[1])
        text = folded(text_of(heading))
        line = self._lines.line_of(text)
        parent = next((s for s in reversed(self.sections) if s.level < level), self.sections[0])
        names_the_unit = level == 1 and text.casefold() == self._title.casefold()
        headings = parent.headings if names_the_unit else (*parent.headings, text)
        attributes = heading.attributes
        anchor = self._anchor(attributes.get("id", ""), text, parent, line)
        outcomes = tuple(attributes.get("outcomes", "").split()) or parent.outcomes
        section = _OpenSection(anchor, level, headings, outcomes, line, attributes.get("evidence", ""), attributes.get("form", ""))
        heading.attributes = {"id": anchor}
        section.nodes.append(heading)
        self.sections.append(section)

    def _anchor(self, given: str, text: str, parent: _OpenSection, line: int) -> str:
        if given:
            if given in self._ids:
                message = f"{self._source.file}:{line}: the id “{given}” is used by two headings; give one of them another id."
                raise CourseError(message)
            if _RESERVED_ID.match(given):
                message = f"{self._source.file}:{line}: the id “{given}” is kept for a sentence or a note; give the heading one without “/” or “:”."
                raise CourseError(message)
            self._ids.add(given)
            return given
        base = _slug(text)
        candidates = [base, f"{parent.anchor}-{base}" if parent.level else base]
        candidates += [f"{candidates[1]}-{n}" for n in range(2, len(self._ids) + 3)]
        anchor = next(candidate for candidate in candidates if candidate not in self._ids)
        self._ids.add(anchor)
        return anchor

    def page(self) -> list[Node]:
        nodes: list[Node] = []
        for section in self.sections:
            nodes.extend([_as_question(section)] if section.evidence else section.nodes)
        return [*nodes, *self.notes]


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[^\w]+", "-", plain).strip("-_") or "section"


def _as_question(section: _OpenSection) -> Element:
    """A practice question that opens to its model answer."""
    heading, *answer = section.nodes
    summary = Element("summary", {}, heading.children if isinstance(heading, Element) else [heading])
    return Element("details", {"class": "check-question", "id": section.anchor}, [summary, *answer])


def _question(section: _OpenSection) -> CheckQuestion:
    answer = " ".join(folded(text_of(node)) for node in section.nodes[1:] if isinstance(node, Element))
    return CheckQuestion(section.headings[-1], answer, section.evidence, section.form, section.line)


def _blocks(element: Element, box: str) -> list[_OpenBlock]:
    """The blocks of one element of the page, in order; sentences are wrapped in place."""
    if element.tag == "div" and "admonition" in element.classes:
        kind = next((name for name in element.classes if name != "admonition"), "note")
        return [block for child in _elements(element) if "admonition-title" not in child.classes for block in _blocks(child, kind)]
    if element.tag in ("table", "pre"):
        return [_table(element, box) if element.tag == "table" else _code(element, box)]
    if element.tag in ("ul", "ol", "dl"):
        block = _OpenBlock("list", box)
        _wrap_runs(element, block)
        return [block]
    picture = _only_picture(element)
    if picture is not None:
        return [_figure(element, picture, box)]
    if element.tag in ("blockquote", "div"):
        return [block for child in _elements(element) for block in _blocks(child, box)]
    block = _OpenBlock("paragraph", box)
    _wrap_runs(element, block)
    return [block]


def _elements(element: Element) -> list[Element]:
    """The element's children; a run of bare text among them becomes a paragraph first, so that it can be quoted."""
    children: list[Node] = []
    run: Element | None = None
    for child in element.children:
        if (isinstance(child, str) and (run is not None or child.strip())) or (isinstance(child, Element) and child.tag in _INLINE):
            if run is None:
                run = Element("p")
                children.append(run)
            run.children.append(child)
        else:
            run = None if isinstance(child, Element) else run
            children.append(child)
    element.children = children
    return [child for child in children if isinstance(child, Element)]


def _only_picture(element: Element) -> Element | None:
    children = [child for child in element.children if not (isinstance(child, str) and not child.strip())]
    only = children[0] if len(children) == 1 else None
    return only if element.tag == "p" and isinstance(only, Element) and only.tag == "img" else None


def _figure(element: Element, picture: Element, box: str) -> _OpenBlock:
    caption = picture.attributes.pop("title", "")
    source = picture.attributes.get("src", "")
    element.tag = "figure"
    element.children = [picture, *([Element("figcaption", {}, [caption])] if caption else [])]
    return _OpenBlock("figure", box, source=source, caption=caption or picture.attributes.get("alt", ""))


def _wrap_runs(element: Element, block: _OpenBlock) -> None:
    """Wrap the sentences of each run of inline content, here and in the elements below."""
    children: list[Node] = []
    run: list[Node] = []
    for child in [*element.children, None]:
        if child is not None and (isinstance(child, str) or child.tag in _INLINE):
            run.append(child)
            continue
        children.extend(_wrapped(run, block))
        run = []
        if child is None:
            continue
        children.append(child)
        if child.tag == "pre":
            block.elements.extend(_code(child, block.box).elements)
        elif child.tag == "table":
            block.elements.extend(_table(child, block.box).elements)
        else:
            _wrap_runs(child, block)
    element.children = children


def _wrapped(run: list[Node], block: _OpenBlock) -> list[Node]:
    text = text_of(run)
    result: list[Node] = []
    position = 0
    for start, end in sentence_spans(text):
        result.extend(cut(run, position, start))
        wrapper = Element("span", {"class": "sentence"}, cut(run, start, end))
        block.elements.append((wrapper, folded(text[start:end]), ()))
        result.append(wrapper)
        position = end
    return [*result, *cut(run, position, len(text))] if text.strip() else run


def _table(table: Element, box: str) -> _OpenBlock:
    block = _OpenBlock("table", box)
    rows = [element for element in table.descendants() if element.tag == "tr"]
    headers: list[str] = []
    for row in rows:
        cells = [child for child in row.children if isinstance(child, Element) and child.tag in ("td", "th")]
        texts = [folded(text_of(cell)) for cell in cells]
        if not headers and all(cell.tag == "th" for cell in cells):
            headers = texts
            continue
        _space_cells(row)
        row.attributes["class"] = "sentence"
        padded = [*headers, *[""] * (len(texts) - len(headers))]
        if any(texts):
            block.elements.append((row, folded(text_of(row)), tuple(zip(padded, texts, strict=False))))
    return block


def _space_cells(row: Element) -> None:
    """Put white space between cells, so that the row's text content is its cells with a space between."""
    row.children = [part for child in row.children if isinstance(child, Element) for part in (child, "\n")]


def _code(pre: Element, box: str) -> _OpenBlock:
    block = _OpenBlock("code", box)
    code = next((child for child in pre.children if isinstance(child, Element) and child.tag == "code"), pre)
    if "language-calc" in code.classes:
        pre.attributes["class"] = "calc"
    lines: list[Node] = []
    for line in text_of(code).split("\n"):
        wrapper = Element("span", {"class": "sentence"}, [line])
        if line.strip():
            block.elements.append((wrapper, folded(line), ()))
        lines.extend([wrapper if line.strip() else line, "\n"])
    code.children = lines[:-1] if lines[-2:-1] != [""] else lines[:-2]
    return block


def _closed(section: _OpenSection, unit: str) -> Section:
    """The section with its sentences numbered, and their ids set on the page."""
    sizes = [(block.kind, block.box, [len(text.split()) for _, text, _ in block.elements]) for block in section.blocks]
    blocks: list[Block] = []
    for block, numbers in zip(section.blocks, numbered(sizes), strict=True):
        sentences: list[Sentence] = []
        for (element, text, cells), (passage, sentence) in zip(block.elements, numbers, strict=True):
            fragment = f"{section.anchor}/{passage}.{sentence}"
            element.attributes["id"] = fragment
            sentences.append(Sentence(f"{unit}#{fragment}", text, cells))
        if sentences or block.kind == "figure":
            blocks.append(Block(block.kind, tuple(sentences), block.box, block.source, block.caption))
    return Section(unit, section.anchor, section.level, section.headings, section.outcomes, tuple(blocks), section.line)
