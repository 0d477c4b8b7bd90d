"""Whether this process has reached out to a network: attempts to connect, send or look up a name, told by Python itself.

Sockets that compiled libraries open on their own are not seen; `tests/offline.sh` looks at those from outside. Knows nothing of why
anybody would connect.
"""

from __future__ import annotations

import ipaddress
import sys
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONNECTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOKS_UP = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
_watchers: list[list[str]] = []


@contextmanager
def watched() -> Iterator[list[str]]:
    """The attempts to reach another machine while the block runs, as "event address", in the order they were made."""
    _hook()
    attempts: list[str] = []
    _watchers.append(attempts)
    try:
        yield attempts
    finally:
        _watchers.remove(attempts)


@cache
def _hook() -> None:
    """Listen from now on; Python lets no audit hook be taken off again, so there is one, for good."""
    sys.addaudithook(_heard)


def _heard(event: str, given: tuple[object, ...]) -> None:
    if not _watchers or event not in _CONNECTS | _LOOKS_UP:
        return
    address = given[1] if event in _CONNECTS and len(given) > 1 else given[0]
    host = address[0] if isinstance(address, tuple) and address else address
    if not _stays_here(host):
        for attempts in _watchers:
            attempts.append(f"{event.removeprefix('socket.')} {address}")


def _stays_here(host: object) -> bool:
    """Whether an address is this machine's own: loopback, none, or a socket in the file system (which is no tuple of host and port)."""
    text = host.decode("utf-8", "replace") if isinstance(host, bytes) else str(host or "localhost")
    if text == "localhost" or text.startswith(("/", "\0")):
        return True
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False
