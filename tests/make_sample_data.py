"""Write the sample data folder of the format that this program writes, as SQL that people can read.

    python tests/make_sample_data.py tests/data_format_1

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
        folder.mkdir(exist_ok=True)
        for name in ("journal", "conversations"):
            with closing(sqlite3.connect(data / f"{name}.sqlite")) as database:
                (folder / f"{name}.sql").write_text("\n".join(database.iterdump()) + "\n", encoding="utf-8")
        (folder / "version.json").write_bytes((data / "version.json").read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
