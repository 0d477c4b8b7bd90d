"""Journals between machines: any order, twice over, cut short, altered, of an older version, sealed."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.journal import Event, Journal, stamp
from assistant.journal_file import JournalFile, write_journal
from web.cli import cli

FORMAT_1 = Path(__file__).parent / "journal_format_1.jsonl"
START = datetime(2026, 11, 20, 8, tzinfo=UTC)


def made(number: int, machine: int = 1, body: dict[str, Any] | None = None) -> Event:
    """An event of a machine."""
    time = stamp(START + timedelta(minutes=number))
    return Event(
        str(uuid.UUID(int=machine * 1000 + number)), str(uuid.UUID(int=machine)), time, "question", body or {"question": f"{number}?"}
    )


def written(events: list[Event], machine: int = 1, key: str = "") -> str:
    """A file that a machine writes."""
    out = io.StringIO()
    assert write_journal(out, events, str(uuid.UUID(int=machine)), key) == len(events)
    return out.getvalue()


def read(text: str, key: str = "", *, unsealed: bool = False) -> tuple[list[Event], list[str]]:
    """What is read from a file, and what is complained of."""
    file = JournalFile(io.StringIO(text), key, unsealed)
    return list(file.events()), [str(complaint) for complaint in file.complaints]


THREE = [made(number) for number in range(3)]
IDS = f'{{"id": "{uuid.UUID(int=1)}", "machine": "{uuid.UUID(int=2)}", '
SMALL_SETTINGS = settings(max_examples=40, deadline=None)
bodies = st.dictionaries(
    st.text(max_size=8),
    st.one_of(
        st.text(max_size=20), st.integers(-(2**53), 2**53), st.floats(allow_nan=False), st.none(), st.lists(st.text(max_size=5), max_size=3)
    ),
    max_size=4,
)


@given(st.lists(bodies, max_size=6), st.text(max_size=5))
def test_what_is_written_is_read(contents: list[dict[str, Any]], key: str) -> None:
    """Whatever the events hold, with and without a key."""
    events = [made(number, body=body or {"question": ""}) for number, body in enumerate(contents)]
    try:
        text = written(events, key=key)
        text.encode()
    except UnicodeEncodeError:
        return
    assert read(text, key) == (events, [])


@given(st.integers(0, 10_000))
def test_a_file_cut_anywhere_gives_its_whole_lines_and_says_so(at: int) -> None:
    """A cut never gives a wrong event, and never goes unnoticed, but for the last line's end."""
    text = written(THREE)
    at %= len(text)
    events, complaints = read(text[:at])
    whole = sum(
        text[:at].rstrip("}").count("\n") > 0 and len("".join(text.splitlines(keepends=True)[: n + 2]).rstrip("\n")) <= at for n in range(3)
    )
    assert events == THREE[:whole]
    assert bool(complaints) == (at < len(text) - 1)
    assert len(complaints) <= 2


@given(st.data())
def test_an_altered_file_gives_no_altered_event(data: st.DataObject) -> None:
    """One character changed anywhere: each event read is as it was written, and one line tells of the rest."""
    text = written(THREE)
    at = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(min_codepoint=32, max_codepoint=0x9FFF))
    changed = text[:at] + other + text[at + 1 :]
    events, complaints = read(changed)
    assert all(event in THREE for event in events)
    if events != THREE:
        assert complaints
        assert len(events) >= 1 or "\n" not in text[:at] or complaints


@given(st.permutations(range(5)), st.data())
def test_lines_in_another_order_or_twice_are_the_same_events(order: list[int], data: st.DataObject) -> None:
    """Each line answers for itself; one that is missing is counted."""
    events = [made(number) for number in range(5)]
    head, *lines, end = written(events).splitlines(keepends=True)
    twice = data.draw(st.lists(st.sampled_from(range(5)), max_size=3))
    found, complaints = read("".join([head, *(lines[n] for n in [*order, *twice]), end]))
    assert {event.id for event in found} == {event.id for event in events}
    assert complaints == []
    found, complaints = read("".join([head, *(lines[n] for n in order[:3]), end]))
    assert len(found) == 3
    assert complaints == ["2 of the 5 events of the file are missing; export it again."]


