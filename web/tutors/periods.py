"""A stretch of days taken from an address: `?from=2026-11-01&to=2026-11-30`, or `?days=90`.

Knows nothing of what is counted in it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 3660
"""Days: ten years."""

_EARLIEST, _LATEST = date(2000, 1, 1), date(2999, 12, 31)


def today() -> date:
    """The day by the clock of the serving machine."""
    return datetime.now().astimezone().date()


def last_days(arguments: Mapping[str, str], otherwise: int) -> tuple[date, date]:
    """The days up to today that `days` asks for."""
    wanted = arguments.get("days", "")
    days = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 5 and 1 <= int(wanted) <= LONGEST else otherwise  # noqa: PLR2004
    return today() - timedelta(days=days - 1), today()


def between(arguments: Mapping[str, str]) -> tuple[date, date] | None:
    """The days that `from` and `to` name, this month so far where neither is given; None if they name no stretch of at most ten years."""
    if not arguments.get("from") and not arguments.get("to"):
        return today().replace(day=1), today()
    try:
        first = date.fromisoformat(arguments.get("from", ""))
        last = date.fromisoformat(arguments.get("to", ""))
    except ValueError:
        return None
    return (first, last) if _EARLIEST <= first <= last <= _LATEST and (last - first).days <= LONGEST else None
