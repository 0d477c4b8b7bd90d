"""The self-test finds each fault, says what to do, and touches no network; data of older formats are kept, of newer ones left alone."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from assistant.journal import Journal
from assistant.opening import open_assistant
from index import encoder as encoders
from web.cli import cli
from web.conversations import Conversations
from web.lab import data_version, machine_checks, program_checks
from web.lab.data_version import DataVersionError, check_data, claim_data
from web.lab.doctor import examine
from web.lab.findings import Finding, Words, fine
from web.lab.machine_checks import clock, disk, memory, port, writing
from web.lab.network import watched
from web.lab.program_checks import libraries
from web.practice_store import Attempt, PracticeStore
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant import Assistant

SAMPLES = {number: Path(__file__).parent / f"data_format_{number}" for number in range(1, data_version.FORMAT + 1)}
"""Data folders by their format, as `make_sample_data.py` wrote them when it was the newest."""
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def settings(four_units: Path, four_units_index: Path, assistant: Assistant, tmp_path: Path) -> Settings:
    """The four units, with a copy of their index that can be damaged, and a data folder of this test's own."""
    assert assistant.course.units
    index = shutil.copytree(four_units_index, tmp_path / "index")
    return Settings.read({"course": four_units, "index": index, "data": tmp_path / "data", "port": 0}, {})


def faults(settings: Settings, now: datetime | None = None) -> dict[str, str]:
    """The remedy of each fault found."""
    return {one.check: one.remedy for one in examine(settings, now).findings if one.state == "fault"}


def only(findings: Iterator[Finding]) -> Finding:
    """The one finding."""
    (found,) = findings
    return found


def sample_data(folder: Path, sample: Path) -> Path:
    """The data folder that an earlier program left."""
    folder.mkdir()
    for name in ("journal", "conversations", "practice"):
        with closing(sqlite3.connect(folder / f"{name}.sqlite")) as database:
            database.executescript((sample / f"{name}.sql").read_text(encoding="utf-8"))
    shutil.copy(sample / "version.json", folder / "version.json")
    return folder


def test_a_sound_installation_has_no_fault_and_touches_no_network(settings: Settings) -> None:
    """Encoder, index and answer are really looked at."""
    found = examine(settings)
    assert [one for one in found.findings if one.state == "fault"] == []
    assert found.attempts == ()
    assert {one.check for one in found.findings} >= {"encoder", "index", "question", "libraries", "disk", "clock", "network"}


