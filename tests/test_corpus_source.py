"""Files and their front matter: read, or refused with one sentence."""

from __future__ import annotations

from contextlib import suppress

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from corpus import CourseError
from corpus.source import LineFinder, source_of


def test_front_matter_and_body_are_told_apart():
    source = source_of(b"---\nunit: 1.1\ntitle: T\n---\nBody\n", "u.md")
    assert source.string("title") == "T"
    assert (source.body, source.first_line) == ("Body\n", 5)


def test_a_file_without_front_matter_is_all_body():
    assert source_of(b"Text --- here\n---\n", "u.md").body == "Text --- here\n---\n"


def test_one_text_counts_as_a_list_of_one():
    source = source_of(b"---\naliases: pitfalls\nnone:\n---\n", "u.md")
    assert source.strings("aliases") == ("pitfalls",)
    assert source.strings("none") == source.strings("missing") == ()


def test_windows_line_ends_and_a_byte_order_mark_are_read():
    source = source_of("\ufeff---\r\ntitle: T\r\n---\r\nBody".encode(), "u.md")
    assert (source.string("title"), source.body, source.first_line) == ("T", "Body", 4)


def test_a_line_is_found_for_each_text_in_turn():
    finder = LineFinder(source_of(b"---\na: b\n---\n## Risk\n\nThe **risk** is [low](1.1).\n\n## Risk\n", "u.md"))
    assert [finder.line_of(text) for text in ("Risk", "The risk is low.", "Risk")] == [4, 6, 6]


@given(st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda text: f"---\n{text}\n---\n".encode("utf-8", "replace"))))
def test_whatever_the_bytes_the_only_error_is_a_course_error(data):
    with suppress(CourseError):
        source = source_of(data, "u.md")
        for key in source.front_matter:
            source.strings(key)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), st.dates()),
    lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(st.text(max_size=5), below, max_size=3)),
    max_leaves=6,
)


@given(st.dictionaries(st.text(max_size=8), VALUES, max_size=4))
def test_front_matter_of_any_kind_is_read_or_refused(front_matter):
    data = f"---\n{yaml.safe_dump(front_matter, allow_unicode=True)}---\nBody".encode("utf-8", "replace")
    with suppress(CourseError):
        source = source_of(data, "u.md")
        for key in source.front_matter:
            assert all(isinstance(value, str) for value in source.strings(key))


def test_front_matter_that_refers_to_itself_is_refused_where_it_is_used():
    source = source_of(b"---\na: &a [*a]\n---\n", "u.md")
    with pytest.raises(CourseError, match="list of plain texts"):
        source.strings("a")
