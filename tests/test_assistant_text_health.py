"""The health of the text, from the journal's events; nothing rests on fewer than three conversations."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from assistant.journal import Event
from assistant.text_health import reading, text_health
from corpus import load_course

if TYPE_CHECKING:
    from pathlib import Path

    from corpus import Course

PASSAGE = "1.6#penetrance/1"


@pytest.fixture(scope="module")
def read(four_units: Path) -> Course:
    """Four real units."""
    return load_course(four_units)


@pytest.fixture(scope="module")
def passage(read: Course) -> str:
    """A passage that the course has."""
    return next(
        block.sentences[0].id.rpartition(".")[0] for section in read.units["1.6"].sections for block in section.blocks if block.sentences
    )


def asked(number: int, conversation: str, cited: tuple[str, ...] = (), text: str = "What is penetrance?") -> Event:
    body: dict[str, Any] = {"question": text, "understood": text, "cited": list(cited), "conversation": conversation}
    return Event(f"q{number}", "m", f"2026-11-22T00:00:{number:02}Z", "question", body)


def judged(number: int, verdict: str, reason: str = "") -> Event:
    return Event(
        f"f{number}", "m", f"2026-11-22T00:01:{number:02}Z", "feedback", {"about": f"q{number}", "verdict": verdict, "reason": reason}
    )


def test_nothing_is_told_of_two_conversations_however_often_they_ask(read: Course, passage: str) -> None:
    events = [asked(n, "ab"[n % 2], (passage,), "Is FGHXY tested with glorpazine?") for n in range(10)]
    events += [judged(n, "not_helpful", "wrong") for n in range(10)]
    health = text_health(read, events)
    assert (health.conversations, health.most_cited, health.unhelpful, health.never) == (0, (), (), {})
    assert (health.terms, health.abbreviations) == ((), ())


def test_questions_without_a_conversation_count_as_one(read: Course, passage: str) -> None:
    assert text_health(read, [asked(n, "", (passage,)) for n in range(9)]).most_cited == ()


def test_what_three_conversations_show_is_told(read: Course, passage: str) -> None:
    events = [asked(n, f"c{n}", (passage,), "Is FGHXY tested with glorpazine in HD?") for n in range(4)]
    events += [judged(n, "not_helpful", "wrong" if n else "incomplete") for n in range(4)]
    health = text_health(read, events)
    assert [(one.name, one.conversations) for one in health.most_cited] == [(passage, 4)]
    assert [(one.name, one.conversations, one.reasons) for one in health.unhelpful] == [(passage, 4, ("wrong",))]
    assert passage not in health.never["1.6"]
    assert [one.name for one in health.terms] == ["glorpazine"]
    assert [one.name for one in health.abbreviations] == ["FGHXY"]


def test_the_last_word_on_an_answer_counts(read: Course, passage: str) -> None:
    events = [asked(n, f"c{n}", (passage,)) for n in range(3)] + [judged(n, "not_helpful") for n in range(3)]
    assert text_health(read, events).unhelpful
    assert not text_health(read, [*events, judged(0, "helpful")]).unhelpful


def test_units_are_stale_by_the_calendar(read: Course) -> None:
    newest = max(unit.reviewed for unit in read.units.values())
    day = date.fromisoformat(newest)
    assert text_health(read, [], 12, day).stale == ()
    assert len(text_health(read, [], 12, day.replace(year=day.year + 2)).stale) == len(read.units)


def test_a_unit_of_short_words_reads_more_easily(read: Course) -> None:
    measured = {unit: reading(read.units[unit]) for unit in read.units}
    assert all(0 < one.ease < 70 and 8 < one.sentence < 30 for one in measured.values())
    assert [one.ease for one in text_health(read, []).readings] == sorted(one.ease for one in measured.values())


def test_events_of_other_shapes_are_left_aside(read: Course) -> None:
    odd = [Event("x", "m", "t", "question", {"cited": "no list", "understood": None}), Event("y", "m", "t", "feedback", {})]
    assert text_health(read, odd).most_cited == ()
