"""When a question is asked again: spaced repetition by the FSRS model of memory, over cards that know nothing of what is asked.

>>> now = datetime(2026, 1, 5, 9, tzinfo=UTC)
>>> reviewed(None, "good", now).due > reviewed(None, "again", now).due
True

The only module that knows fsrs. Every function is told the time. Knows nothing of questions, learners or where cards are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import fsrs

Rating = Literal["again", "hard", "good", "easy"]
"""What a learner says of an answer: could not, with trouble, well, at once."""

RATINGS: tuple[Rating, ...] = ("again", "hard", "good", "easy")

Stage = Literal["learning", "review", "relearning"]

KNOWN_FROM = 21.0
"""The stability, in days, from which a card counts as known: three weeks later it is still recalled nine times in ten."""

_SCHEDULER = fsrs.Scheduler(
    desired_retention=0.9,
    learning_steps=(timedelta(minutes=10),),  # one step: a doctor practises once a day, so a good answer comes back on another day
    relearning_steps=(timedelta(minutes=10),),
    maximum_interval=365,
    enable_fuzzing=False,  # the same answers give the same dates
)
_STAGES: dict[Stage, fsrs.State] = {"learning": fsrs.State.Learning, "review": fsrs.State.Review, "relearning": fsrs.State.Relearning}
_STAGE_OF: dict[fsrs.State, Stage] = {state: stage for stage, state in _STAGES.items()}
_RATING = dict(zip(RATINGS, (fsrs.Rating.Again, fsrs.Rating.Hard, fsrs.Rating.Good, fsrs.Rating.Easy), strict=True))


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one learner's memory of one question.

    `stability` is in days (more is firmer: after that long it is recalled nine times in ten), `difficulty` 1 to 10 (more is harder);
    `due` and `last` (the latest review) are UTC. `step` counts the short repetitions of learning; None in the stage "review".
    """

    stage: Stage
    step: int | None
    stability: float
    difficulty: float
    due: datetime
    last: datetime

    @property
    def known(self) -> bool:
        """Whether it is past learning and holds for weeks."""
        return self.stage == "review" and self.stability >= KNOWN_FROM

    def due_by(self, now: datetime) -> bool:
        """Whether it is to be asked at `now` (any time zone)."""
        return self.due <= now


def reviewed(card: Card | None, rating: Rating, now: datetime) -> Card:
    """The card after a review at `now` (aware, any time zone); None is a question never asked before."""
    moment = now.astimezone(UTC)
    before = fsrs.Card(card_id=1, due=moment)
    if card is not None:
        before = fsrs.Card(1, _STAGES[card.stage], card.step, card.stability, card.difficulty, card.due, card.last)
    after, _ = _SCHEDULER.review_card(before, _RATING[rating], moment)
    return Card(_STAGE_OF[after.state], after.step, float(after.stability or 0), float(after.difficulty or 0), after.due, moment)


def waits(card: Card | None, now: datetime) -> dict[Rating, timedelta]:
    """How long until the question comes back, for each rating it could be given at `now`."""
    return {rating: reviewed(card, rating, now).due - now.astimezone(UTC) for rating in RATINGS}
