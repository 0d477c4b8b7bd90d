"""A question asked within a part of the course: answered there, told to be answered elsewhere, or not in the course at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from assistant.elsewhere import said_of_a_part
from assistant.gap_questions import missed_questions
from assistant.journal import Journal
from assistant.reply import Answer, Boundary, NotCovered, Partly
from assistant.usage import askings
from assistant.wire import answer_line

if TYPE_CHECKING:
    from pathlib import Path

    from assistant import Assistant
    from assistant.reply import Reply

RISK = "What is the miscarriage risk of amniocentesis?"
OF_HER = "My wife is pregnant. What is the miscarriage risk of her amniocentesis?"
RISKS = "How do absolute risk and relative risk differ?"
BREAD = "How do I bake sourdough bread?"
PENETRANCE = "1.6#penetrance"


def sections(reply: Reply) -> set[str]:
    assert isinstance(reply, Answer | Partly | Boundary)
    return {citation.passage.rpartition("/")[0] for sentence in reply.sentences for citation in sentence.citations}


def test_what_another_part_answers_is_said_to_be_there(assistant: Assistant) -> None:
    whole, reply = assistant.ask(RISK), assistant.ask(RISK, section=PENETRANCE)
    assert isinstance(whole, Answer)
    assert isinstance(reply, NotCovered)
    assert (reply.elsewhere, reply.confidence) == ("covered", whole.confidence)
    assert reply.nearest[0].passage == whole.sentences[0].citations[0].passage
    assert {one.passage.rpartition("/")[0] for one in reply.nearest} <= sections(whole)
    unit, _, anchor = reply.nearest[0].passage.rpartition("/")[0].partition("#")
    assert reply.nearest[0].url == f"/course/{unit}#{anchor}"


def test_a_question_of_a_persons_own_is_told_the_same_behind_the_boundary(assistant: Assistant) -> None:
    reply = assistant.ask(OF_HER, section=PENETRANCE)
    assert isinstance(reply, Boundary)
    assert (reply.sentences, reply.elsewhere) == ((), "covered")
    assert {one.passage.rpartition("/")[0] for one in reply.nearest} <= sections(assistant.ask(OF_HER))


@pytest.mark.parametrize("scope", [{}, {"section": PENETRANCE}, {"section": "1.6"}])
def test_what_the_whole_course_lacks_is_not_covered_wherever_it_was_asked(assistant: Assistant, scope: dict[str, str]) -> None:
    assert assistant.ask(BREAD, **scope) == assistant.ask(BREAD)
    reply = assistant.ask(BREAD)
    assert isinstance(reply, NotCovered)
    assert not reply.elsewhere


@pytest.mark.parametrize(
    "question", ["What is penetrance and what is anticipation?", "What is the difference between penetrance and NIPT?"]
)
def test_no_sentence_from_outside_the_part_is_given(assistant: Assistant, question: str) -> None:
    """Of a question in parts, and of a comparison, too."""
    within = assistant.ask(question, section="1.6")
    assert {section.partition("#")[0] for section in sections(within)} == {"1.6"}


def test_what_a_part_answers_less_of_is_partly_of_the_part_alone(assistant: Assistant) -> None:
    """It says so, and where the rest is."""
    whole, reply = assistant.ask(RISKS), assistant.ask(RISKS, section="1.6")
    assert isinstance(whole, Answer)
    assert isinstance(reply, Partly)
    assert (reply.elsewhere, reply.confidence) == ("covered", whole.confidence)
    assert {one.passage.rpartition("/")[0] for one in reply.more} <= sections(whole)
    assert {one.passage.partition("#")[0] for one in reply.more} == {"3.4"}
    lacking = answer_line("a", replace(reply, missing=("NIPT",)), 1.0)["answer"]
    assert "This part of the course does not say: NIPT." in lacking
    assert "other parts answer more" in lacking


def test_what_the_whole_course_holds_in_part_as_well_is_partly_of_the_course(assistant: Assistant) -> None:
    """Only what neither holds is called missing."""
    found = assistant.ask(RISKS, section="1.6")
    assert isinstance(found, Partly)
    reply = replace(found, missing=("NIPT", "cost"), elsewhere="")
    whole = replace(reply, missing=("cost",))
    assert said_of_a_part(reply, whole, lambda _: True) == whole


def test_every_known_question_is_answered_within_its_own_unit(assistant: Assistant) -> None:
    """An answer is given or not, but never sent elsewhere from where it stands."""
    for unit in assistant.course.units.values():
        for question in unit.check_questions[:3]:
            assert not isinstance(assistant.ask(question.question, section=unit.id), NotCovered), question.question


def test_the_line_for_programs_says_so_and_is_as_it_was_otherwise(assistant: Assistant) -> None:
    line = answer_line("a", assistant.ask(RISK, section=PENETRANCE), 1.0)
    assert (line["state"], line["elsewhere"], line["citations"]) == ("not_covered", "covered", [])
    assert line["answer"].startswith("This part of the course does not answer the question. Other sections do: ")
    assert "Other sections do" in answer_line("a", assistant.ask(OF_HER, section=PENETRANCE), 1.0)["answer"]
    assert "elsewhere" not in answer_line("a", assistant.ask(BREAD, section=PENETRANCE), 1.0)
    assert "elsewhere" not in answer_line("a", assistant.ask(RISK), 1.0)


def test_it_is_no_gap_and_counts_as_in_the_course(assistant: Assistant, tmp_path: Path) -> None:
    """The journal keeps what the whole course holds; what it does not hold at all is a gap all the same."""
    journal = Journal(tmp_path / "journal.sqlite")
    for question in (RISK, OF_HER, BREAD):
        journal.record(assistant.ask(question, section=PENETRANCE), question)
    journal.record(assistant.ask(RISKS, section="1.6"), RISKS)
    events = journal.events()
    assert [one.question for one in missed_questions(events)] == [BREAD]
    assert [one.state for one in askings(events, assistant.course)] == ["covered", "boundary", "not_covered", "covered"]
    assert [event.body.get("elsewhere", False) for event in events] == [True, True, False, True]
    assert events[0].body["cited"]


def test_what_the_course_answers_in_part_counts_as_that(tmp_path: Path, assistant: Assistant) -> None:
    found = assistant.ask(RISK, section=PENETRANCE)
    assert isinstance(found, NotCovered)
    journal = Journal(tmp_path / "journal.sqlite")
    journal.record(NotCovered(found.question, 0.3, found.nearest, "partly"), RISK)
    assert [(one.state, one.weight) for one in missed_questions(journal.events())] == [("partly", 0.5)]
