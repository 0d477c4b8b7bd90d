"""What a look at the installation found. Knows nothing of what is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["fine", "fault", "unknown"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `remedy` says what to do about a fault, and is empty otherwise."""

    check: str
    state: State
    told: str
    remedy: str = ""


def fine(check: str, told: str) -> Finding:
    """It is as it should be."""
    return Finding(check, "fine", told)


def fault(check: str, told: str, remedy: str) -> Finding:
    """It is not as it should be, and this is what to do."""
    return Finding(check, "fault", told, remedy)


def unknown(check: str, told: str) -> Finding:
    """It could not be looked at, which is no fault."""
    return Finding(check, "unknown", told)
