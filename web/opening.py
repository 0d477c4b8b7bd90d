"""What is opened beside the pages: the course can be read at once, and what needs the assistant waits until it is there.

Knows nothing of what is opened.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from web.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_WAIT = 60.0
"""Seconds that a request waits before it is told that there is no assistant now: many times what opening takes, unless an index is built anew."""

_Whole = TypeVar("_Whole")
_Part = TypeVar("_Part")


class Opening(Generic[_Whole]):
    """Something that takes a while to open. Safe to use from many threads."""

    def __init__(self, open_: Callable[[], _Whole]) -> None:
        """`open_` is called once, by `now` or in the thread of `begin`."""
        self._open = open_
        self._opened: Future[_Whole] = Future()

    def now(self) -> None:
        """Open it at once. Raises whatever opening does."""
        self._opened.set_result(self._open())

    def begin(self, use: Callable[[_Whole], None], failed: Callable[[], None]) -> None:
        """Open it in a thread, if it is not open yet, and have it used; `failed` is called there where either goes wrong."""
        threading.Thread(target=self._run, args=(use, failed), name="opening", daemon=True).start()

    def check(self) -> None:
        """Raise what went wrong, if anything has."""
        if self._opened.done():
            self._opened.result()

    def part(self, of: Callable[[_Whole], _Part]) -> _Part:
        """A part of what is opened, before it is: whoever asks anything of it waits, at most `LONGEST_WAIT`, and is told a Problem if that was in vain."""
        return cast(_Part, _Awaited(self._opened, of))

    def _run(self, use: Callable[[_Whole], None], failed: Callable[[], None]) -> None:
        if self._opened.done():
            use(self._opened.result())
            return
        try:
            opened = self._open()
            use(opened)
        except BaseException as error:  # noqa: BLE001  # `check` raises it where it can be told
            self._opened.set_exception(error)
            failed()
        else:
            self._opened.set_result(opened)


class _Awaited:
    """Stands for a part of what is being opened."""

    def __init__(self, opened: Future[Any], of: Callable[[Any], object]) -> None:
        self._opened = opened
        self._of = of

    def __getattr__(self, name: str) -> Any:
        try:
            whole = self._opened.result(LONGEST_WAIT)
        except Exception as error:  # whatever it is, the command that opened it tells
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable") from error
        return getattr(self._of(whole), name)
