"""UK spelling, the words of the English dictionary, and the course's own list."""

from __future__ import annotations

from pathlib import Path

import pytest

import corpus
from corpus.check_spelling import english_words, is_known, listed_words, words_of
from corpus.us_spelling import uk_spelling

KNOWN = english_words() | listed_words(Path(corpus.__file__).parent / "words.txt")


@pytest.mark.parametrize(
    ("us", "uk"),
    [
        ("tumors", "tumours"), ("colored", "coloured"), ("center", "centre"), ("fibers", "fibres"), ("anemia", "anaemia"),
        ("hemoglobin", "haemoglobin"), ("hemorrhage", "haemorrhage"), ("thalassemia", "thalassaemia"), ("leukemia", "leukaemia"),
        ("pediatric", "paediatric"), ("estrogen", "oestrogen"), ("edema", "oedema"), ("counseling", "counselling"), ("labeled", "labelled"),
        ("recognized", "recognised"), ("organization", "organisation"), ("analyze", "analyse"), ("Behavior", "behaviour"),
        ("diarrhea", "diarrhoea"), ("defense", "defence"), ("catalog", "catalogue"), ("ischemic", "ischaemic"),
    ],
)  # fmt: skip
def test_us_spelling_is_told_apart(us, uk):
    assert uk_spelling(us, KNOWN) == uk


@pytest.mark.parametrize(
    "word",
    ["fetus", "fetal", "size", "prize", "citizen", "horizon", "chemical", "systemic", "academia", "hemizygous", "hemisphere", "program", "enzyme",
     "for", "four", "filed", "dialogue", "epidemic", "parameter", "sulfate", "doctor", "donor", "factor", "lateral", "themes", "tumour", "haem"],
)  # fmt: skip
def test_uk_spelling_is_left_alone(word):
    assert uk_spelling(word, KNOWN) == ""


def test_only_words_that_a_dictionary_can_judge_are_judged():
    text = "The CFTR gene, c.235delC, mRNA, https://example.org/abc and “Huntington’s” at. Onset 中文 x2."
    assert list(words_of(text)) == [("The", True), ("gene", False), ("and", False), ("Huntington", False), ("Onset", True)]


def test_a_listed_name_counts_only_as_it_is_written():
    known = frozenset({"Marfan", "exome"})
    assert is_known("Marfan", known)
    assert not is_known("marfan", known)
    assert is_known("Exomes", known)


def test_the_courses_own_words_are_in_order_and_none_is_in_the_dictionary():
    words = [word for line in _lines() if (word := line.partition("#")[0].strip())]
    assert words == sorted(words, key=lambda word: (word.casefold(), word))
    assert len(words) == len(set(words))
    assert [word for word in words if word.lower() in english_words()] == []


def _lines():
    return (Path(corpus.__file__).parent / "words.txt").read_text(encoding="utf-8").splitlines()
