"""A report on a period as JSON and as comma-separated values.

Counts of fewer than three conversations are left out and marked. Knows nothing of pages.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypedDict, get_args

from assistant.coverage import Verdict
from assistant.usage import STATES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.coverage import OutcomeCoverage
    from assistant.usage import Count, Usage
    from web.tutors.gap_report import ReportedGaps

FORMAT = 1
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Report:
    """A period: its use, the coverage of the outcomes as it is now (None while it is being worked out), its gaps (None where nobody keeps them, or before they were put together)."""

    used: Usage
    coverage: Sequence[OutcomeCoverage] | None
    gaps: ReportedGaps | None


class CountBody(TypedDict):
    """Questions as a program reads them; whatever is None is so because too few conversations stand behind it."""

    name: str
    questions: int | None
    conversations: int | None
    states: Mapping[str, int | None] | None


def report_body(report: Report) -> dict[str, object]:
    """The report as plain JSON values."""
    used = report.used
    return {
        "format": FORMAT,
        "from": used.first.isoformat(),
        "to": used.last.isoformat(),
        "total": _body("total", used.total),
        "modules": [_body(module, count) for module, count in used.modules],
        "steps": [_body(start.isoformat(), count) for start, count in used.steps],
        "coverage": dict(_verdicts(report.coverage)) if report.coverage is not None else None,
        "gaps": asdict(report.gaps) if report.gaps is not None else None,
    }


def report_csv(report: Report) -> str:
    """The report as rows: what kind of row, its name, and its figures, empty where too few conversations stand behind them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["kind", "name", "questions", "conversations", *STATES])
    used = report.used
    counts = [("total", f"{used.first} to {used.last}", used.total)]
    counts += [("module", module or "none", count) for module, count in used.modules]
    counts += [("month" if used.monthly else "week", start.isoformat(), count) for start, count in used.steps]
    for kind, name, count in counts:
        body = _body(name, count)
        states = body["states"]
        writer.writerow(
            [kind, name, body["questions"], body["conversations"], *([states[state] for state in STATES] if states else [""] * len(STATES))]
        )
    for verdict, number in _verdicts(report.coverage or ()).items():
        writer.writerow(["outcomes", verdict, number, "", *[""] * len(STATES)])
    for kind, gaps in (("open gap", report.gaps.top), ("closed gap", report.gaps.closed)) if report.gaps else ():
        for gap in gaps:
            writer.writerow([kind, _no_formula(gap.title), gap.questions, "", *[""] * len(STATES)])
    return out.getvalue()


def _body(name: str, count: Count) -> CountBody:
    if count.hidden:
        return {"name": name, "questions": None, "conversations": None, "states": None}
    return {"name": name, "questions": count.questions, "conversations": count.conversations, "states": dict(count.states)}


def _verdicts(rows: Sequence[OutcomeCoverage]) -> dict[str, int]:
    found = Counter(row.verdict for row in rows)
    return {verdict: found[verdict] for verdict in get_args(Verdict)}


def _no_formula(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
