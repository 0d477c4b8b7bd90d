"""A model answer as key points, and which of them an answer holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.amounts import amounts
from assistant.coach import Coach
from assistant.hints import GAP, GapHint, PlaceHint, TermsHint
from assistant.key_point_judge import KeyPointJudge
from assistant.key_points import Contradicted, Found, Missed, NameMissing, NotCompared, NotSaid, NumberMissing, key_points
from assistant.practice import practice_questions
from corpus import load_course
from index import OnnxEncoder
from index.encoder import SHIPPED_ENCODER

COURSE = load_course(Path(__file__).parent.parent / "corpus")
COACH = Coach(COURSE, OnnxEncoder(SHIPPED_ENCODER))
JUDGE = KeyPointJudge(OnnxEncoder(SHIPPED_ENCODER), COURSE.glossary)
QUESTIONS = practice_questions(COURSE)

CARRIER = "What is the chance that the healthy brother of a girl with phenylketonuria is a carrier?"
TWO_THIRDS = "The chance is 2/3, because being unaffected excludes one of the four genotypes and two of the remaining three are carriers."


def verdicts(question: str, model: str, answer: str) -> list[str]:
    """What is thought of each point."""
    return [type(point).__name__ for point in JUDGE.compare(question, model, answer).points]


@given(st.sampled_from(QUESTIONS))
@settings(deadline=None)
def test_points_are_pieces_of_the_model_answer(question) -> None:
    """Word for word and in order, and no word but a joining mark is lost."""
    points = key_points(question.answer)
    assert points
    left = question.answer
    for point in points:
        before, found, left = left.partition(point)
        assert found
        assert not re.search(r"\w", before)
    assert not re.search(r"\w", left)


@given(st.sampled_from(QUESTIONS))
@settings(deadline=None, max_examples=60)
def test_the_model_answer_holds_every_point(question) -> None:
    """Whatever the question."""
    assert all(isinstance(point, Found) for point in COACH.compare(question, question.answer).points)


@given(
    st.sampled_from(QUESTIONS),
    st.sampled_from(["", "  \n", "?", "I like to cook noodles for my family on Sunday evening.", "。。", "\x00"]),
)
@settings(deadline=None, max_examples=60)
def test_an_empty_or_unrelated_answer_holds_none(question, answer: str) -> None:
    """Nor does it make the comparison fail."""
    assert not any(isinstance(point, Found) for point in COACH.compare(question, answer).points)


@given(st.sampled_from([one for one in QUESTIONS if any("%" in amount.text for amount in amounts(one.answer))]))
@settings(deadline=None, max_examples=40)
def test_a_wrong_percentage_is_missed_though_every_other_word_is_right(question) -> None:
    """A sentence with another number is as near as can be, and wrong."""
    wrong = re.sub(r"\d+(?:\.\d+)?(?=%)", "93.7", question.answer)
    judged = COACH.compare(question, wrong).points
    given_ = [*amounts(question.question), *amounts(wrong)]
    for point, text in zip(judged, key_points(question.answer), strict=True):
        wanted = [one for one in amounts(re.sub(r"\([^()]*\)", "", text)) if not one.working]
        if any("%" in one.text and not any(one.same_as(other) for other in given_) for one in wanted):
            assert isinstance(point, Missed)


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=60)
def test_any_text_can_be_compared(answer: str) -> None:
    """As many verdicts as points, always."""
    assert len(JUDGE.compare(CARRIER, TWO_THIRDS, answer).points) == 2


@pytest.mark.parametrize("same", ["2/3", "two thirds", "2 in 3", "67%", "0.67", "66.7 per cent"])
def test_a_share_may_be_written_in_any_way(same: str) -> None:
    """A fraction, words, odds, a percentage or a decimal."""
    assert verdicts(CARRIER, TWO_THIRDS, f"It is {same}.")[0] == "Found"


@pytest.mark.parametrize("other", ["1/2", "one quarter", "3 in 2", "60%", "0.5", "3/2"])
def test_another_share_is_missed_and_told(other: str) -> None:
    """With the number of the course."""
    point = JUDGE.compare(CARRIER, TWO_THIRDS, f"The chance is {other}.").points[0]
    assert point == Missed("The chance is 2/3", NumberMissing("2/3"))


def test_a_value_within_the_range_of_the_course_is_right() -> None:
    """12% is about 10-15%; 20% is not."""
    model = "A carrier mother has a recurrence risk of about 10-15%."
    assert verdicts("What is the risk?", model, "The recurrence risk of a carrier mother is 12%.") == ["Found"]
    assert verdicts("What is the risk?", model, "The recurrence risk of a carrier mother is 20%.") == ["Missed"]


def test_only_the_result_of_a_calculation_must_be_given() -> None:
    """Its steps need not be written out."""
    model = "The risk is about 2/3 × 1/50 × 1/4 = 1/300."
    assert verdicts("What is the risk?", model, "The risk is 1 in 300.") == ["Found"]
    assert verdicts("What is the risk?", model, "2/3 × 1/50 × 1/4") == ["Missed"]


def test_numbers_inside_names_are_no_numbers() -> None:
    """Of a band, a build, an allele or a type."""
    assert [one.text for one in amounts("22q11.2 and GRCh38, type 2N, HLA-B*15:02: 5% by week 12")] == ["5%", "12"]


def test_the_opposite_is_missed() -> None:
    """High for low, and a plain not."""
    (point,) = JUDGE.compare("What of calcium?", "22q11.2 deletion causes low calcium.", "22q11.2 deletion causes high calcium.").points
    assert point == Missed("22q11.2 deletion causes low calcium.", Contradicted("low", "high"))
    (point,) = JUDGE.compare(
        "Is it offered?", "Predictive testing for a VUS is not offered.", "Predictive testing for a VUS is offered."
    ).points
    assert isinstance(point, Missed)
    assert isinstance(point.reason, Contradicted)


def test_what_is_said_of_the_other_side_of_a_comparison_is_missed() -> None:
    """Each statement belongs to its own subject."""
    question = "How does penetrance differ from expressivity?"
    model = "Penetrance is whether a person shows any sign of disease. Expressivity is the severity of the signs."
    swapped = "Expressivity is whether a person shows any sign of disease. Penetrance is the severity of the signs."
    assert verdicts(question, model, swapped) == ["Missed", "Missed"]


def test_a_gene_that_is_not_named_is_missed() -> None:
    """Under whatever else is right."""
    (point,) = JUDGE.compare("What next?", "Sequence RAI1 in this child.", "Sequence the gene in this child.").points
    assert point == Missed("Sequence RAI1 in this child.", NameMissing(("RAI1",)))


def test_repeating_the_question_is_no_answer() -> None:
    """Though many of its words are those of the answer."""
    assert verdicts(CARRIER, TWO_THIRDS, CARRIER) == ["Missed", "Missed"]


def test_a_chinese_answer_is_compared_by_terms_and_numbers() -> None:
    """The encoder reads English: what has neither term nor number is not judged at all."""
    comparison = JUDGE.compare(
        "What is found?", "Methylation analysis detects over 99%. It is quick to do.", "甲基化分析可检出超过99%的病例。"
    )
    assert comparison.by == "terms"
    assert [type(point) for point in comparison.points] == [Found, NotCompared]
    wrong = JUDGE.compare(CARRIER, TWO_THIRDS, "携带者概率是二分之一。").points[0]
    assert wrong == Missed("The chance is 2/3", NumberMissing("2/3"))
    assert JUDGE.compare(CARRIER, TWO_THIRDS, "").points[0].reason == NotSaid()


@given(st.sampled_from(QUESTIONS))
@settings(deadline=None)
def test_hints_grow_and_are_made_of_the_course(question) -> None:
    """First the place, then initials, then a sentence of that very section with a gap; the same each time."""
    hints = COACH.hints(question)
    assert hints == COACH.hints(question)
    assert hints[0] == PlaceHint(question.unit.module, question.section.headings)
    for hint in hints[1:]:
        if isinstance(hint, TermsHint):
            assert all(len(word) <= 2 for initials in hint.initials for word in re.findall(r"[^\W_]+", initials))
        if isinstance(hint, GapHint):
            assert GAP in hint.sentence
            pieces = [re.escape(piece) for piece in hint.sentence.split(GAP)]
            pattern = re.compile(".+?".join(pieces))
            assert any(pattern.fullmatch(sentence.text) for block in question.section.blocks for sentence in block.sentences)


@given(st.sampled_from(QUESTIONS))
@settings(deadline=None)
def test_the_evidence_is_a_sentence_of_the_section(question) -> None:
    """One that a link can lead to."""
    evidence = COACH.evidence(question)
    assert evidence is None or evidence.id.startswith(f"{question.section.id}/")
