"""The app served by waitress, with a thread for each streaming reader.

Knows nothing of what the app serves.
"""

from __future__ import annotations

import errno
import os
import socket
from typing import TYPE_CHECKING, Any

import waitress

from web.threads import GrowingThreads
from web.tracing import configure_logging

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

_CONNECTIONS = 1000
_LARGEST_REQUEST = 33 * 1024 * 1024
"""Bytes read before a request is cut off; above the app's own limits (a tutor's upload has the largest), so that the app can answer with a sentence."""


class PortInUseError(OSError):
    """Another program has the port; the message says to choose another one."""


class AddressError(OSError):
    """The host is no address of this machine; the message says which to use."""


def serve(  # noqa: PLR0913  (what a person can set, one by one)
    app: Flask, host: str, port: int, *, threads: int = 256, proxy: str = "", ready: Callable[[str, Callable[[], None]], None] | None = None
) -> None:
    """Serve until interrupted. What a proxy at the address `proxy` says of https and of the sender is believed. `ready` is called with the address once connections are taken, and with what ends serving from any thread.

    Raises PortInUseError or AddressError before anything is served.
    """
    with _bound(host, port) as listener:
        watched: dict[int, Any] = {}  # when there is nothing to watch any more, `run` returns
        server = waitress.create_server(
            app,
            watched,
            sockets=[listener],
            _dispatcher=GrowingThreads(threads),
            connection_limit=_CONNECTIONS,
            asyncore_use_poll=os.name == "posix",
            max_request_body_size=_LARGEST_REQUEST,
            ident=None,
            clear_untrusted_proxy_headers=True,
            **_trusting(proxy),
        )
        configure_logging()
        if ready is not None:
            ready(_address(host, listener.getsockname()[1]), lambda: server.trigger.pull_trigger(watched.clear))
        server.run()
        if not watched:  # ended by a thread; interrupted, it has ended its threads itself
            server.task_dispatcher.shutdown()  # first, since a thread may be about to write to what wakes the loop
            server.close()


def _trusting(proxy: str) -> dict[str, object]:
    return {"trusted_proxy": proxy, "trusted_proxy_count": 1, "trusted_proxy_headers": "x-forwarded-for x-forwarded-proto"} if proxy else {}


def _bound(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=_CONNECTIONS)
    except (OSError, ValueError) as error:
        raise _plain(error, host, port) from error


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104  (compared with, not bound to)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def _plain(error: OSError | ValueError, host: str, port: int) -> OSError:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return PortInUseError(f"Port {port} is in use by another program; choose another with --port {port + 1}.")
    if number == errno.EACCES:
        return PortInUseError(f"Port {port} may not be opened by this user; choose one above 1023, such as --port 8000.")
    if number == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror | ValueError):
        return AddressError(f"{host} is no address of this machine; use --host 127.0.0.1, or --host 0.0.0.0 to serve other machines.")
    return AddressError(f"The pages cannot be served at {host}:{port} ({error}); choose another --host or --port.")
