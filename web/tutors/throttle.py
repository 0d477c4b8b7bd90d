"""Signing in slowed down: the more attempts fail, the longer the next one waits.

Each attempt counts against the name and against the address it came from, before it is looked at, so that attempts side by side gain nothing. A name
waits a minute at most, lest strangers keep a tutor out; an address waits a quarter of an hour. Kept in memory: a restart forgets. Knows nothing of
accounts: a name that nobody has is treated alike.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FREE = 5
"""Attempts that fail before the next one has to wait."""

LONGEST_FOR_NAME = 60.0
LONGEST_FOR_ADDRESS = 15 * 60.0
_FORGOTTEN_AFTER = 60 * 60.0
_MOST_KEPT = 10_000


@dataclass(slots=True)
class _Count:
    failures: int = 0
    since: float = 0.0


@dataclass(slots=True)
class Throttle:
    """Attempts counted by name and by address. `clock` gives seconds that never go back."""

    clock: Callable[[], float] = time.monotonic
    _counts: OrderedDict[tuple[str, str], _Count] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def attempt(self, name: str, address: str) -> int:
        """Count an attempt; 0 if it may be looked at, else how many seconds to wait before the next."""
        now = self.clock()
        with self._lock:
            counts = [self._count(("name", name.casefold()), now), self._count(("address", address), now)]
            waits = [
                count.since + _delay(count.failures, longest) - now
                for count, longest in zip(counts, (LONGEST_FOR_NAME, LONGEST_FOR_ADDRESS), strict=True)
            ]
            if max(waits) > 0:
                return math.ceil(max(waits))
            for count in counts:
                count.failures, count.since = count.failures + 1, now
            return 0

    def succeeded(self, name: str, address: str) -> None:
        """The attempt that was let through was right: the name starts afresh, the address is given this one back."""
        with self._lock:
            self._counts.pop(("name", name.casefold()), None)
            count = self._counts.get(("address", address))
            if count is not None:
                count.failures = max(0, count.failures - 1)

    def _count(self, key: tuple[str, str], now: float) -> _Count:
        count = self._counts.get(key)
        if count is None or now - count.since > _FORGOTTEN_AFTER:
            count = self._counts[key] = _Count(since=now)
        self._counts.move_to_end(key)
        while len(self._counts) > _MOST_KEPT:
            self._counts.popitem(last=False)
        return count


def _delay(failures: int, longest: float) -> float:
    """Seconds to wait after so many failures: 2, 4, 8 and so on."""
    return min(longest, 2.0 ** min(failures - FREE + 1, 20)) if failures >= FREE else 0.0
