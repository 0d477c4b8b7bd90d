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
