"""Questions made of a learning outcome's own words, to see whether the course answers what it says it teaches.

Knows nothing of how they are answered.
"""

from __future__ import annotations

import re

_ASKS = r"(?:how|why|when|what|which|whether|who|where)\b"
_PARTS = re.compile(rf"(?:,? and |[;,] )(?={_ASKS})")


def probe_questions(outcome: str) -> tuple[str, ...]:
    """One for what the outcome names and one for each thing that it asks of it: "Explain mosaicism and why it matters" gives two.

    An outcome begins with its verb, which is left out.
    """
    topic = re.sub(r"^\S+ (?:and \w+ )?", "", outcome.strip().rstrip("."))
    first, *further = (part.strip() for part in _PARTS.split(topic))
    if not first:
        return ()
    whole = f"{first[0].upper()}{first[1:]}?" if re.match(_ASKS, first) else f"What should a doctor know about {first}?"
    return (whole, *(f"{first[0].upper()}{first[1:]}: {part}?" for part in further))