@SMALL_SETTINGS
@given(st.lists(st.sampled_from(range(3)), min_size=3, max_size=6).filter(lambda order: set(order) == {0, 1, 2}))
def test_files_of_many_machines_come_together_in_any_order(order: list[int]) -> None:
    """However often each is taken, and although they overlap: every event once, the same journal."""
    mine = [[made(number, machine) for number in range(4)] for machine in (1, 2, 3)]
    files = [written(mine[0], 1), written(mine[1] + mine[0], 2), written(mine[2], 3)]
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "j.sqlite")
        for which in order:
            file = JournalFile(io.StringIO(files[which]))
            journal.take(file.events(), file.machines)
            assert file.complaints == []
        assert sorted(event.id for event in journal.events()) == sorted(event.id for events in mine for event in events)
        assert {one.id for one in journal.machines()} >= {str(uuid.UUID(int=machine)) for machine in (1, 2, 3)}


def test_the_format_of_today_is_read_for_ever() -> None:
    """A file of format 1 as it was written then; cut short, it gives what it holds."""
    text = FORMAT_1.read_text(encoding="utf-8")
    events, complaints = read(text)
    assert [event.body["question"] for event in events] == [
        "What is penetrance?",
        "成都检测价格 [telephone]",
        "Who pays for exome sequencing?",
    ]
    assert complaints == []
    events, complaints = read(text[:-30])
    assert len(events) == 2
    assert complaints == ["Line 4 is no event of a journal, or not as it was written; it was left out."]


@pytest.mark.parametrize(
    "head",
    [
        "",
        "no json\n",
        "[]\n",
        '{"journal": "other", "format": 1}\n',
        '{"journal": "genomics-tutor", "format": 99}\n',
        '{"journal": "genomics-tutor"}\n',
        "[" * 5000,
    ],
)
def test_what_is_no_journal_is_refused_in_one_sentence(head: str) -> None:
    """Whatever it is."""
    events, complaints = read(head + json.dumps({"id": "x"}))
    assert (events, len(complaints)) == ([], 1)


@pytest.mark.parametrize(
    "line",
    [
        '{"id": 1}',
        "[" * 20_000,
        "x" * 200_000,
        IDS + '"time": "0001-01-01T00:00:00+14:00", "kind": "q", "body": {}}',
        IDS + '"time": "2026-11-22", "kind": "q", "body": {"a": "\\ud800"}}',
        IDS + '"time": "2026-11-22", "kind": "<b>", "body": {}}',
        IDS + '"time": "2026-11-22", "kind": "q", "body": []}',
    ],
)
def test_a_line_that_is_no_event_is_left_out_and_the_rest_taken(line: str) -> None:
    """Nested without end, endless, of no day, of halves of characters, of no kind, of no body."""
    head, *rest = FORMAT_1.read_text(encoding="utf-8").splitlines(keepends=True)
    events, complaints = read("".join([head, rest[0], line, "\n", *rest[1:]]))
    assert len(events) == 3
    assert complaints == ["Line 3 is no event of a journal, or not as it was written; it was left out."]


def test_a_flood_of_faults_is_told_in_a_few_lines() -> None:
    """Twenty, and how many more."""
    _, complaints = read(FORMAT_1.read_text(encoding="utf-8") + "junk\n" * 500)
    assert len(complaints) == 21
    assert complaints[-1] == "480 more lines were left out."


def test_a_key_proves_where_a_file_comes_from() -> None:
    """With a key: files of another key or of none are refused, altered lines left out although their check was made anew; without one: read."""
    sealed = written(THREE, key="course key")
    assert read(sealed, "course key") == (THREE, [])
    assert read(sealed) == (THREE, [])
    for text, words in (
        (written(THREE, key="another"), "another key"),
        (written(THREE), "not sealed"),
        (FORMAT_1.read_text("utf-8"), "not sealed"),
    ):
        events, complaints = read(text, "course key")
        assert (events, words in complaints[0], len(complaints)) == ([], True, 1)
    assert read(written(THREE), "course key", unsealed=True) == (THREE, [])
    forged = written([made(0, body={"question": "forged"}), *THREE[1:]], key="guessed").splitlines(keepends=True)
    mixed = "".join([sealed.splitlines(keepends=True)[0], forged[1], *sealed.splitlines(keepends=True)[2:]])
    events, complaints = read(mixed, "course key")
    assert events == THREE[1:]
    assert complaints == ["Line 2 is no event of a journal, or not as it was written; it was left out."]


