"""What is wrong with a journal file, told in one sentence each.

Knows nothing of how a file is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reason = Literal["no-journal", "newer", "unsealed", "head", "other-key", "line", "more-lines", "cut-short", "missing"]

_SENTENCES: dict[Reason, str] = {
    "no-journal": "The file is no exported journal; give a file that “genomics-tutor journal export” wrote.",
    "newer": "The file was written by a newer version; update genomics-tutor on this machine.",
    "unsealed": "The file is not sealed with the course's key; export it on a machine that has the key, or import it with --unsealed.",
    "head": "The file has a head line that is not as it was written; export it again.",
    "other-key": "The file is sealed with another key; give both machines the same GENOMICS_TUTOR_JOURNAL_KEY.",
    "line": "Line {number} is no event of a journal, or not as it was written; it was left out.",
    "more-lines": "{number} more lines were left out.",
    "cut-short": "The file is cut short: {number} events were read and its end is missing; export it again.",
    "missing": "{number} of the {of} events of the file are missing; export it again.",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """A fault of a file. `number` is a line's, or how many it is about, `of` how many there should be; as text it is a sentence."""

    reason: Reason
    number: int = 0
    of: int = 0

    def __str__(self) -> str:
        """The fault and what to do."""
        return _SENTENCES[self.reason].format(number=self.number, of=self.of)
