"""Test questions: graded by state, section and terms; runs kept; better and worse told with since when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from assistant.golden import MOST_RUNS, Golden, GoldenFaultError, GoldenQuestion, grade, standings
from web.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

    from assistant import Assistant

PENETRANCE = "What is incomplete penetrance?"


@pytest.fixture
def golden(tmp_path: Path) -> Golden:
    """A store that has no file yet."""
    return Golden(tmp_path / "data" / "golden.sqlite")


def asked(question: str = PENETRANCE, section: str = "", terms: tuple[str, ...] = ()) -> GoldenQuestion:
    return GoldenQuestion("1", question, section, terms)


def test_a_question_passes_by_state_section_and_terms(assistant: Assistant) -> None:
    reply = assistant.ask(PENETRANCE)
    assert grade(asked(), reply).passed
    assert grade(asked(section="1.6", terms=("PENETRANCE",)), reply).passed
    assert not grade(asked(section="2.8"), reply).passed
    assert grade(asked(terms=("penetrance", "qwertzuiop")), reply).missing == ("qwertzuiop",)
    assert not grade(asked(), assistant.ask("How do I bake sourdough bread?")).passed


def test_a_run_is_kept_and_tells_better_worse_and_since_when(golden: Golden, assistant: Assistant) -> None:
    assert golden.run(assistant, "first") is None
    kept = golden.add(PENETRANCE, "1.6", ["penetrance"])
    first = golden.run(assistant, "first")
    assert first is not None
    assert [one.change for one in standings([kept], golden.runs())] == [""]

    class Silent:
        def ask(self, _question: str):
            return assistant.ask("How do I bake sourdough bread?")

    golden.run(Silent(), "second")
    golden.run(Silent(), "second")
    runs = golden.runs()
    (now,) = standings(golden.questions(), runs)
    assert (now.change, now.since) == ("", runs[1].time)
    assert standings(golden.questions(), runs[1:])[0].change == "worse"
    golden.run(assistant, "third")
    (now,) = standings(golden.questions(), golden.runs())
    assert (now.change, now.since) == ("better", golden.runs()[0].time)
    assert [run.course for run in golden.runs()] == ["third", "second", "second", "first"]


def test_old_runs_are_dropped(golden: Golden, assistant: Assistant) -> None:
    reply = assistant.ask(PENETRANCE)

    class Quick:
        def ask(self, _question: str):
            return reply

    golden.add(PENETRANCE)
    for _ in range(MOST_RUNS + 3):
        golden.run(Quick(), "course")
    assert len(golden.runs()) == MOST_RUNS


@pytest.mark.parametrize(
    ("question", "terms", "fault"),
    [(" ", [], "no-question"), ("Q" * 2001, [], "too-long"), ("Q", ["t" * 201], "too-long"), ("Q", list("abcdefghijklmno"), "too-many")],
)
def test_what_cannot_be_kept_is_refused(golden: Golden, question: str, terms: list[str], fault: str) -> None:
    with pytest.raises(GoldenFaultError) as refused:
        golden.add(question, "", terms)
    assert refused.value.fault == fault
    assert golden.questions() == []


def test_the_command_exits_with_1_if_any_question_fails(
    assistant: Assistant, four_units: Path, four_units_index: Path, tmp_path: Path
) -> None:
    assert assistant is not None
    options = ["--course", str(four_units), "--index", str(four_units_index), "--data", str(tmp_path), "golden", "run"]
    golden = Golden(tmp_path / "golden.sqlite")
    golden.add(PENETRANCE, "1.6")
    assert CliRunner().invoke(cli, options).exit_code == 0
    golden.add("How do I bake sourdough bread?")
    told = CliRunner().invoke(cli, [*options, "--json"])
    assert told.exit_code == 1
    assert [one["passed"] for one in json.loads(told.stdout)["questions"]] == [True, False]


def test_a_question_is_added_from_the_command_line(assistant: Assistant, four_units: Path, four_units_index: Path, tmp_path: Path) -> None:
    """With the section and the terms that it must find; what cannot be kept is said in a sentence."""
    assert assistant is not None
    options = ["--course", str(four_units), "--index", str(four_units_index), "--data", str(tmp_path), "golden"]
    told = CliRunner().invoke(
        cli, [*options, "add", PENETRANCE, "--section", "1.6#penetrance", "--term", "penetrance", "--term", "carriers"]
    )
    assert told.exit_code == 0, told.stderr
    assert Golden(tmp_path / "golden.sqlite").questions() == [
        GoldenQuestion(told.stdout.strip(), PENETRANCE, "1.6#penetrance", ("penetrance", "carriers"))
    ]
    for words, said in (
        ([PENETRANCE, "--section", "9.9#nowhere"], "no section or unit 9.9#nowhere"),
        ([" "], "no question"),
        (["Q" * 2001], "too long"),
        ([PENETRANCE, *["--term", "t"] * 1, *(word for number in range(12) for word in ("--term", f"t{number}"))], "too many"),
    ):
        refused = CliRunner().invoke(cli, [*options, "add", *words])
        assert (refused.exit_code, said in refused.stderr) == (2, True), refused.stderr
    assert len(Golden(tmp_path / "golden.sqlite").questions()) == 1


def test_the_command_tells_of_a_file_that_cannot_be_used(
    assistant: Assistant, four_units: Path, four_units_index: Path, tmp_path: Path
) -> None:
    assert assistant is not None
    (tmp_path / "golden.sqlite").write_bytes(b"not a database" * 100)
    options = ["--course", str(four_units), "--index", str(four_units_index), "--data", str(tmp_path), "golden", "run"]
    told = CliRunner().invoke(cli, options)
    assert told.exit_code == 3
    assert "cannot be used" in told.stderr


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course of one unit, of a test's own."""
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "unit.md").write_text(UNIT.format("Penetrance is the share of carriers who show the phenotype."))
    return tmp_path / "course"


