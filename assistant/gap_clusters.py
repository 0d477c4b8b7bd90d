"""Questions that are one gap, put together by what they are about; what a tutor has put together or taken apart stays so.

Texts with the same telling words are one bundle at once. Bundles are then joined by average linkage over what their words share and how
near their phrases lie in meaning. Texts that are held by a gap never leave it, and gaps that hold texts never flow together.

Knows nothing of who asked, or how often, or how a gap is called.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from assistant.gap_subjects import Subject

TOGETHER_FROM = 0.5
"""The likeness (0 to 1) from which bundles are one gap; between gaps the average of all pairs counts. Chosen on the simulated term of seed 1."""

_WORDS_SHARE = 0.55
_UNNAMED_WORDS_SHARE = 0.35
_APART = 1e12
_AT_ONCE = 256
_LARGEST_COMPONENT = 3000
_TIGHTER = 0.1
_SLIPS_IN = ((5, 1), (9, 2))
"""From how many letters a strange word may differ by how many slips from one that is asked oftener."""


@dataclass(frozen=True, slots=True)
class Text:
    """A distinct question: its key, what it says, what it is about, and how often it was asked."""

    key: str
    text: str
    subject: Subject
    count: int


@dataclass(frozen=True, slots=True)
class _Bundle:
    """Texts about the same words, all free or all held by one gap."""

    texts: tuple[Text, ...]
    held: str

    @property
    def subject(self) -> Subject:
        return self.texts[0].subject


@dataclass(frozen=True, slots=True)
class _Space:
    """Where bundles lie: their words, the meaning of their phrases (unit rows), and which are about a name.

    `words` has for each bundle its words with their weights, the squares of which add up to 1; `bearers` has for each word the bundles
    that have it, with the same weights.
    """

    words: Sequence[Mapping[str, float]]
    bearers: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float32]]]
    meaning: NDArray[np.float32]
    named: NDArray[np.bool_]

    def likeness(self, rows: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.float32]:
        """How like the bundles `rows` are to `others`, 0 to 1: shape (rows, others)."""
        shared = self._words_shared(rows, others)
        near = np.clip(self.meaning[rows] @ self.meaning[others].T, 0, 1)
        both = self.named[rows, None] & self.named[None, others]
        share = np.where(both, _WORDS_SHARE, _UNNAMED_WORDS_SHARE).astype(np.float32)
        return np.asarray(np.clip(share * shared + (1 - share) * near, 0, 1), np.float32)

    def _words_shared(self, rows: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.float32]:
        """The cosine of the words of `rows` and `others`. Nearly all words are rare: their bearers are fewer than a product would visit."""
        column = np.full(len(self.words), -1, np.int64)
        column[others] = np.arange(len(others))
        shared = np.zeros((len(rows), len(others)), np.float32)
        for at, row in enumerate(rows):
            for word, weight in self.words[row].items():
                bearers, weights = self.bearers[word]
                columns = column[bearers]
                asked_for = columns >= 0
                shared[at, columns[asked_for]] += weight * weights[asked_for]
        return shared


def spelling_by_majority(counts: Mapping[str, int], usual: Mapping[str, int] | None = None) -> dict[str, str]:
    """How a strange word (how often each is asked: `counts`) is spelt by most: {word: the commoner word}, all in lower case.

    The commoner word differs by a slip; it is another strange one, or one of `usual`, words of the language or the course, which begins and ends alike.
    """
    usual = usual or {}
    total = {**usual, **counts}
    known: dict[int, list[str]] = defaultdict(list)
    repaired: dict[str, str] = {}
    for word, count in sorted(total.items(), key=lambda item: (-item[1], item[0])):
        slips = 0 if word not in counts else max((most for letters, most in _SLIPS_IN if len(word) >= letters), default=0)
        near = (other for size in range(len(word) - slips, len(word) + slips + 1) for other in known.get(size, ()) if slips)
        best = min(
            (
                (OSA.distance(word, other, score_cutoff=slips), -total[other], other)
                for other in near
                if total[other] > count and (other in counts or (word[0], word[-1]) == (other[0], other[-1]))
            ),
            default=None,
        )
        if best is not None and best[0] <= slips:
            repaired[word] = best[2]
        else:
            known[len(word)].append(word)
    return repaired


def clustered(texts: Sequence[Text], held: Mapping[str, str], vectors: Callable[[Sequence[str]], NDArray[np.float32]]) -> list[list[str]]:
    """The keys of `texts` in clusters, each key once. `held` maps keys to the gap that a tutor keeps them in.

    Texts held by one gap come out together, texts held by two gaps apart. `vectors` gives unit vectors (texts, dimension).
    """
    if not texts:
        return []
    bundles = _bundles(texts, held)
    words = [_unit_weights(bundle.subject) for bundle in bundles]
    space = _Space(
        words,
        _bearers(words),
        np.asarray(vectors([_phrase(bundle.subject) for bundle in bundles]), np.float32),
        np.array([bundle.subject.named for bundle in bundles]),
    )
    owners = [bundle.held for bundle in bundles]
    clusters: list[list[int]] = []
    for component in _components(space, owners):
        labels = _linked(1 - space.likeness(component, component), [owners[at] for at in component])
        clusters += [component[labels == label].tolist() for label in range(int(labels.max()) + 1)]
    return [[text.key for at in cluster for text in bundles[at].texts] for cluster in clusters]


def _phrase(subject: Subject) -> str:
    """What stands for a subject where meaning is compared: what it is called, with what is asked if that belongs to it."""
    asks = [word.removeprefix("asks:") for word, _ in subject.words if word.startswith("asks:")]
    return " ".join([subject.phrase, *asks])


def _bundles(texts: Sequence[Text], held: Mapping[str, str]) -> list[_Bundle]:
    """Texts with the same words in one bundle for each gap that holds some; a free one goes to the gap that holds its likest fellow."""
    same: dict[tuple[tuple[str, float], ...], list[Text]] = defaultdict(list)
    for text in texts:
        same[text.subject.words or ((text.key, 0.0),)].append(text)
    bundles: list[_Bundle] = []
    for fellows in same.values():
        kept = [text for text in fellows if text.key in held]
        parts: dict[str, list[Text]] = defaultdict(list)
        for text in fellows:
            owner = held.get(text.key, "")
            if not owner and kept:
                owner = held[max(kept, key=lambda other: (fuzz.token_set_ratio(text.text, other.text), other.count, other.key)).key]
            parts[owner].append(text)
        bundles += [_Bundle(tuple(sorted(part, key=lambda one: (-one.count, one.key))), owner) for owner, part in parts.items()]
    return sorted(bundles, key=lambda bundle: bundle.texts[0].key)


def _unit_weights(subject: Subject) -> dict[str, float]:
    """The words of a subject with weights of which the squares add up to 1."""
    length = sum(weight**2 for _, weight in subject.words) ** 0.5 or 1.0
    return {word: weight / length for word, weight in subject.words}


def _bearers(words: Sequence[Mapping[str, float]]) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float32]]]:
    """For each word the places in `words` that have it, with its weights there."""
    found: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for at, weights in enumerate(words):
        for word, weight in weights.items():
            found[word].append((at, weight))
    return {
        word: (np.array([at for at, _ in those]), np.array([weight for _, weight in those], np.float32)) for word, those in found.items()
    }


def _components(space: _Space, held: Sequence[str]) -> list[NDArray[np.int64]]:
    """Bundles that a chain of likenesses joins; no gap reaches beyond one, for an average needs one pair as high."""
    waiting = [(np.arange(len(held)), TOGETHER_FROM)]
    done: list[NDArray[np.int64]] = []
    while waiting:
        rows, least = waiting.pop()
        for part in _chained(space, rows, held, least):
            if len(part) <= _LARGEST_COMPONENT or least > 1:
                done.append(part)
            else:
                waiting.append((part, least + _TIGHTER))
    return done


def _chained(space: _Space, rows: NDArray[np.int64], held: Sequence[str], least: float) -> list[NDArray[np.int64]]:
    """`rows` in parts: two are in one where a chain of likenesses of at least `least`, or one gap that holds both, joins them."""
    near: list[NDArray[np.int64]] = []
    for first in range(0, len(rows), _AT_ONCE):
        near += [np.flatnonzero(likeness) for likeness in space.likeness(rows[first : first + _AT_ONCE], rows) >= least]
    fellows: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        fellows[held[row]].append(at)
    fellows.pop("", None)
    unseen = np.ones(len(rows), bool)
    parts: list[NDArray[np.int64]] = []
    for start in range(len(rows)):
        if not unseen[start]:
            continue
        unseen[start] = False
        part = [start]
        for at in part:
            joined = np.concatenate([near[at], np.array(fellows.pop(held[rows[at]], []), np.int64)])
            new = np.unique(joined[unseen[joined]])
            unseen[new] = False
            part.extend(new.tolist())
        parts.append(rows[np.sort(part)])
    return parts


def _linked(distance: NDArray[np.float32], held: Sequence[str]) -> NDArray[np.int64]:
    """A label for each bundle: average linkage up to the distance that still counts as together, with what is held kept."""
    if len(distance) == 1:
        return np.zeros(1, np.int64)
    wide = distance.astype(np.float64)
    owners = np.array(held)
    free = owners == ""
    np.maximum(wide, 1e-9, out=wide)
    for owner in sorted(set(held) - {""}):
        own = np.flatnonzero(owners == owner)
        nearest = wide[:, own].min(axis=1)
        wide[np.ix_(free, own)] = nearest[free, None]
        wide[np.ix_(own, free)] = nearest[None, free]
        wide[np.ix_(own, own)] = 0.0
        others = np.flatnonzero(~free & (owners != owner))
        wide[np.ix_(own, others)] = wide[np.ix_(others, own)] = _APART
    np.fill_diagonal(wide, 0.0)
    import fastcluster  # noqa: PLC0415  # it brings scipy along where there is one: a second that only clustering pays

    upper = np.triu_indices(len(wide), 1)
    steps = fastcluster.linkage(wide[upper], method="average", preserve_input=False)
    return _cut(steps, 1 - TOGETHER_FROM)


def _cut(steps: NDArray[np.float64], distance: float) -> NDArray[np.int64]:
    """A label for each bundle after the steps (one cluster, another, their distance, members) that join what lies nearer than `distance`.

    A step makes the cluster that later ones call by the number of bundles plus its own; distances of average linkage never fall.
    """
    size = len(steps) + 1
    members: dict[int, list[int]] = {at: [at] for at in range(size)}
    for step, (one, other, apart, _) in enumerate(steps):
        if apart >= distance:
            break
        members[size + step] = members.pop(int(one)) + members.pop(int(other))
    labels = np.empty(size, np.int64)
    for label, cluster in enumerate(sorted(members.values(), key=min)):
        labels[cluster] = label
    return labels
