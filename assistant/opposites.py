"""Whether a clause says the opposite of another: low for high, maternal for paternal, or a plain "not".

An encoder cannot tell: sentences that differ in such a word lie close together. Knows nothing of how alike they are otherwise.
"""

from __future__ import annotations

import re

_PAIRS = (
    ("low lower lowers reduced reduces decreased decreases decrease falls fall", "high higher raised raises increased increases increase rises rise"),
    ("more", "less fewer"),
    ("maternal maternally mother mothers", "paternal paternally father fathers"),
    ("dominant", "recessive"),
    ("male males man men boy boys son sons", "female females woman women girl girls daughter daughters"),
    ("cis", "trans"),
    ("gain", "loss"),
    ("duplication duplications", "deletion deletions"),
    ("before", "after"),
    ("homozygous", "heterozygous"),
    ("early", "late"),
    ("benign", "pathogenic"),
    ("somatic", "germline"),
    ("same", "different"),
    ("longer", "shorter"),
)  # fmt: skip
_SIDES = {word: (number, side) for number, pair in enumerate(_PAIRS) for side, words in enumerate(pair) for word in words.split()}
_WORD = re.compile(r"[a-z']+")
_NOT = re.compile(r"\b(?:not|no|never|cannot|neither|nor|without|none)\b|n't\b", re.IGNORECASE)
_LESS = re.compile(
    r"\b(?:absent|absence|lack\w*|free|exclu\w+|fail\w*|miss\w*|stopped|avoid\w*|escape\w*|only|instead|rather|unlikely|unable|impossible|unaffected|healthy|prohibit\w*|forbid\w*|withh\w+|refus\w+|decline\w*|normal)\b",
    re.IGNORECASE,
)


def contradicted(point: str, clause: str, whole: str) -> tuple[str, str] | None:
    """The word of `point` and the word of `clause` that deny each other, or None. `whole` is the answer that the clause stands in.

    Empty words stand for a "not" that one of the two has and the other lacks, however it may be put.
    """
    ours, theirs, all_theirs = _sides(point), _sides(clause), _sides(whole)
    for (number, side), word in ours.items():
        other = theirs.get((number, 1 - side))
        if other and (number, side) not in all_theirs and (number, 1 - side) not in ours:
            return word, other
    if _NOT.search(point) and not _NOT.search(whole) and not _LESS.search(whole):
        return "not", ""
    if _NOT.search(clause) and not _NOT.search(point) and not _LESS.search(point):
        return "", "not"
    return None


def _sides(text: str) -> dict[tuple[int, int], str]:
    return {_SIDES[word]: word for word in reversed(_WORD.findall(text.casefold())) if word in _SIDES}
