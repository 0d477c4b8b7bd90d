"""Names of a course: what a question or a heading names, and how it is called for short."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from corpus import GlossaryEntry
from index.names import Name, Names, course_names


def course(*entries: GlossaryEntry) -> Any:
    """A course of a glossary alone."""
    return SimpleNamespace(units={}, glossary=entries)


def entry(term: str, section: str, definition: str = "") -> GlossaryEntry:
    return GlossaryEntry(term, "condition", definition, section)


NAMES = Names(
    course_names(
        course(
            entry("Marfan syndrome", "2.5#marfan"),
            entry("Hunter syndrome", "2.11#lysosomal"),
            entry("Nephrotic syndrome", "2.13#nephrotic", "The nephrotic state is loss of protein."),
            entry("CHARGE syndrome", "2.7#charge"),
        )
    )
)


def named(text: str) -> list[str]:
    return [mention.names[0].preferred for mention in NAMES.mentions(text)]


@pytest.mark.parametrize("text", ["Is Marfan dominant?", "marfan", "and in Marfan's?", "Marfan syndrome"])
def test_a_condition_is_known_by_the_person_alone(text: str) -> None:
    assert named(text) == ["Marfan syndrome"]


def test_a_person_whose_name_is_a_word_is_one_only_with_a_capital() -> None:
    assert named("How is Hunter inherited?") == ["Hunter syndrome"]
    assert named("a hunter in the wood") == []


@pytest.mark.parametrize("text", ["a nephrotic child", "who is in charge?"])
def test_a_word_of_the_field_or_an_acronym_is_no_person(text: str) -> None:
    assert named(text) == []


def test_a_heading_is_about_the_names_inside_a_longer_one_too() -> None:
    names = Names([Name("audit", ("a",)), Name("audit cycle", ("b",))])
    assert names.within("The audit cycle") == {"a", "b"}
    assert [mention.name for mention in names.mentions("The audit cycle")] == ["audit cycle"]
