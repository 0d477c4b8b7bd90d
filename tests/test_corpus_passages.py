"""Sections cut into passages, whose ids hang on their own section alone."""

from __future__ import annotations

import pytest
import tiny_course
from hypothesis import given
from hypothesis import strategies as st

from corpus import load_course, passages_of
from corpus.passages import PASSAGE_WORDS, numbered


@pytest.fixture
def passages(tmp_path):
    return passages_of(load_course(tiny_course.course(tmp_path)))


def test_every_sentence_is_in_exactly_one_passage(passages, tmp_path):
    course = load_course(tmp_path)
    sentences = [s for unit in course.units.values() for section in unit.sections for block in section.blocks for s in block.sentences]
    assert [sentence for passage in passages for sentence in passage.sentences] == sentences
    assert len({passage.id for passage in passages}) == len(passages)


def test_a_sentence_is_numbered_within_its_passage(passages):
    for passage in passages:
        assert [sentence.id for sentence in passage.sentences] == [f"{passage.id}.{n}" for n in range(1, len(passage.sentences) + 1)]


def test_a_table_and_each_kind_of_box_stand_apart(passages):
    assert [passage.text for passage in passages if passage.id == "1.1#table/2"] == [
        "Cystic fibrosis CFTR 1 in 25 (Europe) A pipe | inside a|b"
    ]
    assert {passage.id: passage.box for passage in passages if passage.anchor == "boxes"} == {
        "1.1#boxes/1": "key-point",
        "1.1#boxes/2": "china",
    }


def test_a_passage_knows_its_section_file_and_module(passages):
    passage = next(passage for passage in passages if passage.id == "1.2#second/1")
    assert passage.section == "1.2#second"
    assert passage.file == "1-first/02-plain.md"
    assert passage.module == "First module"
    assert passage.headings == ("Plain text", "Second")


BLOCKS = st.lists(
    st.tuples(st.sampled_from(["paragraph", "list", "table"]), st.sampled_from(["", "china"]), st.lists(st.integers(1, 150), max_size=6)),
    max_size=8,
)


@given(BLOCKS)
def test_numbers_rise_by_one_and_passages_stay_near_their_length(blocks):
    numbers = numbered(blocks)
    assert [len(found) for found in numbers] == [len(sizes) for _, _, sizes in blocks]
    place, words = (1, 0), 0
    for found, (_, _, sizes) in zip(numbers, blocks, strict=True):
        for number, size in zip(found, sizes, strict=True):
            assert number in {(place[0], place[1] + 1), (place[0] + 1, 1)}
            words = words + size if number[0] == place[0] else size
            assert words <= PASSAGE_WORDS + 25 or number[1] == 1
            place = number
