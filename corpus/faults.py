"""What a check of the course reports: a fault with its place and its remedy.

Knows nothing of the single checks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault of the course: `message` says what is wrong, `remedy` what to do. A warning alone does not fail the check."""

    file: str
    line: int
    message: str
    remedy: str
    severity: Severity = "error"

    def __str__(self) -> str:
        """One line, in the form that editors can open."""
        return f"{self.file}:{self.line}: {self.severity}: {self.message} {self.remedy}"
