"""What a report says of gaps, told by whoever keeps them: `report_gaps_with(app, gaps_of_period)`.

Knows nothing of how gaps are found or closed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from flask import Flask

_KEY = "genomics-tutor gap report"


@dataclass(frozen=True, slots=True)
class ReportedGap:
    """A gap in a report: its title, where its page is, and how many questions it stands for."""

    title: str
    url: str
    questions: int


@dataclass(frozen=True, slots=True)
class ReportedGaps:
    """Gaps of a period: the weightiest that are open, and those that were closed in it. Titles must not lead to a person."""

    top: tuple[ReportedGap, ...]
    closed: tuple[ReportedGap, ...]


GapsOfPeriod = Callable[[date, date], ReportedGaps | None]


def report_gaps_with(app: Flask, gaps: GapsOfPeriod) -> None:
    """Let reports and overview ask `gaps` for the first and last day of a period."""
    app.extensions[_KEY] = gaps


def reported_gaps(first: date, last: date) -> ReportedGaps | None:
    """The gaps of a period, or None where nobody keeps gaps or none have been put together yet."""
    gaps = cast("GapsOfPeriod | None", current_app.extensions.get(_KEY))
    return gaps(first, last) if gaps is not None else None
