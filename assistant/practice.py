"""Practising with the course's own check-yourself questions: which there are, which comes next, and how far a learner is.

>>> questions = practice_questions(course)
>>> next_question(questions, cards={}, new_left=10, now=now) == questions[0]
True

Time, cards and limits are passed in. Knows nothing of how an answer is compared, of learners' names, or of pages.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from assistant.repetition import Card
    from corpus import Course, Section, Unit

AHEAD = timedelta(minutes=20)
"""How early a question in its first repetitions may be asked, when nothing else is left."""


@dataclass(frozen=True, slots=True)
class PracticeQuestion:
    """A check-yourself question of the course. `module` is the module's id ("" for none); `section` holds the evidence.

    `key` names it by its unit and its own words, so it stays when questions are added, moved or given a better model answer.
    """

    key: str
    module: str
    unit: Unit
    section: Section
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a learner is with some questions: how many there are, were ever asked, are due now, are being learned, are known.

    Learning and known add up to seen. `next_due` is the earliest time of those not due yet, or None.
    """

    questions: int
    seen: int
    due: int
    learning: int
    known: int
    next_due: datetime | None


def practice_key(unit: str, question: str) -> str:
    """The name of a question: 20 hex digits made of its unit's id and its text, white space folded."""
    return hashlib.blake2b(f"{unit}\n{' '.join(question.split())}".encode(), digest_size=10).hexdigest()


def practice_questions(course: Course) -> tuple[PracticeQuestion, ...]:
    """Every check-yourself question in the order of the course, each once; those whose evidence is not in their unit are left out."""
    module_of = {unit: module.id for module in course.modules for unit in module.units}
    order = dict.fromkeys([*(unit for module in course.modules for unit in module.units if unit in course.units), *course.units])
    found: dict[str, PracticeQuestion] = {}
    for unit in (course.units[key] for key in order):
        sections = {section.anchor: section for section in unit.sections}
        for one in unit.check_questions:
            if one.evidence in sections and one.question.strip() and one.answer.strip():
                key = practice_key(unit.id, one.question)
                found.setdefault(
                    key, PracticeQuestion(key, module_of.get(unit.id, ""), unit, sections[one.evidence], one.question, one.answer)
                )
    return tuple(found.values())


def next_question(
    questions: Sequence[PracticeQuestion], cards: Mapping[str, Card], new_left: int, now: datetime
) -> PracticeQuestion | None:
    """The question to ask at `now`: the one longest due, else the next new one of the course while `new_left`, else one just being learned."""
    asked = sorted((question for question in questions if question.key in cards), key=lambda question: cards[question.key].due)
    if asked and cards[asked[0].key].due_by(now):
        return asked[0]
    if new_left > 0:
        fresh = next((question for question in questions if question.key not in cards), None)
        if fresh is not None:
            return fresh
    soon = (question for question in asked if cards[question.key].stage != "review" and cards[question.key].due_by(now + AHEAD))
    return next(soon, None)


def standing(questions: Iterable[PracticeQuestion], cards: Mapping[str, Card], now: datetime) -> Standing:
    """How far a learner is with `questions` at `now`. Cards of other questions are left out of account."""
    keys = [question.key for question in questions]
    seen = [cards[key] for key in keys if key in cards]
    known = sum(card.known for card in seen)
    later = [card.due for card in seen if not card.due_by(now)]
    return Standing(len(keys), len(seen), len(seen) - len(later), len(seen) - known, known, min(later, default=None))


def day_start(now: datetime) -> datetime:
    """Midnight before `now`, in the time zone of `now`."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def reviews_by_day(times: Iterable[datetime], now: datetime, days: int) -> tuple[tuple[date, int], ...]:
    """How many reviews fell on each of the last `days` days up to that of `now`, oldest first, by the calendar of `now`'s time zone."""
    counts = Counter(time.astimezone(now.tzinfo).date() for time in times)
    return tuple((day, counts[day]) for day in (now.date() - timedelta(days=back) for back in range(days - 1, -1, -1)))
