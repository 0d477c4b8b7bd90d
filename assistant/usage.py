"""How the assistant was used: questions by outcome, by module and over time, counted from the journal.

Nothing is told of fewer than three conversations: so few could point at a person. Knows nothing of pages or of what was asked.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.journal import Event
    from corpus import Course

FEWEST_CONVERSATIONS = 3
"""A count is told only where at least so many conversations stand behind it."""

STATES = ("covered", "partly", "not_covered", "boundary", "unreadable")
_WEEKS_AT_MOST = 27


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as it is counted. `day` is by this machine's calendar; `module` is an id, or empty where no passage tells one."""

    day: date
    state: str
    module: str
    conversation: str


@dataclass(frozen=True, slots=True)
class Count:
    """Questions counted: by state, and how many conversations they came from. `hidden` says that these are too few to be told of.

    A state is None where too few conversations stand behind it; where that is so of one state alone, the smallest other is None, too, lest
    the difference from the sum tell it.
    """

    questions: int
    conversations: int
    states: Mapping[str, int | None]

    @property
    def untold(self) -> int:
        """Questions of the states that are None."""
        return self.questions - sum(number or 0 for number in self.states.values())

    @property
    def hidden(self) -> bool:
        """Whether there is something, from too few conversations."""
        return 0 < self.conversations < FEWEST_CONVERSATIONS


@dataclass(frozen=True, slots=True)
class Usage:
    """A period: its first and last day, all of it counted, then by module (id, in the order of the course, "" last) and by stretch of time.

    `steps` are (first day, count), oldest first and without gaps; each is a week from Monday, or a month in a long period.
    """

    first: date
    last: date
    total: Count
    modules: Sequence[tuple[str, Count]]
    steps: Sequence[tuple[date, Count]]
    monthly: bool


def askings(events: Iterable[Event], course: Course) -> list[Asking]:
    """The questions among the events of a journal."""
    module_of = {unit: module.id for module in course.modules for unit in module.units}
    found = []
    for event in events:
        state = event.body.get("state")
        if event.kind != "question" or state not in STATES:
            continue
        cited = [module_of.get(unit, "") for unit in _units(event.body.get("cited"))]
        near = [module_of.get(unit, "") for unit in _units(event.body.get("nearest"))][:1]
        module = next((one for one, _ in Counter(filter(None, cited or near)).most_common(1)), "")
        day = datetime.fromisoformat(event.when).astimezone().date()
        found.append(
            Asking(day, str(state), module, str(event.body.get("conversation") or f"before conversations were told apart, {event.machine}"))
        )
    return found


def usage(asked: Sequence[Asking], first: date, last: date, modules: Sequence[str]) -> Usage:
    """What was asked from the first day to the last, both counted in."""
    within = [one for one in asked if first <= one.day <= last]
    monthly = (last - first).days > 7 * _WEEKS_AT_MOST
    by_module: defaultdict[str, list[Asking]] = defaultdict(list)
    by_step: defaultdict[date, list[Asking]] = defaultdict(list)
    for one in within:
        by_module[one.module].append(one)
        by_step[_step(one.day, monthly=monthly)].append(one)
    return Usage(
        first,
        last,
        _count(within),
        [(module, _count(by_module[module])) for module in (*modules, "")],
        [(start, _count(by_step[start])) for start in _steps(first, last, monthly=monthly)],
        monthly,
    )


def _count(asked: Sequence[Asking]) -> Count:
    states = Counter(one.state for one in asked)
    conversations = {state: len({one.conversation for one in asked if one.state == state}) for state in STATES}
    few = {state for state in STATES if 0 < conversations[state] < FEWEST_CONVERSATIONS}
    others = sorted((states[state], state) for state in STATES if states[state] and state not in few)
    if len(few) == 1 and others:
        few.add(others[0][1])
    told = {state: None if state in few else states[state] for state in STATES}
    return Count(len(asked), len({one.conversation for one in asked}), told)


def _units(passages: object) -> list[str]:
    """The units that passages ("1.6#penetrance/2") stand in."""
    return [passage.partition("#")[0] for passage in passages if isinstance(passage, str)] if isinstance(passages, list) else []


def _step(day: date, *, monthly: bool) -> date:
    return day.replace(day=1) if monthly else day - timedelta(days=day.weekday())


def _steps(first: date, last: date, *, monthly: bool) -> list[date]:
    steps = [_step(first, monthly=monthly)]
    while (following := _step(steps[-1] + timedelta(days=31 if monthly else 7), monthly=monthly)) <= last:
        steps.append(following)
    return steps
