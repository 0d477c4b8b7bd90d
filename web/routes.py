"""Routes whose addresses are put together only when they are asked for.

Werkzeug writes and compiles two functions for each route, a tenth of a second for all; a visit needs a few. Knows nothing of which routes
there are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from werkzeug.routing import Rule

if TYPE_CHECKING:
    from collections.abc import Callable


class Route(Rule):
    """A route; the functions that give its address are made at their first call."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002  # werkzeug's signature
        made = super()._compile_builder
        later: list[Callable[..., tuple[str, str]]] = []

        def build(route: Rule, **values: Any) -> tuple[str, str]:
            if not later:
                later.append(made(append_unknown))
            return later[0](route, **values)

        return build
