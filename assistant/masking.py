"""Marks of a person's identity taken out of a question before it is kept: numbers of identity cards, telephones and records, dates of birth, addresses of mail.

>>> masked("王伟 住院号 20231187, call 13800138000")
'王伟 [record number], call [telephone]'

Knows nothing of where questions are kept.
"""

from __future__ import annotations

import re

_MARKS = (
    ("[e-mail]", re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")),
    ("[identity number]", re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])")),
    ("[telephone]", re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")),
    ("[telephone]", re.compile(r"(?<!\d)(?:\+44 ?|0)7\d{3} ?\d{3} ?\d{3}(?!\d)")),
    (
        "[record number]",
        re.compile(
            r"(?:住院号|病历号|门诊号|就诊号|病案号|身份证号?|hospital (?:no|number)|MRN|NHS (?:no|number)|record (?:no|number)|patient (?:id|number))"
            r"\.?\s*[:：#]?\s*[A-Za-z]{0,3}[\d -]{4,20}\d",
            re.IGNORECASE,
        ),
    ),
    (
        "[date of birth]",
        re.compile(
            r"(?:born(?: on)?|d\.?o\.?b\.?|date of birth|出生(?:日期|于)?|生日)\s*[:：]?\s*"
            r"(?:\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?|\d{1,2}\s*[-/.]\s*\d{1,2}\s*[-/.]\s*\d{2,4})",
            re.IGNORECASE,
        ),
    ),
)


def masked(text: str) -> str:
    """The text with each mark of identity replaced by what it is, in brackets."""
    for name, pattern in _MARKS:
        text = pattern.sub(name, text)
    return text
