"""Marks of a person's identity in a text: found, shown to who typed them, and taken out before anything is kept.

>>> masked("王伟 住院号 20231187, call 13800138000")
'[name] [record number], call [telephone]'
>>> without_marks("Mr John Smith, MRN 123456, has Huntington disease")
'the patient has Huntington disease'

A name alone is no mark; where it is one, person_names.py says. Knows nothing of where questions are kept or how marks are shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from assistant.person_names import names_beside, numbered_names, titled_names
from corpus.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

MarkKind = Literal["name", "record number", "identity number", "telephone", "date of birth", "e-mail"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that can identify a person: `text[start:end]`, and what it is."""

    start: int
    end: int
    kind: MarkKind


_HALF_WIDTH = {0x3000: " ", **{0xFF01 + place: chr(0x21 + place) for place in range(94)}}
"""Digits, letters and signs as a Chinese keyboard gives them, to their plain forms: one character for one, so that places stay."""

_IS = r"\s*(?:是|为|is|was)?\s*[:.#(]?\s*"
_DIGITS = r"\d(?:\d|[ -](?=\d{3}))"
_MONTH_NAME = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = (
    r"(?:(?:19|20)\d{2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?:\s*[日号])?|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"|\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*(?:\d{4}|\d{2})"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH_NAME},?\s+\d{{4}}|{_MONTH_NAME}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})(?!\d)"
)
_EXPRESSIONS: tuple[tuple[MarkKind, str], ...] = (
    ("e-mail", r"(?<![A-Z0-9._%+-])[A-Z0-9._%+-]{1,64}@[A-Z0-9-]{1,63}(?:\.[A-Z0-9-]{1,63}){1,5}"),
    (
        "date of birth",
        (
            r"(?:(?<![A-Z])(?:born(?: on)?|d\.?o\.?b\.?|date of birth|birth ?date|birthday)|出生(?:日期|年月日?|时间|于|在)?|生日|生于)"
            rf"{_IS}{_DATE}|(?<!\d){_DATE}\s*(?:出生(?!缺陷|率|人口|队列|证)|生(?![\u4e00-\u9fff]))"
        ),
    ),
    ("identity number", r"(?<![\dA-Z])\d{6}[ -]?(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])[ -]?\d{3}[\dX](?![\dA-Z])"),
    (
        "identity number",
        r"(?<![\dA-Z])(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5])\d{6}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}(?![\dA-Z])",
    ),
    (
        "identity number",
        (
            r"(?:身份证(?:件)?|护照|(?<![A-Z])(?:passport|id card|identity card))(?:号码?|\s*(?:number|no\.?))?"
            rf"{_IS}[A-Z]{{0,2}}{_DIGITS}{{4,20}}X?(?![\dA-Z])"
        ),
    ),
    (
        "record number",
        (
            r"(?:(?:住院|病历|门诊|就诊|病案|登记|病人|患者|医保|社保|诊疗卡|就诊卡|医保卡|健康卡|条码|标本|样本|检测|报告)(?:号码?|编号|ID|卡号)"
            r"|(?<![A-Z])(?:MRN|(?:hospital|NHS)\s+(?:no\b\.?|number|id)))"
            rf"{_IS}[A-Z]{{0,4}}[ -]?{_DIGITS}{{3,20}}(?!\d)"
        ),
    ),
    (
        "record number",
        (
            r"(?<![A-Z])(?:(?:medical\s+)?record|(?:in-?|out-?)?patient|chart|admission|health card|insurance)\s+(?:no\b\.?|number|id)"
            rf"{_IS}[A-Z]{{0,4}}[ -]?{_DIGITS}{{4,20}}(?!\d)"
        ),
    ),
    ("telephone", r"(?<![\dA-Z.])(?:(?:\+|00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"),
    ("telephone", r"(?<![\dA-Z.])(?:\+44 ?(?:\(0\) ?)?|0)7\d{3}[ -]?\d{3}[ -]?\d{3}(?!\d)"),
    ("telephone", r"(?<![\dA-Z.-])\(?0(?:10|2\d|[3-9]\d{2})\)?[ -]\d{7,8}(?!\d)"),
    ("telephone", r"(?<![\dA-Z.-])0(?:20|1\d{2,3})[ -]\d{3,4}[ -]\d{3,4}(?!\d)"),
    ("telephone", r"(?<![\w.)])\+\d{1,3}[ -]?\d(?:\d|[ -](?=\d{2})){7,14}(?!\d)"),
    (
        "telephone",
        (
            r"(?:电话|手机|联系方式|微信|(?<![A-Z])(?:tel(?:ephone)?|phone|mobile|whatsapp|wechat))(?:号码?|\s*(?:number|no\b\.?))?"
            rf"{_IS}\d(?:\d|[ -](?=\d{{2}})){{6,18}}(?!\d)"
        ),
    ),
)
_PATTERNS = tuple((kind, pattern(expression, re.IGNORECASE)) for kind, expression in _EXPRESSIONS)

