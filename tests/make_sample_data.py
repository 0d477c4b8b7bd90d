"""Write the sample data folder of the format that this program writes, as SQL that people can read.

    python tests/make_sample_data.py tests/data_format_2

Run once for a format, when it is new; later programs must go on reading what stands there.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from web_fakes import FakeAssistant, small_course

from assistant.journal import Journal
from web.conversations import Conversations
from web.lab.data_version import claim_data
from web.practice_store import Attempt, PracticeStore

ASKED = ("What is the risk to each child in dominant inheritance?", "and in recessive inheritance? partly")
WHEN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def main(folder: Path) -> None:
    """Write the folder."""
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(scratch) / "data"
        claim_data(data, WHEN)
        assistant = FakeAssistant(small_course(Path(scratch)))
        journal, conversations = Journal(data / "journal.sqlite"), Conversations(data / "conversations.sqlite")
        for minute, asked in enumerate(ASKED):
            reply = assistant.ask(asked)
            event = journal.record(reply, asked, conversation="0123456789abcdef", now=WHEN.replace(minute=minute))
            conversations.keep("a-visitor", "a-conversation", reply, event)
        practise(PracticeStore(data / "practice.sqlite"))
        folder.mkdir(exist_ok=True)
        for name in ("journal", "conversations", "practice"):
            with closing(sqlite3.connect(data / f"{name}.sqlite")) as database:
                (version,) = database.execute("PRAGMA user_version").fetchone()  # which a dump leaves out
                lines = [*database.iterdump(), f"PRAGMA user_version = {version};"]
                (folder / f"{name}.sql").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (folder / "version.json").write_bytes((data / "version.json").read_bytes())


def practise(store: PracticeStore) -> None:
    """A question that was rated, an answer that was begun, and a number of new questions a day."""
    store.keep_attempt("a-visitor", "rated", Attempt("An answer.", shown=True))
    store.rate("a-visitor", "rated", "good", WHEN)
    store.keep_attempt("a-visitor", "begun", Attempt("Half an answer.", 1))
    store.set_new_a_day("a-visitor", 7)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
