"""Passages of different units that say the same in nearly the same words."""

from __future__ import annotations

import tiny_course
from fakes import FakeEncoder, a_passage

from corpus.course_text import read_course_text
from index.near_duplicates import check_near_duplicates, near_duplicates

SAID = "A carrier of cystic fibrosis has one variant and is well, and each child has a risk of one half."


def test_the_same_words_in_two_units_are_found():
    passages = [a_passage("1.1", "a", 1, SAID), a_passage("1.2", "b", 1, SAID), a_passage("1.2", "c", 1, "Quite other words " * 5)]
    (pair,) = near_duplicates(passages, FakeEncoder())
    assert (pair.first.id, pair.second.id) == ("1.1#a/1", "1.2#b/1")
    assert pair.cosine > 0.99


def test_one_unit_may_say_a_thing_twice_and_two_units_a_short_thing():
    same_unit = [a_passage("1.1", "a", 1, SAID), a_passage("1.1", "b", 1, SAID)]
    short = [a_passage("1.1", "a", 1, "A short definition."), a_passage("1.2", "b", 1, "A short definition.")]
    assert near_duplicates(same_unit, FakeEncoder()) == near_duplicates(short, FakeEncoder()) == []


def test_only_passages_that_share_many_words_are_encoded():
    encoder = FakeEncoder()
    near_duplicates([a_passage(f"1.{n}", "a", 1, f"word{n} other{n} more{n} " * 6) for n in range(9)], encoder)
    assert encoder.encoded == []


def test_no_passages_have_no_duplicates():
    assert near_duplicates([], FakeEncoder()) == []


def test_the_check_warns_on_the_line_of_the_later_passage(tmp_path):
    again = {tiny_course.PLAIN: f'---\nunit: "1.2"\n---\n## First {{#first}}\n\nOther words.\n\n## Second {{#second}}\n\n{SAID}\n'}
    text = read_course_text(
        tiny_course.course(tmp_path, {**again, tiny_course.TRAPS: tiny_course.TRAPS_TEXT + f"\n## Again {{#again}}\n\n{SAID}\n"})
    )
    (fault,) = check_near_duplicates(text, FakeEncoder)
    assert (fault.file, fault.line, fault.severity) == (tiny_course.PLAIN, 10, "warning")
    assert f"says what {tiny_course.TRAPS}:" in fault.message