_BETWEEN_MARKS = pattern(r"[\s,，、;；:：()（）/-]*")
_SAID_ALREADY = pattern(r"(?:患者|病人|患儿|孕妇|先证者|patient|named|called)\s*$", re.IGNORECASE)
_HAN = pattern(r"[\u4e00-\u9fff]")
_TIDIED = (
    (pattern(r"[(（]\s*[)）]"), ""),
    (pattern(r"\s+(?=[,，、;；。.?？)）])"), ""),
    (pattern(r"[,，、;；:：]+(?=[,，、;；。.?？)）])"), ""),
    (pattern(r"^[\s,，、;；:：。.)）的]+"), ""),
    (pattern(r"[ \t]{2,}"), " "),
)


def marks(text: str) -> tuple[Mark, ...]:
    """What in a text can identify a person, in order, none overlapping another. Dates, figures, variants and names of the field are no marks."""
    plain = text.translate(_HALF_WIDTH)
    found = [Mark(*match.span(), kind) for kind, pattern in _PATTERNS for match in pattern.finditer(plain)]
    for name, number in numbered_names(plain):
        found += [Mark(*name, "name"), Mark(*number, "record number")]
    numbers = [(mark.start, mark.end) for mark in found if mark.kind != "name"]
    found += [Mark(*span, "name") for span in (*titled_names(plain), *names_beside(plain, numbers))]
    return tuple(_apart(found))


def masked(text: str) -> str:
    """The text with each mark of identity replaced by what it is, in brackets. Masking twice changes nothing more."""
    while found := marks(text):
        text = _replaced(text, found, [f"[{mark.kind}]" for mark in found])
    return text


def without_marks(text: str) -> str:
    """The text as it can be asked about nobody: names become "the patient", other marks go. Empty where nothing else was said."""
    found = marks(text)
    if found:
        text = _tidied(_replaced(text, found, _words(text, found)))
    while found := marks(text):  # what stood apart may have come together: now it only goes, so this ends
        text = _replaced(text, found, [""] * len(found))
    return text if any(character.isalnum() for character in text) else ""


def _apart(found: list[Mark]) -> Iterator[Mark]:
    """The marks without those that overlap an earlier or a longer one."""
    end = 0
    for mark in sorted(found, key=lambda mark: (mark.start, -mark.end)):
        if mark.start >= end:
            yield mark
            end = mark.end


def _replaced(text: str, found: tuple[Mark, ...], words: list[str]) -> str:
    for mark, word in zip(reversed(found), reversed(words), strict=True):
        text = text[: mark.start] + word + text[mark.end :]
    return text


def _words(text: str, found: tuple[Mark, ...]) -> list[str]:
    """What stands for each mark: the person once for marks that stand together, if one of them is the name; else nothing."""
    person = "患者" if _HAN.search(text) else "the patient"
    words = [person if mark.kind == "name" and not _SAID_ALREADY.search(text[: mark.start]) else "" for mark in found]
    for place, (one, other) in enumerate(pairwise(found), 1):
        if words[place] and words[place - 1] and _BETWEEN_MARKS.fullmatch(text[one.end : other.start]):
            words[place] = ""
    return words


def _tidied(text: str) -> str:
    for untidy, better in _TIDIED:
        text = untidy.sub(better, text)
    text = re.sub(r"(the patient|患者)\s*[,，]\s*(?=(?:has|had|is|was|have|needs?|wants?|carries)\b|想|要|患有|确诊|怀)", r"\1 ", text)
    return text.replace("患者 ", "患者").strip()
