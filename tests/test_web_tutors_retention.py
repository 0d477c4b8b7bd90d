"""Questions are kept for so many days; and what the settings of the tutors' part may be."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest
from web_fakes import FakeAssistant, small_course

from assistant import NotCovered, Question
from assistant.journal import Journal
from web import create_app
from web.conversations import Conversations
from web.practice_store import Attempt, PracticeStore
from web.reading_store import ReadingStore
from web.services import Practice, Services
from web.settings import SettingError, Settings

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.coach import Coach


def test_what_is_older_than_the_period_is_gone_at_the_start(tmp_path: Path) -> None:
    """Events of the journal, conversations, practice and places alike; what is younger stays."""
    data, course = tmp_path / "data", small_course(tmp_path / "course")
    reply = NotCovered(Question("q", "q"), 0.1, ())
    journal, conversations = Journal(data / "journal.sqlite"), Conversations(data / "conversations.sqlite")
    long_ago = datetime.now(UTC) - timedelta(days=40)
    journal.record(reply, "old", now=long_ago)
    journal.record(reply, "new")
    conversations.keep("visitor", "old", reply)
    conversations.keep("visitor", "new", reply)
    with sqlite3.connect(data / "conversations.sqlite") as database:
        database.execute("UPDATE conversation SET started = ? WHERE id = 'old'", (long_ago.timestamp(),))
        database.execute("UPDATE turn SET asked = ? WHERE conversation = 'old'", (long_ago.timestamp(),))
    database.close()
    practice, reading = PracticeStore(data / "practice.sqlite"), ReadingStore(data / "reading.sqlite")
    for visitor, when in (("old", long_ago), ("new", datetime.now(UTC))):
        practice.keep_attempt(visitor, "q", Attempt("An answer."))
        reading.reached(visitor, "1.6")
        for path, change in ((practice.path, "UPDATE attempt SET at = ?"), (reading.path, "UPDATE place SET read = ?")):
            with sqlite3.connect(path) as database:
                database.execute(f"{change} WHERE visitor = ?", (when.timestamp(), visitor))
            database.close()
    coach = cast("Coach", None)
    collaborators = replace(Services.of(course, FakeAssistant(course), conversations, journal), practice=Practice(coach, practice))
    create_app(Settings(course=tmp_path, index=tmp_path, data=data, keep_days=30), collaborators)
    assert (practice.attempt("old", "q").answer, practice.attempt("new", "q").answer) == ("", "An answer.")
    assert (reading.last_read("old"), reading.last_read("new") is None) == (None, False)
    assert [event.body["question"] for event in journal.events()] == ["new"]
    assert conversations.read("visitor", "old") is None
    assert conversations.read("visitor", "new") is not None


@pytest.mark.parametrize(("name", "value"), [("keep_days", "0"), ("keep_days", "for ever"), ("proxy", "my-proxy")])
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    """The message names it."""
    with pytest.raises(SettingError, match=name):
        Settings.read({}, {f"GENOMICS_TUTOR_{name.upper()}": value})


def test_the_settings_of_the_tutors_part_are_read() -> None:
    """Two years and no proxy unless told otherwise."""
    assert (Settings.read({}, {}).keep_days, Settings.read({}, {}).proxy) == (730, "")
    told = Settings.read({}, {"GENOMICS_TUTOR_KEEP_DAYS": "90", "GENOMICS_TUTOR_PROXY": "127.0.0.1"})
    assert (told.keep_days, told.proxy) == (90, "127.0.0.1")


def test_a_file_that_cannot_be_read_keeps_the_others_from_nothing(tmp_path: Path) -> None:
    """What is too old goes from those that can."""
    data, course = tmp_path / "data", small_course(tmp_path / "course")
    data.mkdir()
    (data / "journal.sqlite").write_bytes(b"no database at all" * 100)
    conversations = Conversations(data / "conversations.sqlite")
    conversations.keep("visitor", "old", NotCovered(Question("q", "q"), 0.1, ()))
    with sqlite3.connect(conversations.path) as database:
        database.execute("UPDATE conversation SET started = 0")
        database.execute("UPDATE turn SET asked = 0")
    database.close()
    settings = Settings(course=tmp_path, index=tmp_path, data=data, keep_days=30)
    create_app(settings, Services.of(course, FakeAssistant(course), conversations, Journal(data / "journal.sqlite")))
    assert conversations.read("visitor", "old") is None
