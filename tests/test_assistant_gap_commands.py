"""The command `gaps`: a list, made anew, asked again; fit for a timer at night."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from assistant import gap_making
from assistant.gap_store import GapStore
from assistant.gap_tending import GapChangedError, tend
from assistant.journal import Journal
from web.cli import cli

if TYPE_CHECKING:
    from pathlib import Path

    from assistant import Assistant


@pytest.fixture
def options(assistant: Assistant, four_units: Path, four_units_index: Path, tmp_path: Path) -> list[str]:
    """The options that name the four units, and a journal in which two things were asked in vain; the course answers one of them today."""
    assert assistant.course.units
    journal = Journal(tmp_path / "journal.sqlite")
    for number, question in enumerate(["What is penetrance?", "What does penetrance mean?", "penetrance", "How do I bake \x1b[31mbread?"]):
        body = {"question": question, "understood": question, "language": "en", "state": "not_covered", "conversation": str(number)}
        journal.add("question", body | {"cited": [], "nearest": ["1.6#penetrance/1"]})
    return ["--course", str(four_units), "--index", str(four_units_index), "--data", str(tmp_path)]


def run(options: list[str], *words: str) -> Any:
    return CliRunner().invoke(cli, [*options, "gaps", *words])


def test_gaps_are_made_and_listed_what_matters_most_first(options: list[str]) -> None:
    """A number is given only where three conversations asked, and what trainees typed cannot steer a terminal."""
    assert run(options).stdout == "0 gaps, 0 of them open.\n"
    made = run(options, "--make")
    assert (made.exit_code, "4 askings" in made.stderr) == (0, True)
    first, second, last = made.stdout.splitlines()
    assert first.split()[:2] == ["1", "3"]
    assert "1.6" in first
    assert "enetrance" in first
    assert ("<3" in second, "\x1b" in made.stdout) == (True, False)
    assert last == "2 gaps, 2 of them open."


def test_the_list_as_json_is_that_of_the_page(options: list[str]) -> None:
    told = json.loads(run(options, "--make", "--json").stdout)
    assert told["format"] == 1
    assert [(one["rank"], one["questions"], one["status"], one["unit"]) for one in told["gaps"]] == [
        (1, 3, "new", "1.6"),
        (2, None, "new", "1.6"),
    ]
    assert told["gaps"][0]["outcome"].startswith("1.6.")


def test_asked_again_a_gap_whose_questions_are_all_answered_closes_and_is_named(options: list[str]) -> None:
    """Once; the others stay open."""
    done = run(options, "--make", "--ask-again")
    assert done.exit_code == 0
    assert "Closed: " in done.stderr
    assert "1 of 2 open gaps closed." in done.stderr
    assert "answered" in done.stdout.splitlines()[0]
    again = run(options, "--make", "--ask-again")
    assert "0 of 1 open gaps closed." in again.stderr
    assert "answered" in again.stdout.splitlines()[0]


def test_what_a_tutor_decided_is_not_asked_again(options: list[str], tmp_path: Path) -> None:
    """A gap outside the course stays there."""
    run(options, "--make")
    store = GapStore(tmp_path / "gaps.sqlite")
    gap = store.gaps()[0]
    tend(store, gap.id, gap.revision, status="outside", owner="", note="", who="Wang Fang")
    assert "0 of 1 open gaps closed." in run(options, "--ask-again").stderr
    assert [one.status for one in store.gaps()] == ["outside", "new"]


def test_files_that_cannot_be_used_are_told_of(options: list[str], tmp_path: Path) -> None:
    """By exit status and sentence."""
    (tmp_path / "gaps.sqlite").write_bytes(b"not a database" * 100)
    told = run(options)
    assert (told.exit_code, "cannot be used" in told.stderr) == (3, True)


def test_tutors_who_are_quicker_are_not_overrun(options: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The command says so and leaves the gaps as they are."""

    def overtaken(*_: object, **__: object) -> None:
        raise GapChangedError(None)

    monkeypatch.setattr(gap_making, "make_gaps", overtaken)
    told = run(options, "--make")
    assert (told.exit_code, "run the command again" in told.stderr) == (1, True)


def test_a_purge_takes_the_questions_of_gaps_along(options: list[str], tmp_path: Path) -> None:
    """They are the same words."""
    run(options, "--make")
    assert CliRunner().invoke(cli, [*options, "journal", "purge", "--days", "0", "--yes"]).exit_code == 0
    with GapStore(tmp_path / "gaps.sqlite").open() as database:
        assert database.execute("SELECT count(*) FROM asked").fetchone() == (0,)
