"""A small tree of HTML elements: read from sanitised HTML, cut at character offsets, written back.

Knows nothing of courses, sections or sentences.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "wbr"})


@dataclass(slots=True)
class Element:
    """An HTML element; its children are elements and runs of text, in order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the element."""
        return tuple(self.attributes.get("class", "").split())

    def descendants(self) -> list[Element]:
        """Every element below this one, in reading order."""
        found: list[Element] = []
        for child in self.children:
            if isinstance(child, Element):
                found.append(child)
                found.extend(child.descendants())
        return found


Node = Element | str


def text_of(nodes: Element | list[Node]) -> str:
    """The text content, as a browser's `textContent` gives it."""
    children = nodes.children if isinstance(nodes, Element) else nodes
    return "".join(child if isinstance(child, str) else text_of(child) for child in children)


def folded(text: str) -> str:
    """The text with every run of white space made one space, and none at the ends."""
    return " ".join(text.split())


def cut(nodes: list[Node], start: int, end: int) -> list[Node]:
    """The part of `nodes` between two offsets of their text; an element that is cut through stands on both sides, its id on the first.

    An element without text belongs to the part that begins where it stands, or to the last one if it stands at the end.
    """
    result: list[Node] = []
    position = 0
    total = len(text_of(nodes))
    for node in nodes:
        length = len(node) if isinstance(node, str) else len(text_of(node))
        low, high = max(start - position, 0), min(end - position, length)
        if isinstance(node, str):
            if low < high:
                result.append(node[low:high])
        elif length == 0:
            if start <= position < end or (start < end and position == end == total):
                result.append(node)
        elif low == 0 and high == length:
            result.append(node)
        elif low < high:
            attributes = {name: value for name, value in node.attributes.items() if low == 0 or name != "id"}
            result.append(Element(node.tag, attributes, cut(node.children, low, high)))
        position += length
    return result


def written(nodes: list[Node]) -> str:
    """HTML for the nodes, everything escaped."""
    parts: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            parts.append(escape(node, quote=False))
            continue
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in node.attributes.items())
        parts.append(f"<{node.tag}{attributes}>")
        if node.tag not in VOID:
            parts.append(f"{written(node.children)}</{node.tag}>")
    return "".join(parts)


class _TreeReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("root")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if any(element.tag == tag for element in self._open[1:]):
            while self._open.pop().tag != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def read(html: str) -> Element:
    """The tree of a fragment of well-formed HTML, under a root element that is not written."""
    reader = _TreeReader()
    reader.feed(html)
    reader.close()
    return reader.root