UNIT = "# Inheritance\n\n## Penetrance\n\n{}\n\n## Mosaicism\n\nMosaicism means that one person has cells of two genotypes.\n"


def ran(course: Path, *words: str) -> tuple[int, str]:
    """Exit status and standard error of a command over the course, without the line that says that the index is being built."""
    options = ["--course", str(course), "--index", str(course.parent / "index"), "--data", str(course.parent / "data")]
    told = CliRunner().invoke(cli, [*options, *words])
    return told.exit_code, "".join(line for line in told.stderr.splitlines(keepends=True) if not line.startswith("Building the index"))


def test_the_questions_are_asked_by_whatever_command_renews_the_index(course: Path, golden: Golden) -> None:
    """`index build`, and a command that finds the course changed; the runs tell better and worse, and a command that renews nothing keeps none."""
    kept = golden.add("What does mosaicism mean?", terms=["mosaicism"])
    golden.add("What is penetrance?", terms=["carriers"])
    assert ran(course, "index", "build") == (0, "The index is new; 2 of 2 test questions pass: 0 got worse, 0 better.\n")
    (course / "unit.md").write_text(UNIT.format("Penetrance is the share of people who show it."))
    told = "The index is new; 1 of 2 test questions pass: 1 got worse, 0 better.\n"
    assert ran(course, "ask", "What is penetrance?")[1] == told
    assert ran(course, "ask", "What is penetrance?")[1] == ""
    (course / "unit.md").write_text(UNIT.format("Penetrance is the share of carriers who show the phenotype."))
    assert ran(course, "search", "penetrance") == (0, "The index is new; 2 of 2 test questions pass: 0 got worse, 1 better.\n")
    runs = golden.runs()
    assert len(runs) == 3
    assert len({run.course for run in runs}) == 2
    assert [one.change for one in standings(golden.questions(), runs) if one.question != kept] == ["better"]


def test_a_new_index_is_not_made_to_fail_by_the_questions(course: Path, golden: Golden) -> None:
    """Without questions nothing is said; a file that cannot be used is told, and the command ends as it would have."""
    assert ran(course, "index", "build") == (0, "")
    assert golden.runs() == []
    (course.parent / "data").mkdir(exist_ok=True)
    (course.parent / "data" / "golden.sqlite").write_bytes(b"not a database" * 100)
    status, told = ran(course, "index", "build")
    assert status == 0
    assert told.startswith("The test questions were not asked: ")
    assert told.count("\n") == 1


def test_a_run_of_another_course_is_behind(golden: Golden, assistant: Assistant) -> None:
    assert not golden.is_behind("first")
    golden.add(PENETRANCE)
    golden.run(assistant, "first")
    assert not golden.is_behind("first")
    assert golden.is_behind("second")
