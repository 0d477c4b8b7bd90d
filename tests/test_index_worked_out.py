"""What follows from names, headings and words: worked out once, read back as it was, refused where it is not what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from fakes import PASSAGES

from corpus import passages_of
from index.fields import rows_of
from index.names import Name, Names, course_names, key_of
from index.worked_out import WorkedOut, WorkedOutUnreadableError

if TYPE_CHECKING:
    from assistant import Assistant

NAMES = (
    Name("Thalassaemia", ("2.3",)),
    Name("Huntington's disease", ("1.1",), "condition"),
    Name("—", ("1.1",)),
    Name("dominant", ("1.1#dominant",)),
)


def same(one: WorkedOut, other: WorkedOut) -> bool:
    arrays = np.array_equal(one.heading_aspects, other.heading_aspects) and one.sections_about.keys() == other.sections_about.keys()
    rows = all(np.array_equal(one.sections_about[target], other.sections_about[target]) for target in one.sections_about)
    lists = (one.keys, one.name_tokens, one.name_words) == (other.keys, other.name_tokens, other.name_words)
    return arrays and rows and lists and one.word_counts == other.word_counts


def test_what_is_read_back_is_what_was_worked_out() -> None:
    """A name that holds no word has a row, too, and none of it is lost."""
    made = WorkedOut.of(PASSAGES, rows_of(PASSAGES), NAMES)
    again = WorkedOut.from_bytes(made.to_bytes())
    assert same(made, again)
    assert again.to_bytes() == made.to_bytes()
    assert (again.keys[2], again.name_words[1]) == ((), ("huntington", "disease"))
    assert again.sections_about["1.1"].tolist() == [0, 1]


def test_nothing_follows_from_nothing() -> None:
    empty = WorkedOut.from_bytes(WorkedOut.of((), rows_of(()), ()).to_bytes())
    assert (empty.keys, dict(empty.sections_about), dict(empty.word_counts), len(empty.heading_aspects)) == ((), {}, {}, 0)


def test_names_are_found_by_keys_worked_out_before_as_by_their_own() -> None:
    made = WorkedOut.of(PASSAGES, rows_of(PASSAGES), NAMES)
    text = "Is thalassemia dominant, as Huntington disease is?"
    assert Names(NAMES, made.keys).mentions(text) == Names(NAMES).mentions(text)
    with pytest.raises(ValueError, match="zip"):
        Names(NAMES[:2], made.keys)


def test_an_opened_assistant_has_what_its_course_gives(assistant: Assistant) -> None:
    index, called = assistant.searcher.index, course_names(assistant.course)
    assert index.worked_out.keys == tuple(key_of(name.text) for name in called)
    assert same(index.worked_out, WorkedOut.of(passages_of(assistant.course), index.rows, called))


@pytest.mark.parametrize("harm", [b"", b"PK\x03\x04 nothing", None])
def test_what_is_damaged_is_refused(harm: bytes | None) -> None:
    whole = WorkedOut.of(PASSAGES, rows_of(PASSAGES), NAMES).to_bytes()
    with pytest.raises(WorkedOutUnreadableError, match="index build"):
        WorkedOut.from_bytes(whole[: len(whole) // 2] if harm is None else harm)
