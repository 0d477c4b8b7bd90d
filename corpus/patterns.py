"""Regular expressions compiled when they are first used: what a start does not look for, it does not compile.

>>> digits = pattern(r"[0-9]+")
>>> digits.findall("1 in 400")
['1', '400']

Python keeps no compiled expression between runs; the longer ones of this program take a tenth of a second together. Knows nothing of what
is looked for.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "sub", "subn", "split")


class _Pattern:
    """Has nothing but what it is made from until one of its methods is asked for; afterwards the methods of what was compiled."""

    def __init__(self, expression: str, flags: int) -> None:
        self._made_from = (expression, flags)

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(*self._made_from)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)


def pattern(expression: str, flags: int = 0) -> re.Pattern[str]:
    """As `re.compile`, later; what is no expression raises re.error at its first use."""
    return cast(re.Pattern[str], _Pattern(expression, flags))