def test_a_damaged_encoder_is_found(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is searched for with it."""
    folder = shutil.copytree(encoders.SHIPPED_ENCODER, tmp_path / "encoder")
    model = folder / "model.onnx"
    model.write_bytes(model.read_bytes()[:-1] + b"!")
    monkeypatch.setattr(encoders, "SHIPPED_ENCODER", folder)
    assert "nstall genomics-tutor again" in faults(settings)["encoder"]


def test_a_damaged_index_is_found_and_not_mended(settings: Settings) -> None:
    """The remedy names the command that mends it."""
    path = next(settings.index.glob("generation-*/vectors.faiss"))
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    assert "index build" in faults(settings)["index"]
    assert "index build" in faults(settings)["index"]


def test_a_course_that_was_edited_since_is_found(settings: Settings, four_units: Path, tmp_path: Path) -> None:
    """Its index is another course's."""
    course = shutil.copytree(four_units, tmp_path / "course")
    unit = next(course.rglob("*.md"))
    unit.write_text(unit.read_text(encoding="utf-8") + "\nOne sentence more.\n", encoding="utf-8")
    edited = Settings.read({"course": course, "index": settings.index, "data": settings.data, "port": 0}, {})
    assert "index build" in faults(edited)["index"]
    gone = Settings.read({"course": tmp_path / "nowhere", "index": settings.index, "data": settings.data, "port": 0}, {})
    assert "--course" in faults(gone)["course"]


def test_a_wrong_answer_is_found(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A known question without its known answer."""
    monkeypatch.setattr(program_checks, "QUESTION", "Who won the football match?")
    assert "index build" in faults(settings)["question"]


def test_a_course_without_the_known_question_must_find_its_own_first_sentence(tmp_path: Path) -> None:
    """So that any course can be looked at."""
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "tea.md").write_text(
        "# Tea\n\n## Green tea\n\nGreen tea is steamed soon after it is picked.\n", encoding="utf-8"
    )
    settings = Settings.read({"course": tmp_path / "course", "index": tmp_path / "index", "data": tmp_path, "port": 0}, {})
    open_assistant(settings)
    question = next(one for one in examine(settings).findings if one.check == "question")
    assert (question.state, question.told.startswith("“Green tea is steamed")) == ("fine", True)


def test_libraries_of_another_version_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the pins of a bundle where there are any, else by the allowed versions."""
    pins = tmp_path / "requirements.txt"
    pins.write_text("click==1.0 --hash=sha256:00\nnot-there==2.0 --hash=sha256:00\ngenomics-tutor==9 --hash=sha256:00\n", encoding="utf-8")
    found = only(libraries(pins))
    assert (found.state, "click" in found.told, "not-there is missing" in found.told) == ("fault", True, True)
    assert "genomics-tutor" not in found.told
    monkeypatch.setattr(program_checks, "requires", lambda _: ["click>=99", 'torch; extra == "build"'])
    assert only(libraries(tmp_path / "no pins")).told.count("not ") == 1


def test_a_disk_that_is_nearly_full_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a folder that need not exist yet."""
    assert disk(tmp_path / "a" / "b").state == "fine"
    monkeypatch.setattr(machine_checks, "LEAST_DISK", 10**18)
    assert (disk(tmp_path).state, "--data" in disk(tmp_path).remedy) == ("fault", True)


def test_a_folder_that_cannot_be_written_is_found(tmp_path: Path) -> None:
    """Here a file stands in its way."""
    assert writing(tmp_path / "new").state == "fine"
    assert list((tmp_path / "new").iterdir()) == []
    (tmp_path / "file").write_text("in the way")
    assert (writing(tmp_path / "file").state, "--data" in writing(tmp_path / "file").remedy) == ("fault", True)


def test_too_little_memory_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """And where it cannot be told, that is no fault."""
    monkeypatch.setattr(machine_checks, "free_memory", lambda: 10_000_000)
    assert (memory().state, "Close other programs" in memory().remedy) == ("fault", True)
    monkeypatch.setattr(machine_checks, "free_memory", lambda: None)
    assert memory().state == "unknown"


def test_a_clock_behind_the_journal_is_found(settings: Settings) -> None:
    """Or behind the course's last revision."""
    Journal(settings.data / "journal.sqlite").add("question", {}, now=datetime(2031, 1, 1, tzinfo=UTC))
    assert "Set the clock" in faults(settings, NOON)["clock"]
    assert clock(datetime(2031, 1, 1, tzinfo=UTC), [NOON]).state == "fine"
    assert clock(datetime(2001, 1, 1, tzinfo=UTC), [NOON]).state == "fault"


def test_a_port_that_another_program_has_is_found() -> None:
    """A free one is fine."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        taken.settimeout(5)
        number = taken.getsockname()[1]
        assert port("127.0.0.1", 0).state == "fine"
        found = port("127.0.0.1", number)
    assert (found.state, "--port 0" in found.remedy) == ("fault", True)
    assert port("127.0.0.1", number).state == "fine"


def test_a_damaged_database_is_found(settings: Settings) -> None:
    """Its fault names the file."""
    settings.data.mkdir()
    (settings.data / "conversations.sqlite").write_bytes(b"no database at all" * 100)
    assert "conversations.sqlite" in faults(settings)["database"]
    (settings.data / "conversations.sqlite").unlink()
    (settings.data / "practice.sqlite").mkdir()
    assert "practice.sqlite" in faults(settings)["database"]


def test_a_look_that_breaks_off_is_a_fault_and_the_others_go_on(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it was, it is told in a sentence."""
    monkeypatch.setattr(machine_checks, "free_memory", lambda: int("no number"))
    found = {one.check: one for one in examine(settings).findings}
    assert "ValueError" in found["memory"].told
    assert found["memory"].remedy
    assert [check for check, one in found.items() if one.state == "fault"] == ["memory"]
    assert "network" in found


def test_data_of_a_newer_program_are_found(settings: Settings) -> None:
    """With both versions."""
    settings.data.mkdir()
    (settings.data / "version.json").write_text(json.dumps({"format": 99, "program": "9.0", "written": "2026-11-22T12:00:00+00:00"}))
    assert "newer program" in faults(settings)["data"]


def test_an_attempt_to_reach_another_machine_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """By what Python itself reports; this machine's own addresses do not count."""

    def curious(_: Settings) -> Iterator[Finding]:
        sys.audit("socket.getaddrinfo", "example.org", 443, 0, 0, 0)
        sys.audit("socket.connect", None, ("192.0.2.7", 443))
        yield fine("search", Words("ok"))

    monkeypatch.setattr(program_checks, "search", curious)
    found = examine(settings)
    assert found.attempts == ("getaddrinfo example.org", "connect ('192.0.2.7', 443)")
    assert not found.sound
    with watched() as attempts:
        for address in (("127.0.0.1", 80), ("::1", 80, 0, 0), "/run/some.socket"):
            sys.audit("socket.connect", None, address)
        sys.audit("socket.getaddrinfo", "localhost", 80, 0, 0, 0)
    sys.audit("socket.connect", None, ("192.0.2.7", 443))
    assert attempts == []


def test_the_command_exits_with_3_and_each_remedy(settings: Settings) -> None:
    """As text and as JSON."""
    options = ["--course", str(settings.course), "--index", str(settings.index), "--data", str(settings.data)]
    settings.data.parent.mkdir(exist_ok=True)
    shutil.rmtree(next(settings.index.glob("generation-*")))
    shown = CliRunner().invoke(cli, [*options, "doctor"])
    assert shown.exit_code == 3
    assert "-> Build it with" in shown.output
    told = json.loads(CliRunner().invoke(cli, [*options, "doctor", "--json"]).output)
    assert (told["format"], told["sound"], told["network"]) == (1, False, [])
    assert all(one["remedy"] for one in told["findings"] if one["state"] == "fault")


@pytest.mark.parametrize("number", SAMPLES)
def test_data_of_every_format_are_read(tmp_path: Path, number: int) -> None:
    """Journal, conversations and practice as a program of that format wrote them, after this one has taken the folder over."""
    data = sample_data(tmp_path / "data", SAMPLES[number])
    assert check_data(data).format == number
    claim_data(data)
    events = Journal(data / "journal.sqlite").events()
    assert [event.body["state"] for event in events] == ["covered", "partly"]
    held = Conversations(data / "conversations.sqlite").read("a-visitor", "a-conversation")
    assert held
    assert [turn.event for turn in held.turns] == [event.id for event in events]
    assert "recessive" in held.turns[1].reply.question.asked
    practice = PracticeStore(data / "practice.sqlite")
    assert practice.attempt("a-visitor", "begun") == Attempt("Half an answer.", 1)
    assert 2 < practice.cards("a-visitor")["rated"].stability < 3
    assert len(practice.review_times("a-visitor", datetime(2026, 1, 1, tzinfo=UTC))) == 1
    assert practice.new_a_day("a-visitor") == 7
    assert check_data(data).program == data_version.program_version()


def test_a_folder_is_brought_forward_step_by_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the format it has to the newest; one without a version is of format 1."""
    steps: list[int] = []
    monkeypatch.setattr(data_version, "FORMAT", 3)
    monkeypatch.setattr(data_version, "MIGRATIONS", {1: lambda _: steps.append(1), 2: lambda _: steps.append(2)})
    claim_data(tmp_path / "data")
    claim_data(tmp_path / "data")
    assert steps == [1, 2]
    assert check_data(tmp_path / "data").format == 3


def test_what_a_killed_program_left_of_the_version_is_removed(tmp_path: Path) -> None:
    """By the next that serves over the folder, once an hour has gone by."""
    claim_data(tmp_path)
    (tmp_path / ".half.saving").write_text('{"form', encoding="utf-8")
    os.utime(tmp_path / ".half.saving", (0, 0))
    claim_data(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["version.json"]


@pytest.mark.parametrize("told", [{"format": 3, "program": "0.1.0"}, {"format": 1, "program": "99.0"}])
def test_a_downgrade_is_refused_with_the_reason(tmp_path: Path, told: dict[str, object]) -> None:
    """By every command that may touch the data, and nothing is written."""
    path = tmp_path / "version.json"
    path.write_text(json.dumps(told | {"written": "2026-11-22T12:00:00+00:00"}))
    before = path.read_bytes()
    with pytest.raises(DataVersionError, match="older program could damage them"):
        claim_data(tmp_path)
    done = CliRunner().invoke(cli, ["--data", str(tmp_path), "journal", "export"])
    assert (done.exit_code, f"genomics-tutor {told['program']}" in done.output) == (3, True)
    assert (path.read_bytes(), len(list(tmp_path.iterdir()))) == (before, 1)


def test_a_version_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """With what to do."""
    (tmp_path / "version.json").write_text("{half")
    with pytest.raises(DataVersionError, match=r"version\.json.*delete it"):
        check_data(tmp_path)
