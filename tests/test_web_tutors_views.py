"""What tutors read: overview, coverage, reports; and what they are not told."""

from __future__ import annotations

import csv
import html
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tutor_fakes import signed_in
from web_fakes import FakeAssistant, fake_app, small_course

from assistant.coverage import outcome_coverage
from assistant.journal import Event, Journal
from assistant.usage import Asking, askings, usage
from corpus.course import Outcome
from web.tutors.charts import columns, matrix
from web.tutors.coverage_keeper import CoverageKeeper
from web.tutors.gap_report import ReportedGap, ReportedGaps, report_gaps_with

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flask import Flask

    from corpus import Course

MONDAY = date(2026, 11, 16)


class ProbedAssistant(FakeAssistant):
    """A fake that finds the first section for whatever it is probed with; its course has three outcomes."""

    def __init__(self, course: Course) -> None:
        """Over a course of whose outcomes one is marked and found, one marked nowhere, one of a unit without text."""
        super().__init__(course)
        first = course.units["1.6"]
        marked = replace(first.sections[0], outcomes=("1.6.a",))
        units = {**course.units, "1.6": replace(first, sections=(marked, *first.sections[1:]))}
        outcomes = {key: Outcome(key, key[:3], f"Outcome {key} <b>") for key in ("1.6.a", "1.6.b", "1.7.a")}
        self.course = replace(course, units=units, outcomes=outcomes)

    def probe(self, text: str) -> tuple[tuple[str, ...], float]:  # noqa: ARG002  (an assistant's interface)
        """The first section."""
        return ("1.6#autosomal-dominant",), 0.9


def asking(day: date, state: str = "covered", module: str = "1", conversation: str = "a") -> Asking:
    """A question."""
    return Asking(day, state, module, conversation)


