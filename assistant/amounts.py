"""The numbers that a text states, read so that 25%, 1/4, 0.25 and "one in four" are the same share.

>>> [amount.text for amount in amounts("The risk is 1/4, or 25%, by 15 weeks.")]
['1/4', '25%', '15']

A number that is part of a name (22q11.2, GRCh38, type 2N) is no amount. Knows nothing of what the numbers measure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from corpus.patterns import pattern

Writing = Literal["percent", "odds", "fraction", "decimal", "words", "count", "counted"]
"""How an amount is written. The first five are shares; "counted" is a count in words ("three")."""

_OTHER_WRITING = 0.03
"""How far two writings of one share may lie apart, as part of it: 33% is 1/3."""

_SAME_WRITING = 1e-6

_COUNTS = {
    word: float(n) for n, word in enumerate(["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], 2)
}
_CHINESE = {"一": 1.0, "二": 2.0, "两": 2.0, "三": 3.0, "四": 4.0, "五": 5.0, "六": 6.0, "七": 7.0, "八": 8.0, "九": 9.0, "十": 10.0}
_PARTS = {
    "half": 2.0, "halves": 2.0, "third": 3.0, "quarter": 4.0, "fourth": 4.0, "fifth": 5.0, "eighth": 8.0, "tenth": 10.0, "sixteenth": 16.0,
}  # fmt: skip
_N = r"\d+(?:,\d{3})*(?:\.\d+)?"
_ONE_TO_TWELVE = "|".join(["one", *_COUNTS])
_BEFORE = r"(?<![A-Za-z0-9_.,:*>])(?<![A-Za-z]-)"
_AFTER = r"(?![A-Za-z0-9_*>]|[.,:]\d)"
_TO = r"\s?%?\s?(?:-|–|—|~|to|至|到)\s?"
_PATTERN = pattern(
    rf"{_BEFORE}(?P<percent>{_N})(?:{_TO}(?P<percent_to>{_N}))?\s?(?:%|％|per ?cent\b)"
    rf"|百分之(?P<chinese_percent>{_N})"
    rf"|{_BEFORE}(?P<of>{_N}|\b(?:{_ONE_TO_TWELVE})) (?:in|out of) (?P<odds>{_N}|\b(?:{_ONE_TO_TWELVE})\b)(?:{_TO}(?:1 in )?(?P<odds_to>{_N}))?{_AFTER}"
    rf"|{_BEFORE}(?P<over>\d+)\s?[/⁄]\s?(?P<under>{_N}){_AFTER}"
    r"|(?P<chinese_under>[一二两三四五六七八九十]|\d+)分之(?P<chinese_over>[一二两三四五六七八九十]|\d+)"
    rf"|\b(?P<parts>one|two|three|five|seven)[ -](?P<part>{'|'.join(_PARTS)})s?\b"
    r"|\b(?:a )?(?P<half>half|quarter|(?<=a )third(?= of\b))\b"
    r"|(?P<chinese_half>一半)"
    rf"|{_BEFORE}(?P<count>{_N})(?:{_TO}(?P<count_to>{_N}))?{_AFTER}"
    rf"|\b(?P<counted>{'|'.join(_COUNTS)})\b",
    re.IGNORECASE,
)
_WORKING_AFTER = re.compile(r"\s*\)?\s*[×÷*+=≈−]")
_WORKING_BEFORE = re.compile(r"[×÷*+−√]\s*\(?\s*$")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or range as a text states it: its ends, how it is written, the words that say so, and where they begin.

    `working` says that it is a step of a calculation shown in the text, not its result.
    """

    low: float
    high: float
    writing: Writing
    text: str
    start: int
    working: bool = False

    @property
    def share(self) -> bool:
        """Whether it is a part of a whole rather than a count or a measure."""
        return self.writing not in ("count", "counted")

    def same_as(self, other: Amount) -> bool:
        """Whether `other` says this amount: the same value, or a value within this range."""
        if self.share != other.share:
            return False
        room = _SAME_WRITING if self.writing == other.writing or not self.share else _OTHER_WRITING
        return self.low * (1 - room) <= other.low and other.high <= self.high * (1 + room)


def amounts(text: str) -> tuple[Amount, ...]:
    """The amounts that a text states, in order. Any text may be read; "one" alone is not counted, being mostly a pronoun."""
    return tuple(_amount(match, text) for match in _PATTERN.finditer(text))


def _amount(match: re.Match[str], text: str) -> Amount:
    low, high, writing = _value({name: value for name, value in match.groupdict().items() if value is not None})
    working = bool(_WORKING_AFTER.match(text, match.end()) or _WORKING_BEFORE.search(text[: match.start()]))
    return Amount(min(low, high), max(low, high), writing, match[0].strip(), match.start(), working)


def _value(found: dict[str, str]) -> tuple[float, float, Writing]:  # noqa: PLR0911  # one way of writing, one return
    match found:
        case {"percent": low}:
            return _number(low) / 100, _number(found.get("percent_to", low)) / 100, "percent"
        case {"chinese_percent": low}:
            return _number(low) / 100, _number(low) / 100, "percent"
        case {"odds": under, "of": over}:
            return _share(over, under), _share(over, found.get("odds_to", under)), "odds"
        case {"over": over, "under": under} | {"chinese_over": over, "chinese_under": under}:
            return _share(over, under), _share(over, under), "fraction"
        case {"part": part, "parts": parts}:
            return _number(parts) / _PARTS[part.lower()], _number(parts) / _PARTS[part.lower()], "words"
        case {"half": part}:
            return 1 / _PARTS[part.lower()], 1 / _PARTS[part.lower()], "words"
        case {"chinese_half": _}:
            return 0.5, 0.5, "words"
        case {"counted": word}:
            return _number(word), _number(word), "counted"
        case _:
            written = found["count"]
            value, end = _number(written), _number(found.get("count_to", written))
            return value, end, "decimal" if "." in written and 0 < value < 1 else "count"


def _share(over: str, under: str) -> float:
    return _number(over) / (_number(under) or 1.0)


def _number(text: str) -> float:
    plain = text.lower()
    if plain in ("one", "a"):
        return 1.0
    return _COUNTS.get(plain) or _CHINESE.get(plain) or float(plain.replace(",", ""))
