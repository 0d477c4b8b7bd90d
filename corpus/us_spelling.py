"""US spellings and what UK English writes instead.

>>> known = frozenset({"tumour", "haemoglobin", "recognised"})
>>> [uk_spelling(word, known) for word in ("tumor", "hemoglobin", "recognized", "chemical", "size")]
['tumour', 'haemoglobin', 'recognised', '', '']

A rule may be broad, because its result counts only where that is a known word: “chaemical” is none. Knows nothing of words
that are wrong on both sides of the Atlantic.
"""

from __future__ import annotations

import re
from functools import lru_cache

_RIGHT_AS_THEY_ARE = frozenset({"prize", "prized", "prizes"})
"""Words that stand in UK English as they are, although a rule makes another word of them."""

_RULES = tuple(
    (re.compile(pattern), better)
    for pattern, better in (
        (r"(col|behavi|fav|flav|hon|lab|neighb|rum|tum|vap|vig|od|hum|harb)or", r"\1our"),
        (r"(cent|fib|lit|tit|theat|calib|spect|lust|kilomet|centimet|millimet)er(?=s?$)", r"\1re"),
        (r"centered", "centred"),
        (r"og(?=s?$)", "ogue"),
        (r"(defen|offen|preten)se(?=s?$)", r"\1ce"),
        (r"artifact", "artefact"),
        (r"gray", "grey"),
        (r"^aging$", "ageing"),
        (r"^mold", "mould"),
        (r"maneuver", "manoeuvre"),
        (r"aluminum", "aluminium"),
        (r"(enrol|fulfil|instil|distil)l(?=s?$|ment)", r"\1"),
        (r"(skil|wil)lful", r"\1ful"),
        (r"(counse|labe|mode|signa|cance|trave|channe|tunne|leve|tota|pane|fue)l(?=ed$|ing$|ors?$|ers?$)", r"\1ll"),
        (r"iz(?=e|ing|ation|able)", "is"),
        (r"yz(?=e|ing)", "ys"),
        (r"hem(?=e$|[aeo])", "haem"),
        (r"emi(?=as?$|c$)", "aemi"),
        (r"pedi(?=atr|c)", "paedi"),
        (r"gynec", "gynaec"),
        (r"cesarean", "caesarean"),
        (r"anesth", "anaesth"),
        (r"etiolog", "aetiolog"),
        (r"^fec(?=es$|al$)", "faec"),
        (r"^cec(?=um$|al$)", "caec"),
        (r"celiac", "coeliac"),
        (r"estrogen", "oestrogen"),
        (r"edema", "oedema"),
        (r"esophag", "oesophag"),
        (r"rrhea", "rrhoea"),
        (r"pnea", "pnoea"),
        (r"^paleo", "palaeo"),
        (r"pheochrom", "phaeochrom"),
    )
)


def uk_spelling(word: str, known: frozenset[str]) -> str:
    """How UK English writes a word that is spelt the US way; nothing for any other word. `known` are words known to be right."""
    plain = word.lower()
    if plain in _RIGHT_AS_THEY_ARE:
        return ""
    return next((spelt for spelt in _respelt(plain) if spelt in known), "")


@lru_cache(maxsize=1 << 16)
def _respelt(word: str) -> tuple[str, ...]:
    """What the rules make of a word, where they change it."""
    return tuple(spelt for pattern, better in _RULES if (spelt := pattern.sub(better, word)) != word)
