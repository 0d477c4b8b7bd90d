"""Terms of the glossary in answers: marked where they stand first, and not a letter of the sentence changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.course import Course, GlossaryEntry
from web.answers import Group, Said, Shown, show
from web.places import Places
from web.terms import MOST, Terms

if TYPE_CHECKING:
    from assistant import Assistant

from assistant import Question

ENTRIES = (
    GlossaryEntry("Penetrance", "concept", "The proportion that shows it.", "", (), (), ("外显率",)),
    GlossaryEntry("Reduced penetrance", "concept", "Not all show it.", ""),
    GlossaryEntry("Denial", "concept", "A way of coping.", "", (), ("avoidance",)),
    GlossaryEntry("Angelman syndrome", "condition", "A disorder.", "", ("AS",)),
    GlossaryEntry("Aortic stenosis", "condition", "A narrow valve.", "", ("AS",)),
    GlossaryEntry("Trisomy", "concept", "Three copies.", ""),
    *(GlossaryEntry(f"Condition{chr(97 + n)}", "condition", "…", "") for n in range(12)),
)
TERMS = Terms(Course("", (), {}, {}, ENTRIES), {})


def explained(*sentences: str) -> tuple[list[str], list[list[tuple[str, int]]]]:
    """The terms found, and each sentence as its pieces with the number of the term each names."""
    said = tuple(Said(text, ()) for text in sentences)
    shown = TERMS.explained(Shown("covered", Question("q", "q"), 0.9, (Group("paragraph", "", (), said),)))
    return [one.term for one in shown.terms], [
        [(piece.text, piece.term) for piece in one.pieces if piece.text] for one in shown.groups[0].sentences
    ]


def test_the_first_mention_is_marked_and_the_longest_name_wins() -> None:
    terms, pieces = explained("Reduced penetrance is common.", "Penetrance and reduced penetrance; trisomies.")
    assert terms == ["Reduced penetrance", "Penetrance", "Trisomy"]
    assert pieces == [
        [("Reduced penetrance", 1), (" is common.", 0)],
        [("Penetrance", 2), (" and reduced penetrance; ", 0), ("trisomies", 3), (".", 0)],
    ]


@pytest.mark.parametrize("text", ["Avoid it as soon as it is penetrant.", "AS is one of two.", ""])
def test_what_only_looks_like_a_term_is_not_marked(text: str) -> None:
    assert explained(text)[0] == []


def test_an_answer_is_not_covered_in_marks() -> None:
    assert len(explained(" ".join(entry.term for entry in ENTRIES))[0]) == MOST


@given(
    st.lists(st.one_of(st.sampled_from([name for entry in ENTRIES for name in entry.names]), st.text(max_size=10)), max_size=8),
    st.sampled_from([" ", "", "-", "’s "]),
)
def test_the_words_of_a_sentence_stay_as_they_are(parts: list[str], between: str) -> None:
    text = between.join(parts)
    (pieces,) = explained(text)[1]
    assert "".join(words for words, _ in pieces) == text


def test_the_terms_of_a_real_answer_have_their_meaning_and_chinese(assistant: Assistant) -> None:
    places = Places.of(assistant.course)
    shown = Terms(assistant.course, places.sections).explained(show(assistant.ask("What is penetrance?"), places))
    assert "Penetrance" in [one.term for one in shown.terms]
    assert len(shown.terms) <= MOST
    for one in shown.terms:
        assert one.definition
        assert re.search(r"[\u4e00-\u9fff]", "".join(one.chinese))
    for group in shown.groups:
        for said in group.sentences:
            assert not said.pieces or "".join(piece.text for piece in said.pieces) == said.text
