"""What the tutors' pages say of times and deeds, in the tutor's language.

Knows nothing of where they are noted.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from web.language import gettext as _
from web.language import shown_time

if TYPE_CHECKING:
    from assistant.journal_complaint import Complaint


def moment(time: str) -> str:
    """A time (ISO 8601; UTC where it names no zone) as the clock of the serving machine shows it; a text that is no time as it stands."""
    try:
        read = datetime.fromisoformat(time)
    except ValueError:
        return time
    return shown_time((read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone())


def deed(action: str) -> str:
    """An action of the audit trail in words; empty for one that is not known here."""
    return {
        "account-added": _("made an account"),
        "account-removed": _("removed an account"),
        "password-changed": _("changed their password"),
        "password-reset": _("set a new password"),
        "journal-imported": _("took in a journal file"),
        "journal-exported": _("downloaded the journal"),
        "journal-purged": _("removed old questions"),
        "gaps-made": _("made the gaps anew"),
        "gap-change": _("changed a gap"),
        "gap-merge-with": _("merged two gaps"),
        "gap-split-off": _("split questions off a gap"),
        "gap-asked-again": _("asked a gap's questions again"),
        "gaps-asked-again": _("asked the questions of all open gaps again"),
        "answer saved": _("saved an answer"),
        "answer removed": _("took an answer away"),
        "unit saved": _("saved a unit"),
        "test question added": _("added a test question"),
        "test question removed": _("removed a test question"),
    }.get(action, "")


def complaint_words(complaint: Complaint) -> str:
    """What is wrong with a journal file."""
    values = {"number": complaint.number, "of": complaint.of}
    return {
        "no-journal": _(
            "The file is no exported journal; choose one that was downloaded here or that “genomics-tutor journal export” wrote."
        ),
        "newer": _("The file was written by a newer version; update genomics-tutor on this machine."),
        "unsealed": _("The file is not sealed with the course's key; export it on a machine that has the key."),
        "head": _("The first line of the file is not as it was written; export it again."),
        "other-key": _("The file is sealed with another key; give both machines the same key."),
        "line": _("Line %(number)s is no event of a journal, or not as it was written; it was left out.", **values),
        "more-lines": _("%(number)s more lines were left out.", **values),
        "cut-short": _("The file is cut short: %(number)s events were read and its end is missing; export it again.", **values),
        "missing": _("%(number)s of the %(of)s events of the file are missing; export it again.", **values),
    }[complaint.reason]


def state_words(state: str) -> str:
    """How a question went."""
    return {
        "covered": _("In the course"),
        "partly": _("Partly in the course"),
        "not_covered": _("Not in the course"),
        "boundary": _("About a real person"),
        "unreadable": _("Not readable"),
    }[state]


def verdict_words(verdict: str) -> str:
    """How an outcome is covered."""
    return {"covered": _("Covered"), "thin": _("Thin"), "missing": _("Missing")}[verdict]
