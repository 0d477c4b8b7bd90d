"""Gaps as lines for a person, as JSON and as comma-separated values: a number only where three conversations or more stand behind it.

Knows nothing of how gaps are made or kept.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from assistant.gap_places import outcome_near, unit_near
from assistant.gaps import FEWEST_CONVERSATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.gap_store import Gap
    from corpus.course import Course

FORMAT = 1
_FEW = f"<{FEWEST_CONVERSATIONS}"


def gap_rows(gaps: Sequence[Gap], course: Course) -> list[dict[str, Any]]:
    """Gaps, the weightiest first, as files and JSON have them."""
    rows = []
    for rank, gap in enumerate(gaps, 1):
        figures, outcome = gap.figures, outcome_near(gap, course)
        rows.append(
            {
                "id": gap.id,
                "rank": rank,
                "title": figures.title,
                "status": gap.status,
                "owner": gap.owner,
                "note": gap.note,
                "score": round(figures.score, 2) if figures.shown else None,
                "questions": figures.questions if figures.shown else None,
                "conversations": figures.conversations if figures.shown else _FEW,
                "trend": figures.trend if figures.shown else None,
                "first": figures.first[:10] if figures.shown else None,
                "last": figures.last[:10] if figures.shown else None,
                "nearest": list(figures.near),
                "unit": unit_near(gap),
                "outcome": outcome[0] if outcome else "",
            }
        )
    return rows


def gaps_json(rows: Sequence[dict[str, Any]]) -> str:
    """The rows as JSON: `{"format", "gaps"}`."""
    return json.dumps({"format": FORMAT, "gaps": rows}, ensure_ascii=False, indent=1)


def gaps_csv(rows: Sequence[dict[str, Any]]) -> str:
    """The rows as comma-separated values that a spreadsheet opens; no cell is taken for a formula."""
    out = io.StringIO()
    names = list(rows[0]) if rows else ["id", "title", "status"]
    writer = csv.writer(out)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in names])
    return "\ufeff" + out.getvalue()


def gaps_text(rows: Sequence[dict[str, Any]]) -> str:
    """A line a gap: rank, how often, status, nearest unit and outcome, title. What trainees typed cannot steer a terminal."""
    lines = [
        f"{row['rank']:>4}  {row['questions'] or _FEW:>6} asked  {row['status']:8}  {row['unit'] or '-':5} {row['outcome'] or '-':7}  {plain(row['title'])}"
        for row in rows
    ]
    return "\n".join([*lines, f"{len(rows)} gaps, {sum(row['status'] in {'new', 'planned'} for row in rows)} of them open."])


def plain(text: str) -> str:
    """The text without characters that are not printed."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _cell(value: Any) -> str:
    text = " ".join(value) if isinstance(value, list) else "" if value is None else str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
