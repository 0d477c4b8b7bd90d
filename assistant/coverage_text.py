"""The coverage of outcomes as text, JSON or comma-separated values.

Knows nothing of how coverage is judged.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.coverage import OutcomeCoverage

FORMAT = 1
_COLUMNS = ("outcome", "unit", "verdict", "words", "facts", "questions", "rank", "chance", "sections", "text", "probes", "answered")


def coverage_text(rows: Sequence[OutcomeCoverage], form: str | None) -> str:
    """The rows as JSON (`form` "json"), as CSV ("csv"), or as lines for a person (None)."""
    if form == "json":
        return json.dumps({"format": FORMAT, "outcomes": [_record(row) for row in rows]}, ensure_ascii=False, indent=1)
    if form == "csv":
        out = io.StringIO()
        writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({**_record(row), "sections": " ".join(row.sections), "probes": len(row.probes)} for row in rows)
        return out.getvalue().rstrip("\n")
    counts = Counter(row.verdict for row in rows)
    lines = [f"{row.outcome.id:8} {row.verdict:8} {row.words:5} words  {row.facts:3} facts  {row.outcome.text}" for row in rows]
    return "\n".join([*lines, f"{len(rows)} outcomes: {counts['covered']} covered, {counts['thin']} thin, {counts['missing']} missing."])


def _record(row: OutcomeCoverage) -> dict[str, object]:
    return {
        "outcome": row.outcome.id,
        "unit": row.outcome.unit,
        "verdict": row.verdict,
        "words": row.words,
        "facts": row.facts,
        "questions": row.questions,
        "rank": row.rank,
        "chance": row.chance,
        "sections": list(row.sections),
        "text": row.outcome.text,
        "probes": [{"question": one.question, "rank": one.rank, "chance": one.chance, "answered": one.answered} for one in row.probes],
        "answered": row.answered,
    }
