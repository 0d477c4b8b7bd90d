"""Sections, their ids and their practice questions; ids that stay when other sections change."""

from __future__ import annotations

import pytest
import tiny_course
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import CourseError, load_course


@pytest.fixture
def unit(tmp_path):
    return load_course(tiny_course.course(tmp_path)).units["1.1"]


def sections_of(text, folder):
    (folder / "unit.md").write_text(text, encoding="utf-8")
    return {section.anchor: section for section in load_course(folder).units["unit"].sections}


def ids(section):
    return [sentence.id for block in section.blocks for sentence in block.sentences]


def test_a_section_knows_its_headings_outcomes_and_line(unit):
    summary = next(section for section in unit.sections if section.anchor == "summary")
    assert summary.headings == ("Traps of Markdown", "Footnotes", "Summary")
    table = next(section for section in unit.sections if section.anchor == "table")
    assert table.outcomes == ("1.1.a",)
    assert tiny_course.TRAPS_TEXT.splitlines()[table.line - 1].startswith("## A table")


def test_a_repeated_heading_gets_an_anchor_from_the_section_around_it(unit):
    anchors = [section.anchor for section in unit.sections]
    assert {"summary", "遗传方式", "遗传方式-summary"} <= set(anchors)
    assert len(anchors) == len(set(anchors))


def test_text_before_the_first_heading_is_a_section_too(unit):
    assert unit.sections[0].anchor == "_opening"
    assert unit.sections[0].headings == ("Traps of Markdown",)


def test_a_practice_question_holds_its_answer_evidence_and_form_and_is_no_section(unit):
    (question,) = unit.check_questions
    assert question.question == "What do carriers number?"
    assert question.answer == "About 1 in 25 in Europe. See the table."
    assert (question.evidence, question.form) == ("table", "direct")
    assert "what-do-carriers-number" not in {section.anchor for section in unit.sections}


def test_a_table_row_is_a_sentence_with_its_headers(unit):
    table = next(block for section in unit.sections for block in section.blocks if block.kind == "table")
    assert table.sentences[0].text == "Cystic fibrosis CFTR 1 in 25 (Europe)"
    assert table.sentences[0].cells == (("Disease", "Cystic fibrosis"), ("Gene", "CFTR"), ("Carriers", "1 in 25 (Europe)"))


def test_a_box_is_told_by_its_kind(unit):
    boxes = {block.box for section in unit.sections if section.anchor == "boxes" for block in section.blocks}
    assert boxes == {"key-point", "china"}


def test_bare_text_behind_a_paragraph_is_a_sentence_of_its_own(unit):
    texts = [sentence.text for section in unit.sections for block in section.blocks for sentence in block.sentences]
    assert "Two sentences." in texts
    assert "loose text" in texts


def test_a_footnote_mark_leads_to_its_note(unit):
    assert unit.html.count('href="/course/1.1#fn:1"') == 1
    assert unit.html.count('id="fn:1"') == 1


def test_a_heading_in_a_quotation_or_a_list_is_no_section_and_takes_no_id(tmp_path):
    sections = sections_of("> ## Inner {#a}\n> Text.\n\n- ## Item {#a}\n\n## Outer {#a}\n\nText.\n", tmp_path)
    assert sections["a"].headings[-1] == "Outer"
    assert load_course(tmp_path).units["unit"].html.count('id="a"') == 1


@pytest.mark.parametrize("anchor", ["a/1.1", "fn:1"])
def test_an_id_that_sentences_and_notes_use_is_refused_for_a_heading(tmp_path, anchor):
    with pytest.raises(CourseError, match=r"unit\.md:1: the id .* is kept"):
        sections_of(f"## A {{#{anchor}}}\n", tmp_path)


def test_two_sections_of_one_id_are_refused_with_the_line_of_the_second(tmp_path):
    with pytest.raises(CourseError, match=r"unit\.md:5: the id “a” is used by two headings; give one"):
        sections_of("## A {#a}\n\nText.\n\n## B {#a}\n", tmp_path)


BODIES = st.lists(
    st.sampled_from(["One. Two.", "- a\n- b", "| a | b |\n|---|---|\n| 1 | 2 |", "!!! uk\n    Box.", "word " * 200]), max_size=4
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=BODIES, after=BODIES, edited=BODIES)
def test_ids_of_other_sections_stay_when_one_is_edited(tmp_path, before, after, edited):
    def text(middle):
        parts = (("a", before), ("b", middle), ("c", after))
        return "\n\n".join(f"## {name} {{#{name}}}\n\n" + "\n\n".join(body) for name, body in parts)

    old, new = sections_of(text(["Old."]), tmp_path), sections_of(text(edited), tmp_path)
    assert ids(old["a"]) == ids(new["a"])
    assert ids(old["c"]) == ids(new["c"])
