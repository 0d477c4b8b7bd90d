"""Gaps as their pages show them: filtered, put in order, with words for what they are and a drawing of the trend.

Knows nothing of requests.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.gap_places import module_near
from web.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from assistant.gap_store import Gap
    from corpus.course import Course

OPEN = "open"
ORDERS: dict[str, Callable[[Gap], Any]] = {
    "weight": lambda gap: (-gap.figures.score, gap.id),
    "often": lambda gap: (-gap.figures.questions, gap.id),
    "recent": lambda gap: (gap.figures.last, gap.id),
    "title": lambda gap: (gap.figures.title.casefold(), gap.id),
}
_WIDTH, _HEIGHT, _FOOT = 360, 96, 16


@dataclass(frozen=True, slots=True)
class Bar:
    """A week in the drawing of a trend: its Monday, its askings and where its bar stands."""

    monday: str
    count: int
    x: float
    y: float
    width: float
    height: float


def chosen(gaps: Sequence[Gap], status: str, module: str, order: str, course: Course) -> list[Gap]:
    """The gaps of a status ("open": new or planned; "": all) whose nearest section is in the module of that id, in an order."""
    wanted = {"new", "planned"} if status == OPEN else {status}
    kept = [gap for gap in gaps if (not status or gap.status in wanted) and (not module or module_near(gap, course) == module)]
    return sorted(kept, key=ORDERS.get(order, ORDERS["weight"]), reverse=order == "recent")


def trend_bars(gap: Gap) -> list[Bar]:
    """The bars of the trend, in the units of the drawing (360 by 96)."""
    weeks = gap.figures.weeks
    most = max([count for _monday, count in weeks] or [0]) or 1
    slot = _WIDTH / max(len(weeks), 1)
    bars = []
    for at, (monday, count) in enumerate(weeks):
        height = (_HEIGHT - _FOOT - 4) * count / most
        bars.append(Bar(monday, count, round(at * slot + 3, 1), round(_HEIGHT - _FOOT - height, 1), round(slot - 6, 1), round(height, 1)))
    return bars


def day(time: str) -> date:
    """The day of a time of the file, as the clock of the serving machine has it."""
    read = datetime.fromisoformat(time)
    return read.astimezone().date() if read.tzinfo else read.date()


def status_words(status: str) -> str:
    """A status in words."""
    return {
        "new": _("New"),
        "planned": _("Planned"),
        "answered": _("Answered"),
        "outside": _("Outside the course"),
        OPEN: _("Open"),
        "": _("All"),
    }.get(status, status)


def trend_words(trend: str) -> str:
    """A trend in words."""
    return {"rising": _("Rising"), "falling": _("Falling"), "steady": _("Steady")}[trend]


def line_words(what: str, detail: str) -> str:
    """A line of a gap's history in words."""
    return {
        "status": _("set the status to “%(status)s”", status=status_words(detail)),
        "owner": _("gave it to %(name)s", name=detail) if detail else _("took the owner away"),
        "note": _("changed the note"),
        "merged": _("merged “%(title)s” into it", title=detail),
        "went": _("merged it into another gap"),
        "split": _("split questions off"),
        "split_from": _("split it off from “%(title)s”", title=detail),
        "closed_itself": _("It closed itself: every question is answered now."),
        "opened_again": _("It opened again: it was asked again since, and the course did not answer."),
    }.get(what, what)