def keep(app: Flask, data: Path, questions: Sequence[tuple[str, str, str]], days_ago: int = 0) -> Journal:
    """Put questions (state, passage, conversation) into the app's journal."""
    assert app
    journal, time = Journal(data / "journal.sqlite"), datetime.now(UTC) - timedelta(days=days_ago)
    for state, passage, conversation in questions:
        cited, nearest = ([], [passage]) if state == "not_covered" else ([passage], [])
        journal.add(
            "question",
            {"question": "secret words", "state": state, "cited": cited, "nearest": nearest, "conversation": conversation},
            now=time,
        )
    return journal


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The pages over the small course, with a journal."""
    return fake_app(tmp_path, journal=True)


def test_questions_are_counted_by_module_state_and_week() -> None:
    """Each once; a week without any is there all the same."""
    asked = [asking(MONDAY, conversation=str(n)) for n in range(3)]
    asked += [asking(MONDAY + timedelta(days=15), "not_covered", "2", str(n)) for n in range(4)]
    asked += [asking(MONDAY - timedelta(days=1)), asking(MONDAY + timedelta(days=16))]
    used = usage(asked, MONDAY, MONDAY + timedelta(days=15), ["1", "2"])
    assert (used.total.questions, used.total.conversations) == (7, 4)
    assert [(module, count.questions) for module, count in used.modules] == [("1", 3), ("2", 4), ("", 0)]
    assert [count.questions for _, count in used.steps] == [3, 0, 4]
    assert dict(used.modules)["2"].states == {"covered": 0, "partly": 0, "not_covered": 4, "boundary": 0, "unreadable": 0}


def test_a_long_period_is_told_by_the_month() -> None:
    """Months without gaps over the turn of a year."""
    used = usage([], date(2025, 11, 2), date(2026, 6, 1), [])
    assert used.monthly
    assert [start.month for start, _ in used.steps] == [11, 12, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(("conversations", "hidden"), [("", False), ("a", True), ("ab", True), ("aaaab", True), ("abc", False)])
def test_fewer_than_three_conversations_are_hidden(conversations: str, hidden: bool) -> None:  # noqa: FBT001
    """However many questions they asked; nothing at all is nothing to hide."""
    used = usage([asking(MONDAY, conversation=one) for one in conversations], MONDAY, MONDAY, ["1"])
    assert used.total.hidden is hidden
    assert all(not column.bars for column in columns(used.steps).columns) is (hidden or not conversations)


def test_an_outcome_that_few_conversations_had_is_not_told() -> None:
    """Nor can it be worked out within its row: the smallest other is left out with it; the drawing has both in one piece."""
    asked = [asking(MONDAY, "covered", conversation=f"c{n}") for n in range(9)] + [
        asking(MONDAY, "partly", conversation=f"p{n}") for n in range(4)
    ]
    asked += [asking(MONDAY, "boundary", conversation="c1")]
    total = usage(asked, MONDAY, MONDAY, ["1"]).total
    assert total.states == {"covered": 9, "partly": None, "not_covered": 0, "boundary": None, "unreadable": 0}
    assert (total.questions, total.untold) == (14, 5)
    (column,) = columns([(MONDAY, total)]).columns
    assert [bar.state for bar in column.bars] == ["covered", "few"]


def test_the_module_is_the_one_most_cited_or_the_nearest(tmp_path: Path) -> None:
    """And none where no passage tells; events of other kinds and states are no questions."""

    def event(number: int, body: dict[str, object], kind: str = "question") -> Event:
        return Event(str(number), "m", "2026-11-20T08:00:00+00:00", kind, body)

    found = askings(
        [
            event(1, {"state": "covered", "cited": ["1.6#a/1", "2.4#b/1", "2.4#b/2"], "nearest": []}),
            event(2, {"state": "not_covered", "cited": [], "nearest": ["1.7#c/1", "2.4#b/1"]}),
            event(3, {"state": "not_covered", "cited": None, "nearest": [7]}),
            event(4, {"state": "odd"}),
            event(5, {"state": "covered"}, "gap"),
        ],
        small_course(tmp_path),
    )
    assert [one.module for one in found] == ["2", "1", ""]


def test_the_overview_shows_counts_and_never_words(app: Flask, tmp_path: Path) -> None:
    """By state and module; a module of too few conversations is told as such."""
    keep(app, tmp_path / "data", [("covered", "1.6#a/1", str(n)) for n in range(5)] + [("not_covered", "2.4#b/1", "5")] * 4)
    keep(app, tmp_path / "data", [("partly", "1.6#a/1", str(n)) for n in range(3)])
    page = signed_in(app).get("/tutor/?days=28").text
    assert "secret words" not in page
    assert "<dd>12</dd>" in page
    assert page.count('class="few"') >= 1
    assert "Genomics of common and rare disorders" in page


def test_a_period_of_two_conversations_is_not_shown(app: Flask, tmp_path: Path) -> None:
    """The page says so; neither page nor file holds a number of it."""
    keep(app, tmp_path / "data", [("covered", "1.6#a/1", "x")] * 37 + [("covered", "1.6#a/1", "y")] * 4)
    client = signed_in(app)
    for path in ("/tutor/", "/tutor/reports/"):
        page = client.get(path).text
        assert "Fewer than 3 conversations stand behind this period" in page
        assert "41" not in page.partition('<main id="ui_main"')[2].partition("Machines")[0]
    body = client.get("/tutor/reports/period.json").get_json()
    assert body["total"] == {"name": "total", "questions": None, "conversations": None, "states": None}
    assert "41" not in client.get("/tutor/reports/period.csv").text


def test_an_empty_journal_is_told(app: Flask) -> None:
    """On each page, in words."""
    client = signed_in(app)
    for path in ("/tutor/", "/tutor/reports/"):
        assert "No question was asked in this period." in client.get(path).text


@pytest.mark.parametrize("query", ["days=0", "days=x", "days=99999", "days=-3", "days=٣"])
def test_an_odd_number_of_days_is_ninety(app: Flask, query: str) -> None:
    """No address makes the page fail."""
    page = signed_in(app).get(f"/tutor/?{query}")
    assert page.status_code == 200
    assert '<a href="/tutor/?days=90" aria-current="true">' in page.text


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-11-30&to=2026-11-01",
        "from=2026-11-01",
        "from=x&to=y",
        "from=0001-01-01&to=9999-12-31",
        "from=9999-12-01&to=9999-12-31",
        "from=0001-01-01&to=0001-01-31",
    ],
)
def test_days_that_are_no_period_are_told(app: Flask, query: str) -> None:
    """In one sentence, for the page and for the files."""
    client = signed_in(app)
    for path in ("/tutor/reports/", "/tutor/reports/period.csv", "/tutor/reports/period.json"):
        sent = client.get(f"{path}?{query}", headers={"Accept": "text/html"})
        assert sent.status_code == 400
        assert "no two days in order" in sent.text
    assert client.get("/tutor/reports/period.exe").status_code == 404


def test_a_report_is_the_same_on_the_page_and_in_both_files(app: Flask, tmp_path: Path) -> None:
    """Counts, and the gaps that whoever keeps them tells of; a title that a spreadsheet would reckon is made harmless."""
    keep(app, tmp_path / "data", [("covered", "1.6#a/1", str(n)) for n in range(6)])
    asked: list[tuple[date, date]] = []

    def gaps(first: date, last: date) -> ReportedGaps:
        asked.append((first, last))
        return ReportedGaps((ReportedGap("=HYPERLINK(1) <i>", "/tutor/gaps/1", 4),), (ReportedGap("Cost of tests", "/tutor/gaps/2", 3),))

    report_gaps_with(app, gaps)
    client, today = signed_in(app), datetime.now(UTC).astimezone().date()
    period = {"from": (today - timedelta(days=2)).isoformat(), "to": today.isoformat()}
    page = client.get("/tutor/reports/", query_string=period).text
    assert "6 questions · 6 conversations" in page
    assert "=HYPERLINK(1) &lt;i&gt;" in page
    assert "Cost of tests" in page
    body = client.get("/tutor/reports/period.json", query_string=period).get_json()
    assert (body["format"], body["total"]["questions"], body["gaps"]["closed"][0]["title"]) == (1, 6, "Cost of tests")
    text = client.get("/tutor/reports/period.csv", query_string=period).text
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0]["questions"] == "6"
    assert [row["name"] for row in rows if row["kind"] == "open gap"] == ["'=HYPERLINK(1) <i>"]
    assert asked == [(today - timedelta(days=2), today)] * 3
    assert "=HYPERLINK(1) &lt;i&gt;" in client.get("/tutor/").text


def probed_app(tmp_path: Path) -> tuple[Flask, ProbedAssistant]:
    """The pages over an assistant that can be probed."""
    app = fake_app(tmp_path, journal=True)
    services = app.extensions["genomics-tutor"]
    assistant = ProbedAssistant(services.course)
    app.extensions["genomics-tutor"] = replace(services, course=assistant.course, assistant=assistant)
    return app, assistant


def test_coverage_is_worked_out_in_the_background_and_shown(tmp_path: Path) -> None:
    """No page waits; once it is there: verdicts, evidence that leads into the reader, files, and the figure on the overview."""
    app, _ = probed_app(tmp_path)
    client = signed_in(app)
    assert client.get("/tutor/coverage/").status_code == 200
    app.extensions["genomics-tutor coverage"].wait(30)
    page = client.get("/tutor/coverage/").text
    assert 'href="/course/1.6#autosomal-dominant"' in page
    assert "Outcome 1.6.a &lt;b&gt;" in page
    assert page.count('class="is-covered"') >= 3
    assert page.count('class="is-missing"') >= 4
    missing = client.get("/tutor/coverage/?show=missing").text
    assert "Outcome 1.6.a" not in missing
    assert "Outcome 1.7.a" in missing
    assert client.get("/tutor/coverage/outcomes.json").get_json()["outcomes"][0]["verdict"] == "covered"
    asked = client.get("/tutor/coverage/outcomes.json").get_json()["outcomes"][0]
    assert (asked["answered"], len(asked["probes"])) == (len(asked["probes"]), asked["questions"] + 1)
    assert asked["probes"][0]["question"] in html.unescape(page)
    assert client.get("/tutor/coverage/outcomes.csv").text.startswith("outcome,unit,verdict")
    assert client.get("/tutor/coverage/outcomes.exe").status_code == 404
    assert "<small> / 3</small>" in client.get("/tutor/").text
    assert "Outcome 1.7.a" in client.get("/tutor/reports/").text


def test_coverage_is_worked_out_once_for_a_course_and_again_for_a_changed_one(tmp_path: Path) -> None:
    """And tried again after a failure."""
    keeper, assistant = CoverageKeeper(), ProbedAssistant(small_course(tmp_path))
    assert keeper.rows(assistant) is None
    keeper.wait(30)
    first = keeper.rows(assistant)
    assert first is not None
    assert keeper.rows(assistant) is first
    assistant.course = replace(assistant.course, digest="changed", outcomes={})
    keeper.rows(assistant)
    keeper.wait(30)
    assert keeper.rows(assistant) == []


def test_coverage_that_fails_is_told_in_the_log_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that is looked at again begins anew."""
    keeper, assistant = CoverageKeeper(), ProbedAssistant(small_course(tmp_path))
    with monkeypatch.context() as patched:
        patched.setattr("web.tutors.coverage_keeper.outcome_coverage", lambda _: 1 / 0)
        keeper.rows(assistant)
        keeper.wait(30)
    keeper.rows(assistant)
    keeper.wait(30)
    rows = keeper.rows(assistant)
    assert rows is not None
    assert [row.verdict for row in rows] == ["covered", "missing", "missing"]


def test_the_matrix_has_a_square_for_each_outcome(tmp_path: Path) -> None:
    """Inside the drawing, none upon another."""
    assistant = ProbedAssistant(small_course(tmp_path))
    drawn = matrix(assistant.course, outcome_coverage(assistant))
    squares = [square for row in drawn.rows for cell in row.cells for square in cell.squares]
    assert [id_ for *_, id_ in squares] == ["1.6.a", "1.6.b", "1.7.a"]
    assert len({(x, y) for x, y, *_ in squares}) == 3
    assert all(0 <= x < drawn.width and 0 <= y < drawn.height for x, y, *_ in squares)


def test_without_an_assistant_coverage_says_so(tmp_path: Path) -> None:
    """And the overview goes on."""
    client = signed_in(fake_app(tmp_path, assistant=False))
    assert client.get("/tutor/coverage/").status_code == 503
    assert client.get("/tutor/").status_code == 200
