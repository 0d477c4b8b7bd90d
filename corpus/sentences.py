"""Where sentences begin and end in running text, English or Chinese.

>>> [text[a:b] for text in ["Penetrance is 80%. Onset is late, e.g. at 60."] for a, b in sentence_spans(text)]
['Penetrance is 80%.', 'Onset is late, e.g. at 60.']

Knows nothing of Markdown or HTML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.patterns import pattern

if TYPE_CHECKING:
    import re

_BOUNDARY = pattern(r"[.!?…]+[\"'”’)\]]*(?=\s+|$)|[。！？]+[”’」』）]*")
_NEXT_BEGINS = pattern(r"\s*[\"'“‘(\[*]*[A-Z0-9À-ÞΑ-Ωα-ω≥≤<>~≈一-鿿]")
_NEXT_IS_SYMBOL = pattern(r"\s*[a-z]?[A-Z]{2}")
_NEVER_LAST = pattern(
    r"(?:^|[\s(\[“\"'])(?:e\.?g|i\.?e|et al|al|vs|cf|viz|Dr|Mr|Mrs|Ms|Prof|St|Fig|Figs|Eq|No|Nos|Ref|Refs|Vol|Ch|Sec|"
    r"approx|ca|resp|incl|esp|[a-z])\.$"
)
_MORE = pattern(r"\s*\S")
_LONGEST_ABBREVIATION = 20
_BRACKETS = (("(", ")"), ("[", "]"), ("（", "）"))
_INITIAL = pattern(r"(?:^|[A-Z]\.\s?)[A-Z]\.$")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end offsets of the sentences of `text`, in order, without the white space between them.

    A full stop inside brackets, after an abbreviation ("e.g.", "et al."), after one lower-case letter ("c.", "p.") or between
    initials does not end a sentence; nor does one before a word that begins in lower case.
    """
    spans: list[tuple[int, int]] = []
    start = seen = 0
    unclosed = [0] * len(_BRACKETS)
    for match in _BOUNDARY.finditer(text):
        end = match.end()
        for number, (left, right) in enumerate(_BRACKETS):
            unclosed[number] += text.count(left, seen, end) - text.count(right, seen, end)
        seen = end
        if max(unclosed) <= 0 and _ends_sentence(text, start, match):
            spans.append((start, end))
            start, unclosed = end, [0] * len(_BRACKETS)
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trimmed(text, *span)) is not None]


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    if match[0][0] in "。！？":
        return True
    end = match.end()
    if _MORE.match(text, end) and not (_NEXT_BEGINS.match(text, end) or _NEXT_IS_SYMBOL.match(text, end)):
        return False
    if match[0][0] != ".":
        return True
    head = text[max(start, match.start() - _LONGEST_ABBREVIATION) : match.start() + 1]
    return not (_NEVER_LAST.search(head) or _INITIAL.search(head))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    if not piece.strip():
        return None
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