def test_an_event_dated_ahead_is_kept_and_told_by_the_time_it_was_taken(tmp_path: Path) -> None:
    """A clock that is wrong by years: the event stays, is flagged, and goes when its time of taking is too old."""
    journal = Journal(tmp_path / "j.sqlite")
    future = Event(str(uuid.UUID(int=7)), str(uuid.UUID(int=9)), stamp(START + timedelta(days=4000)), "question", {"question": "later?"})
    assert journal.take([future, made(1)], now=START + timedelta(days=1)) == (2, 0)
    first, second = journal.events()
    assert (first.dated_ahead, second.dated_ahead) == (False, True)
    assert second.when == stamp(START + timedelta(days=1))
    assert [machine.ahead for machine in journal.machines() if machine.id == future.machine] == [1]
    assert journal.purge(START + timedelta(days=2)) == 2


def test_a_journal_of_the_first_version_is_opened(tmp_path: Path) -> None:
    """Its table has no column for when an event was taken."""
    with closing(sqlite3.connect(tmp_path / "j.sqlite")) as database, database:
        database.execute(
            "CREATE TABLE event (id TEXT PRIMARY KEY, machine TEXT NOT NULL, time TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL) STRICT"
        )
        database.execute("INSERT INTO event VALUES ('a', 'b', '2026-11-20T08:00:00.000+00:00', 'question', '{}')")
    (event,) = Journal(tmp_path / "j.sqlite").events()
    assert (event.taken, event.dated_ahead) == ("", False)


def test_a_reader_that_fails_leaves_nothing_half_taken(tmp_path: Path) -> None:
    """All events of a file or none."""
    journal = Journal(tmp_path / "j.sqlite")

    def failing() -> Any:
        yield made(1)
        message = "the disk is gone"
        raise OSError(message)

    with pytest.raises(OSError, match="the disk is gone"):
        journal.take(failing())
    assert journal.events() == []


def test_a_stick_pulled_out_while_it_is_read_gives_what_was_read() -> None:
    """The disk's error is the end of the file, and is told as such."""

    class Pulled(io.StringIO):
        def readline(self, size: int | None = -1, /) -> str:
            if self.tell() > len(self.getvalue()) // 2:
                message = "Input/output error"
                raise OSError(message)
            return super().readline(size)

    file = JournalFile(Pulled(written(THREE)))
    events = list(file.events())
    assert events == THREE[: len(events)]
    assert 0 < len(events) < 3
    assert [complaint.reason for complaint in file.complaints] == ["cut-short"]


def test_the_commands_carry_journals(tmp_path: Path) -> None:
    """Export with a key, import many files at once: faults in one line each, the others taken, status 1."""
    one, two, good, bad = tmp_path / "one", tmp_path / "two", tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    Journal(one / "journal.sqlite").take(THREE)
    run = CliRunner().invoke
    environment = {"GENOMICS_TUTOR_JOURNAL_KEY": "course key"}
    assert run(cli, ["--data", str(one), "journal", "export", str(good)], env=environment).exit_code == 0
    bad.write_text("no journal", encoding="utf-8")
    result = run(cli, ["--data", str(two), "journal", "import", str(bad), str(good), str(good)], env=environment)
    assert result.exit_code == 1
    told = result.stderr.splitlines()
    assert "bad.jsonl: The file is no exported journal" in told[0]
    assert told[2].endswith("good.jsonl: 3 events taken, 0 known already.")
    assert told[3].endswith("good.jsonl: 0 events taken, 3 known already.")
    assert Journal(two / "journal.sqlite").events() == THREE
