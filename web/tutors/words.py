"""What the tutors' pages say of times and deeds, in the tutor's language.

Knows nothing of where they are noted.
"""

from __future__ import annotations

from datetime import UTC, datetime

from web.language import gettext as _
from web.language import shown_time


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
    }.get(action, "")
