"""Passages of different units that say nearly the same, looked for in the background: encoding them takes the better part of a minute.

Knows nothing of how passages are compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus import passages_of
from index.near_duplicates import near_duplicates
from web import services
from web.tutors.refreshing import Refreshing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Flask

    from index.near_duplicates import NearDuplicate


class Comparing:
    """The near duplicates of the course in use, once they have been asked for. Safe to use from many threads."""

    def __init__(self, app: Flask) -> None:
        """Of this app's course."""
        self._app = app
        self._found: tuple[str, Sequence[NearDuplicate]] | None = None
        self.work = Refreshing(self._compare)

    def found(self, course: str) -> Sequence[NearDuplicate] | None:
        """The near duplicates of the course with this digest; None if nobody has looked for them."""
        found = self._found
        return found[1] if found is not None and found[0] == course else None

    def _compare(self) -> None:
        held = services.services_of(self._app)
        if held.taught is not None:
            self._found = (held.course.digest, near_duplicates(passages_of(held.course), held.taught.encoder))
