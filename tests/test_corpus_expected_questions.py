"""Questions beside a unit: which sentence answers each, and what is told of those that lead nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus import CourseError, UnitArchive, course_digest, load_course
from corpus.check_expected_questions import check_expected_questions
from corpus.course_text import read_course_text
from index.fields import known_questions

if TYPE_CHECKING:
    from pathlib import Path

UNIT = """---
title: Patterns
---

## Autosomal dominant inheritance {#dominant}

Each child of an affected parent has a 50% risk. Penetrance may be incomplete.

## Recessive inheritance {#recessive}

| Parents | Risk |
|---|---|
| Both carriers | 25% |
"""
QUESTIONS = """format: 1
sections:
  dominant:
    - ask: One parent has it. What is the risk to each child?
      says: Each child of an affected parent
    - ask: Does it skip generations?
  recessive:
    - ask: Both parents carry it, what is the risk?
      says: Both carriers
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A course of one unit with its questions."""
    (tmp_path / "patterns.md").write_text(UNIT, encoding="utf-8")
    (tmp_path / "patterns.questions.yaml").write_text(QUESTIONS, encoding="utf-8")
    return tmp_path


def write(folder: Path, questions: str) -> None:
    (folder / "patterns.questions.yaml").write_text(questions, encoding="utf-8")


def test_a_question_leads_to_the_sentence_row_or_section_that_answers(folder: Path) -> None:
    course = load_course(folder)
    texts = {
        sentence.id: sentence.text
        for section in course.units["patterns"].sections
        for block in section.blocks
        for sentence in block.sentences
    }
    found = [(one.section, texts.get(one.sentence, "")) for one in known_questions(course)]
    assert found == [
        ("patterns#dominant", "Each child of an affected parent has a 50% risk."),
        ("patterns#dominant", ""),
        ("patterns#recessive", "Both carriers 25%"),
    ]


def test_changed_questions_change_the_course_and_no_old_ones_are_kept(folder: Path, tmp_path: Path) -> None:
    archive = tmp_path / "kept" / "units.jsonl"
    before = course_digest(folder)
    load_course(folder, UnitArchive(archive))
    write(folder, QUESTIONS.replace("Does it skip", "Can it skip"))
    assert course_digest(folder) != before
    asked = [one.question for one in known_questions(load_course(folder, UnitArchive(archive)))]
    assert "Can it skip generations?" in asked


def test_what_leads_nowhere_is_told_and_does_no_harm(folder: Path) -> None:
    write(
        folder,
        QUESTIONS.replace("Each child of", "Every child of").replace("  recessive:", "  gone:") + "    - ask: does it skip generations?\n",
    )
    faults = [fault.message for fault in check_expected_questions(read_course_text(folder))]
    assert len(faults) == 4
    assert sum("which is not there" in message for message in faults) == 3
    assert sum("is asked in" in message for message in faults) == 1
    assert [one.sentence for one in known_questions(load_course(folder))] == ["", ""]


@pytest.mark.parametrize(
    "text", ["format: 2\nsections: {}", "sections: {}", "[1]", "format: 1\nsections: [", "format: 1\nsections:\n  dominant:\n    - says: x"]
)
def test_a_malformed_file_is_a_fault_of_the_course_in_one_sentence(folder: Path, text: str) -> None:
    write(folder, text)
    with pytest.raises(CourseError, match=r"patterns\.questions\.yaml:\d+: "):
        load_course(folder)
