"""Questions to go on with: near what was answered, not asked before, and each one that the course covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant import Answer, NotCovered, Question, Unreadable
from assistant.onward import MOST, Onward

if TYPE_CHECKING:
    from assistant import Assistant

ASKED = "What is the risk to a child of a parent with Huntington disease?"


def test_each_is_a_practice_question_that_the_assistant_answers(assistant: Assistant) -> None:
    reply = assistant.ask(ASKED)
    for _ in range(3):
        found = assistant.suggestions(reply)
    assert len(found) == MOST
    practice = {one.question for unit in assistant.course.units.values() for one in unit.check_questions}
    for question in found:
        assert question in practice
        assert isinstance(assistant.ask(question), Answer)


def test_none_was_asked_before(assistant: Assistant) -> None:
    first = assistant.suggestions(assistant.ask(ASKED))
    again = assistant.suggestions(assistant.ask(first[0]), [ASKED])
    assert first[0] not in again
    assert ASKED not in again
    third = assistant.suggestions(assistant.ask(again[0]), [ASKED, first[0]])
    assert not {first[0], again[0]} & set(third)


def test_the_nearest_sections_have_questions_where_the_course_has_no_answer(assistant: Assistant) -> None:
    reply = NotCovered(Question("What does the test cost?", "What does the test cost?"), 0.1, assistant.ask(ASKED).more)  # type: ignore[union-attr]
    assert assistant.suggestions(reply)
    assert assistant.suggestions(Unreadable(reply.question, "…")) == ()


def test_what_is_not_covered_is_not_offered_and_few_are_judged_at_once(assistant: Assistant) -> None:
    judged: list[str] = []

    def refused(question: str) -> bool:
        judged.append(question)
        return False

    onward = Onward(assistant.course, refused)
    reply = assistant.ask(ASKED)
    assert onward.after(reply) == ()
    assert len(judged) == 2
    assert onward.after(reply) == ()
    assert len(judged) == len(set(judged)) == 4


def test_judged_ahead_a_reply_waits_for_no_question(assistant: Assistant) -> None:
    judged: list[str] = []

    def covered(question: str) -> bool:
        judged.append(question)
        return True

    onward = Onward(assistant.course, covered)
    onward.judge_all(rest=0)
    assert len(judged) == len(set(judged)) > MOST
    before = len(judged)
    assert len(onward.after(assistant.ask(ASKED))) == MOST
    onward.judge_all(rest=0)
    assert len(judged) == before
