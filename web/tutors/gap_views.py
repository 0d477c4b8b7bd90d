"""Gaps as their pages and files show them: filtered, put in order, with places of the course and a drawing of the trend.

Knows nothing of requests.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from assistant.gaps import FEWEST_CONVERSATIONS
from web.language import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from assistant.gap_store import Gap
    from corpus.course import Course, Section

OPEN = "open"
ORDERS: dict[str, Callable[[Gap], Any]] = {
    "weight": lambda gap: (-gap.figures.score, gap.id),
    "often": lambda gap: (-gap.figures.questions, gap.id),
    "recent": lambda gap: (gap.figures.last, gap.id),
    "title": lambda gap: (gap.figures.title.casefold(), gap.id),
}
FORMAT = 1
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
    kept = [gap for gap in gaps if (not status or gap.status in wanted) and (not module or module_of(gap, course) == module)]
    return sorted(kept, key=ORDERS.get(order, ORDERS["weight"]), reverse=order == "recent")


def module_of(gap: Gap, course: Course) -> str:
    """The id of the module that holds the gap's nearest section; "" where none is near."""
    unit = gap.figures.near[0].partition("#")[0] if gap.figures.near else ""
    return next((module.id for module in course.modules if unit in module.units), "")


def sections_near(gap: Gap, course: Course) -> list[Section]:
    """The sections nearest to a gap that the course still has."""
    found = {section.id: section for unit in course.units.values() for section in unit.sections}
    return [found[id_] for id_ in gap.figures.near if id_ in found]


def outcome_near(gap: Gap, course: Course) -> tuple[str, str] | None:
    """The learning outcome that the gap is nearest to, as (id, text): that of the nearest section, else the first of its unit."""
    for section in sections_near(gap, course):
        unit = course.units.get(section.unit)
        for wanted in (*section.outcomes, *(unit.outcomes if unit else ())):
            if wanted in course.outcomes:
                return wanted, course.outcomes[wanted].text
    return None


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
        "closed_itself": _("It closed itself: the course now answers every question."),
        "opened_again": _("It opened again: it was asked again since, and the course did not answer."),
    }.get(what, what)


def gap_rows(gaps: Sequence[Gap], course: Course) -> list[dict[str, Any]]:
    """Gaps as the files have them; of fewer than three conversations no number is given."""
    rows = []
    for gap in gaps:
        figures, outcome = gap.figures, outcome_near(gap, course)
        rows.append(
            {
                "id": gap.id,
                "title": figures.title,
                "status": gap.status,
                "owner": gap.owner,
                "note": gap.note,
                "score": round(figures.score, 2),
                "questions": figures.questions if figures.shown else None,
                "conversations": figures.conversations if figures.shown else f"<{FEWEST_CONVERSATIONS}",
                "trend": figures.trend,
                "first": figures.first[:10],
                "last": figures.last[:10],
                "nearest": list(figures.near),
                "outcome": outcome[0] if outcome else "",
            }
        )
    return rows


def gaps_csv(rows: Sequence[dict[str, Any]]) -> str:
    """The rows as comma-separated values that a spreadsheet opens; no cell is taken for a formula."""
    out = io.StringIO()
    names = list(rows[0]) if rows else ["id", "title", "status"]
    writer = csv.writer(out)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in names])
    return "\ufeff" + out.getvalue()


def _cell(value: Any) -> str:
    text = " ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
