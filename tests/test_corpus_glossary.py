"""The glossary, its names, and where a text mentions them."""

from __future__ import annotations

import tiny_course

from corpus import GlossaryEntry, load_course
from corpus.glossary import read_glossary
from corpus.term_mentions import Terms


def test_entries_are_read_with_all_their_names(tmp_path):
    course = load_course(tiny_course.course(tmp_path))
    fibrosis = course.glossary[0]
    assert fibrosis.names == ("Cystic fibrosis", "CF")
    assert (fibrosis.chinese, fibrosis.genes, fibrosis.section) == (("囊性纤维化",), ("CFTR",), "1.1#table")


def test_a_course_without_a_glossary_has_none(tmp_path):
    assert read_glossary(tmp_path / "glossary.yaml") == ()


def test_one_name_counts_as_a_list_of_one(tmp_path):
    (tmp_path / "glossary.yaml").write_text("- {term: A, chinese: 囊性纤维化, synonyms: }\n", encoding="utf-8")
    (entry,) = read_glossary(tmp_path / "glossary.yaml")
    assert entry.chinese == ("囊性纤维化",)
    assert entry.synonyms == ()


def test_an_empty_glossary_is_one_without_entries(tmp_path):
    (tmp_path / "glossary.yaml").write_text("# nothing yet\n", encoding="utf-8")
    assert read_glossary(tmp_path / "glossary.yaml") == ()


def test_the_longest_name_in_a_text_is_the_one_it_mentions():
    terms = Terms([GlossaryEntry("Haemophilia", "condition", "", ""), GlossaryEntry("Haemophilia A", "condition", "", "", ("HA",))])
    assert [entry.term for entry in terms.mentioned("Severe haemophilia A, or HA; haemophilias.")] == ["Haemophilia A", "Haemophilia"]
    assert terms.mentioned("Ha, said he.") == ()
