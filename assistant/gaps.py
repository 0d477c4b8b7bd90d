"""Gaps: what trainees ask and the course does not answer, each with a title, how much it matters, and how it has gone over time.

Knows nothing of how questions are put together, of the file gaps are kept in, or of pages.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Status = Literal["new", "planned", "answered", "outside"]
STATUSES: tuple[Status, ...] = ("new", "planned", "answered", "outside")

HALF_LIFE = timedelta(days=28)
"""A question counts half as much when it was asked so long ago."""

FEWEST_CONVERSATIONS = 3
"""Questions are shown word for word only where at least so many conversations asked them; fewer could point at a person."""

WEEKS = 12
_MOST_ASKS = 3
_LONGEST_TITLE = 90
_MOST_NEAR = 4
_PASSAGE_END = "/"
_LEAST_CHANGE = 1.5


@dataclass(frozen=True, slots=True)
class Asked:
    """One asking as a gap counts it: `text` is the key of the distinct question, `weight` how badly it fared."""

    event: str
    text: str
    time: datetime
    state: str
    weight: float
    conversation: str
    phrase: str
    asks: tuple[str, ...]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a gap's askings come to. `score` is higher for a gap that matters more (see `figures`).

    `weeks` are (Monday, askings), oldest first, up to the week of the newest event of all; `near` are sections, nearest first;
    `aspects` are what was asked, oftenest first.
    """

    title: str
    score: float
    questions: int
    texts: int
    conversations: int
    first: str
    last: str
    weeks: tuple[tuple[str, int], ...]
    states: tuple[tuple[str, int], ...]
    near: tuple[str, ...]
    aspects: tuple[str, ...]

    @property
    def trend(self) -> Literal["rising", "steady", "falling"]:
        """Whether the last four weeks brought notably more or fewer askings than the four before."""
        counts = [count for _, count in self.weeks]
        late, early = sum(counts[-4:]), sum(counts[-8:-4])
        if late >= _LEAST_CHANGE * early + 1:
            return "rising"
        return "falling" if early >= _LEAST_CHANGE * late + 1 else "steady"

    @property
    def shown(self) -> bool:
        """Whether its questions may be shown word for word."""
        return self.conversations >= FEWEST_CONVERSATIONS


def figures(asked: Sequence[Asked], now: datetime, sections: Iterable[str] = ()) -> Figures:
    """What the askings of a gap come to; `asked` is not empty, `sections` are those that the course has.

    The score is how often, how recent and how badly: the sum over all askings of weight times 0.5 ** (age / HALF_LIFE).
    """
    age = [max((now - one.time) / HALF_LIFE, 0.0) for one in asked]
    score = sum(one.weight * 0.5**past for one, past in zip(asked, age, strict=True))
    times = sorted(one.time for one in asked)
    return Figures(
        title=title(asked),
        score=round(score, 4),
        questions=len(asked),
        texts=len({one.text for one in asked}),
        conversations=len({one.conversation for one in asked}),
        first=times[0].isoformat(timespec="seconds"),
        last=times[-1].isoformat(timespec="seconds"),
        weeks=_weeks(times, now),
        states=tuple(sorted(Counter(one.state for one in asked).items(), key=lambda item: (-item[1], item[0]))),
        near=_nearest(asked, frozenset(sections)),
        aspects=_aspects(asked),
    )


def title(asked: Sequence[Asked]) -> str:
    """What the gap is called: what most of its questions are about, and what they ask: "Fabry disease: treatment, inheritance"."""
    phrases: Counter[str] = Counter()
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for one in asked:
        phrases[one.phrase.casefold()] += 1
        spelt[one.phrase.casefold()][one.phrase] += 1
    best = min(phrases, key=lambda phrase: (-phrases[phrase], -len(phrase), phrase))
    name = min(spelt[best].items(), key=lambda item: (-item[1], item[0].islower(), item[0]))[0]
    aspects = [ask for ask in _aspects(asked) if ask not in name.casefold()][:_MOST_ASKS]
    whole = f"{name[:1].upper()}{name[1:]}: {', '.join(aspects)}" if aspects else f"{name[:1].upper()}{name[1:]}"
    return whole if len(whole) <= _LONGEST_TITLE else f"{whole[: _LONGEST_TITLE - 1].rstrip()}…"


def matched(clusters: Sequence[Sequence[str]], before: Mapping[str, str], counts: Mapping[str, int], held: Iterable[str] = ()) -> list[str]:
    """The id that each cluster goes on with, "" for a new one: the gap it shares most askings with, each id once at most.

    `before` maps the texts of last time to their gap, `counts` says how often each was asked; a gap that is held comes before others.
    """
    kept = frozenset(held)
    shared: Counter[tuple[str, int]] = Counter()
    for at, cluster in enumerate(clusters):
        for key in cluster:
            if key in before:
                shared[before[key], at] += counts.get(key, 1)
    ids = [""] * len(clusters)
    used: set[str] = set()
    for (gap, at), _ in sorted(shared.items(), key=lambda item: (item[0][0] not in kept, -item[1], item[0])):
        if not ids[at] and gap not in used:
            ids[at] = gap
            used.add(gap)
    return ids


def _aspects(asked: Sequence[Asked]) -> tuple[str, ...]:
    counts = Counter(ask for one in asked for ask in one.asks)
    return tuple(sorted(counts, key=lambda ask: (-counts[ask], ask)))


def _weeks(times: Iterable[datetime], now: datetime) -> tuple[tuple[str, int], ...]:
    monday = _monday(now)
    counts = Counter(_monday(time) for time in times)
    mondays = [monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    return tuple((day.date().isoformat(), counts[day]) for day in mondays)


def _monday(time: datetime) -> datetime:
    day = time.astimezone(UTC)
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=day.weekday())


def _nearest(asked: Iterable[Asked], sections: frozenset[str]) -> tuple[str, ...]:
    """The sections that were offered or cited most, the first of each list in full, the second half as much, and so on."""
    votes: Counter[str] = Counter()
    for one in asked:
        places = dict.fromkeys(passage.rpartition(_PASSAGE_END)[0] for passage in one.near)
        for place, section in enumerate(places, 1):
            if section in sections:
                votes[section] += 1 / place  # type: ignore[assignment]  # a Counter counts shares as well
    return tuple(sorted(votes, key=lambda section: (-votes[section], section))[:_MOST_NEAR])
