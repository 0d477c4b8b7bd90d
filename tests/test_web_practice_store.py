"""What was practised is kept: whole, for its visitor alone, whatever happens in between."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from web import practice_store
from web.practice_store import Attempt, PracticeStore, PracticeStoreError

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SHOWN = Attempt("An answer.", 1, shown=True)


@pytest.fixture
def store(tmp_path: Path) -> PracticeStore:
    """A store whose file does not exist yet."""
    return PracticeStore(tmp_path / "data" / "practice.sqlite")


def test_reading_makes_no_file(store: PracticeStore) -> None:
    """A visitor who never practised has nothing."""
    assert store.cards("a") == {}
    assert store.attempt("a", "q") == Attempt()
    assert store.new_since("a", NOW) == 0
    assert store.new_a_day("a") == 10
    assert not store.path.exists()


def test_an_answer_is_rated_once(store: PracticeStore) -> None:
    """After its model answer was shown; a form sent twice, or too early, changes nothing."""
    store.keep_attempt("a", "q", Attempt("An answer."))
    assert not store.rate("a", "q", "good", NOW)
    store.keep_attempt("a", "q", SHOWN)
    assert store.rate("a", "q", "good", NOW)
    assert not store.rate("a", "q", "good", NOW)
    (card,) = store.cards("a").values()
    assert card.last == NOW < card.due
    assert store.review_times("a", NOW) == [NOW]
    assert store.attempt("a", "q") == Attempt()


def test_an_answer_is_settled_once_the_model_answer_was_shown(store: PracticeStore) -> None:
    """Nobody improves an answer after having read the right one; a hint taken is never given back."""
    store.keep_attempt("a", "q", Attempt("First.", 2))
    store.keep_attempt("a", "q", Attempt("Second.", 1))
    assert store.attempt("a", "q") == Attempt("Second.", 2)
    store.keep_attempt("a", "q", Attempt("Third.", 2, shown=True))
    store.keep_attempt("a", "q", Attempt("Fourth.", 3))
    assert store.attempt("a", "q") == Attempt("Third.", 2, shown=True)


def test_marks_of_identity_are_not_kept(store: PracticeStore) -> None:
    """As in the journal."""
    store.keep_attempt("a", "q", Attempt("Ring 13800138000."))
    assert "13800138000" not in store.attempt("a", "q").answer


def test_only_first_reviews_count_as_new(store: PracticeStore) -> None:
    """And only those of the day."""
    for key, when in (("q", NOW - timedelta(days=1)), ("q", NOW), ("r", NOW)):
        store.keep_attempt("a", key, SHOWN)
        store.rate("a", key, "again", when)
    assert store.new_since("a", NOW) == 1
    assert store.new_since("a", NOW - timedelta(days=1)) == 2


def test_visitors_are_apart_and_a_reset_is_one_visitors(store: PracticeStore) -> None:
    """Cards, reviews and answers of another stay; so does the setting."""
    for visitor in ("a", "b"):
        store.keep_attempt(visitor, "q", SHOWN)
        store.rate(visitor, "q", "good", NOW)
        store.set_new_a_day(visitor, 1000)
    store.reset("a")
    assert store.cards("a") == {}
    assert store.review_times("a", NOW) == []
    assert len(store.cards("b")) == 1
    assert store.new_a_day("a") == store.new_a_day("b") == 100


def practised(store: PracticeStore, visitor: str, when: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """A question rated and another begun at a time, by a visitor who wants five new ones a day."""
    monkeypatch.setattr("web.practice_store.time.time", when.timestamp)
    store.keep_attempt(visitor, "q", SHOWN)
    store.rate(visitor, "q", "good", when)
    store.keep_attempt(visitor, "r", Attempt("Begun on the ward."))
    store.set_new_a_day(visitor, 5)


def test_what_is_too_old_is_removed_for_good(store: PracticeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cards, reviews, answers and what the visitor wanted; whoever practised since keeps all of it."""
    assert store.purge(NOW) == 0
    assert not store.path.exists()
    practised(store, "old", NOW - timedelta(days=40), monkeypatch)
    practised(store, "new", NOW, monkeypatch)
    assert store.purge(NOW - timedelta(days=30)) == 3
    assert (store.cards("old"), store.review_times("old", NOW - timedelta(days=90)), store.attempt("old", "r")) == ({}, [], Attempt())
    assert (store.new_a_day("old"), store.new_a_day("new")) == (10, 5)
    assert (len(store.cards("new")), store.attempt("new", "r").answer) == (1, "Begun on the ward.")


def test_an_answer_that_is_still_worked_on_is_not_old(store: PracticeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts from when it was last written."""
    practised(store, "a", NOW - timedelta(days=40), monkeypatch)
    monkeypatch.setattr("web.practice_store.time.time", NOW.timestamp)
    store.keep_attempt("a", "r", Attempt("Begun on the ward, finished at home."))
    store.purge(NOW - timedelta(days=30))
    assert store.attempt("a", "r").answer.endswith("home.")
    assert (store.cards("a"), store.new_a_day("a")) == ({}, 5)


KILLED = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from web import practice_store
from web.practice_store import Attempt, PracticeStore

store = PracticeStore(Path(sys.argv[1]))
store.keep_attempt("a", "q", Attempt("An answer.", 0, shown=True))
practice_store.reviewed = lambda *_: os._exit(9)
store.rate("a", "q", "good", datetime.now(UTC))
"""


def test_a_server_killed_between_two_writes_has_rated_nothing(store: PracticeStore) -> None:
    """The answer was taken away and the card not yet written: both are as before, and the rating can be given again."""
    done = subprocess.run([sys.executable, "-c", KILLED, str(store.path)], check=False, capture_output=True)
    assert done.returncode == 9, done.stderr
    assert store.cards("a") == {}
    assert store.attempt("a", "q").shown
    assert store.rate("a", "q", "good", NOW)


def test_a_fault_between_two_writes_leaves_things_as_they_were(store: PracticeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is half rated."""
    store.keep_attempt("a", "q", SHOWN)

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError

    monkeypatch.setattr(practice_store, "reviewed", fail)
    with pytest.raises(PracticeStoreError, match="has room"):
        store.rate("a", "q", "good", NOW)
    assert store.attempt("a", "q").shown


def test_a_file_of_a_later_version_is_left_alone(store: PracticeStore) -> None:
    """One sentence says what to do."""
    store.set_new_a_day("a", 5)
    with sqlite3.connect(store.path) as database:
        database.execute("PRAGMA user_version = 9")
    database.close()
    with pytest.raises(PracticeStoreError, match="format 9"):
        store.cards("a")


def test_a_file_that_is_no_database_is_told_of(store: PracticeStore) -> None:
    """And not written over."""
    store.path.parent.mkdir()
    store.path.write_bytes(b"something else entirely, long enough to be looked at as a header of a database")
    with pytest.raises(PracticeStoreError, match="cannot be kept"):
        store.set_new_a_day("a", 5)
    assert store.path.read_bytes().startswith(b"something else")
