"""Which practice question comes next, and when it comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from web_fakes import small_course

from assistant.practice import day_start, next_question, practice_key, practice_questions, reviews_by_day, standing
from assistant.repetition import RATINGS, reviewed, waits

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTES = timedelta(minutes=1)


def test_questions_come_in_the_order_of_the_course(tmp_path: Path) -> None:
    """With the module and the section that holds their evidence."""
    questions = practice_questions(small_course(tmp_path))
    assert [one.unit.id for one in questions] == ["1.6", "1.6", "2.4"]
    assert [one.module for one in questions] == ["1", "1", "2"]
    assert questions[2].section.id == "2.4#lynch"


def test_a_key_stays_when_a_question_moves_and_its_answer_is_mended(tmp_path: Path) -> None:
    """It is made of the unit and the words of the question alone."""
    course = small_course(tmp_path)
    before = {one.question: one.key for one in practice_questions(course)}
    unit = course.units["1.6"]
    moved = tuple(replace(one, answer="A better answer.", line=99) for one in reversed(unit.check_questions))
    after = practice_questions(replace(course, units={**course.units, "1.6": replace(unit, check_questions=moved)}))
    assert {one.question: one.key for one in after} == before
    assert practice_key("1.6", "a  b") == practice_key("1.6", "a b") != practice_key("1.7", "a b")


def test_a_question_without_evidence_in_its_unit_is_left_out(tmp_path: Path) -> None:
    """There would be nothing to read after it."""
    course = small_course(tmp_path)
    unit = course.units["2.4"]
    lost = tuple(replace(one, evidence="nowhere") for one in unit.check_questions)
    questions = practice_questions(replace(course, units={**course.units, "2.4": replace(unit, check_questions=lost)}))
    assert [one.unit.id for one in questions] == ["1.6", "1.6"]


def test_due_questions_come_first_then_new_ones_as_many_as_are_left(tmp_path: Path) -> None:
    """And none when the new ones of the day are used up and nothing is due."""
    first, second, third = questions = practice_questions(small_course(tmp_path))
    assert next_question(questions, {}, 10, NOW) == first
    cards = {third.key: reviewed(None, "good", NOW)}
    assert next_question(questions, cards, 10, NOW) == first
    assert next_question(questions, cards, 0, NOW) is None
    assert next_question(questions, cards, 10, cards[third.key].due) == third
    cards[second.key] = reviewed(None, "again", NOW - timedelta(days=40))
    assert next_question(questions, cards, 10, cards[third.key].due) == second


def test_a_question_that_was_not_known_comes_back_in_the_same_sitting(tmp_path: Path) -> None:
    """A little early, if nothing else is left to ask."""
    questions = practice_questions(small_course(tmp_path))
    cards = {questions[0].key: reviewed(None, "again", NOW)}
    assert next_question(questions, cards, 0, NOW + MINUTES) == questions[0]
    assert next_question(questions, {questions[0].key: reviewed(None, "good", NOW)}, 0, NOW + MINUTES) is None


@given(st.lists(st.tuples(st.sampled_from(RATINGS), st.integers(0, 60 * 24 * 90)), min_size=1, max_size=12))
def test_any_history_gives_a_card_that_is_due_later(history: list[tuple[str, int]]) -> None:
    """Whatever the ratings and the pauses, in any time zone: due after the review, within a year, and the same for the same history."""
    card = other = None
    now = NOW
    for rating, minutes in history:
        now += minutes * MINUTES
        card = reviewed(card, rating, now)
        other = reviewed(other, rating, now.astimezone(timezone(timedelta(hours=8))))
        assert timedelta() < card.due - now <= timedelta(days=366)
    assert card == other


@given(st.lists(st.sampled_from(RATINGS), max_size=8))
def test_a_better_rating_never_brings_a_question_back_sooner(history: list[str]) -> None:
    """Again, hard, good, easy: each waits at least as long as the one before."""
    card = None
    now = NOW
    for rating in history:
        card = reviewed(card, rating, now)
        now = card.due
    pauses = list(waits(card, now).values())
    assert pauses == sorted(pauses)


def test_good_answers_make_a_question_known(tmp_path: Path) -> None:
    """Each time it waits longer, until it holds for three weeks; one that was forgotten is being learned again."""
    questions = practice_questions(small_course(tmp_path))
    card = reviewed(None, "good", NOW)
    for _ in range(3):
        card = reviewed(card, "good", card.due)
    told = standing(questions, {questions[0].key: card, "gone from the course": card}, card.last)
    assert (told.questions, told.seen, told.due, told.learning, told.known, told.next_due) == (3, 1, 0, 0, 1, card.due)
    forgotten = reviewed(card, "again", card.due)
    told = standing(questions, {questions[0].key: forgotten}, forgotten.due)
    assert (told.seen, told.due, told.learning, told.known, told.next_due) == (1, 1, 1, 0, None)


def test_a_day_is_a_day_of_the_calendar_on_the_wall() -> None:
    """In Beijing a review at 23:30 UTC is one of the next morning."""
    beijing = timezone(timedelta(hours=8))
    now = datetime(2026, 3, 3, 9, tzinfo=beijing)
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    assert reviews_by_day([late, late - timedelta(days=1)], now, 3) == ((date(2026, 3, 1), 0), (date(2026, 3, 2), 1), (date(2026, 3, 3), 1))
    assert day_start(now) == datetime(2026, 3, 2, 16, tzinfo=UTC)
