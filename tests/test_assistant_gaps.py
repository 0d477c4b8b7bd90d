"""What becomes of questions that the course does not answer: which belong, what they are about, what is put together and what stays apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from fakes import FakeEncoder
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.gap_clusters import Text, clustered, spelling_by_majority
from assistant.gap_questions import NOT_HELPFUL, missed_questions, question_key
from assistant.gap_subjects import Subject, Subjects
from assistant.gaps import Asked, figures, matched, title
from assistant.journal import Event
from corpus.course import GlossaryEntry

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ENCODER = FakeEncoder()


def question(id_: str, text: str, state: str = "not_covered", **more: object) -> Event:
    body = {"question": text, "understood": text, "language": "en", "state": state, "cited": [], "nearest": [], "conversation": id_, **more}
    return Event(id_, "m", "2026-10-01T08:00:00+00:00", "question", body)


def feedback(about: str, verdict: str, minute: int) -> Event:
    return Event(f"f{minute}", "m", f"2026-10-01T09:{minute:02}:00+00:00", "feedback", {"about": about, "verdict": verdict})


def weights(*events: Event) -> dict[str, float]:
    return {one.event: one.weight for one in missed_questions(events)}


def test_what_was_not_or_partly_covered_belongs_and_what_was_covered_does_not() -> None:
    assert weights(question("a", "x"), question("b", "y", "partly"), question("c", "z", "covered")) == {"a": 1.0, "b": 0.5}


def test_the_latest_verdict_on_an_answer_counts() -> None:
    asked = question("a", "x", "covered")
    assert weights(asked, feedback("a", "helpful", 1), feedback("a", "not_helpful", 2)) == {"a": NOT_HELPFUL}
    assert weights(asked, feedback("a", "not_helpful", 1), feedback("a", "helpful", 2)) == {}


def test_a_note_brings_in_whatever_it_is_about_and_counts_on_top() -> None:
    note = Event("n", "m", "2026-10-02T08:00:00+00:00", "note", {"about": "a", "question": "x", "note": "please add"})
    (missed,) = missed_questions([question("a", "x y z", "unreadable"), note])
    assert (missed.weight, missed.told) == (1.0, "please add")


def test_a_note_whose_question_is_not_in_the_journal_stands_for_it() -> None:
    note = Event("n", "m", "2026-10-02T08:00:00+00:00", "note", {"about": "gone", "question": "What is Fabry disease?", "note": "add it"})
    (missed,) = missed_questions([note])
    assert (missed.question, missed.told) == ("What is Fabry disease?", "add it")


def test_what_could_not_be_read_does_not_belong() -> None:
    assert weights(question("a", "qwrt zxcv", "unreadable")) == {}


def test_a_question_on_the_askers_patient_belongs_only_where_the_course_has_nothing() -> None:
    cited = question("b", "my patient with y", "boundary", cited=["1.1#a/1"])
    assert list(weights(question("a", "my patient with x", "boundary"), cited)) == ["a"]


def test_marks_of_identity_in_an_imported_question_are_masked_again() -> None:
    (missed,) = missed_questions([question("a", "call 13800138000 about PKU")])
    assert "13800138000" not in missed.question + missed.text


def test_a_key_looks_past_case_space_and_punctuation() -> None:
    assert question_key("What is  Fabry disease?") == question_key("what is fabry disease")
    assert question_key("HLA-B*15:02") != question_key("HLA-B 15 02 3")


# What questions are about

KNOWN = {"cystic", "fibrosis", "treatment", "test", "screen"}
GLOSSARY = (
    GlossaryEntry("Cystic fibrosis", "condition", "…", "2.14#cf", ("CF",), ("mucoviscidosis",), ("囊性纤维化",)),
    GlossaryEntry("Fabry disease", "condition", "…", "", (), ("Anderson-Fabry disease",), ("法布里病",)),
)
SUBJECTS = Subjects(GLOSSARY, ["2.14#cf"], 100, lambda token: 20 if token in KNOWN else 0)
BARE = Subjects((), [], 100, lambda token: 20 if token in KNOWN else 0)


def words(subjects: Subjects, text: str) -> set[str]:
    return {word for word, _ in subjects.of(text).words}


@pytest.mark.parametrize("subjects", [SUBJECTS, BARE])
@pytest.mark.parametrize(
    "asked", ["How is Fabry disease treated?", "recurrence risk of fabry disease in a family", "Which gene causes Fabry disease?"]
)
def test_whatever_is_asked_of_a_strange_name_is_about_that_name(subjects: Subjects, asked: str) -> None:
    assert words(subjects, asked) == {"fabri"}
    assert subjects.of(asked).phrase.lower() == "fabry disease"


def test_all_names_of_a_term_are_one_subject() -> None:
    assert words(SUBJECTS, "What is Anderson-Fabry disease?") == words(SUBJECTS, "法布里病") == {"fabri"}


def test_what_is_asked_tells_questions_apart_where_the_course_treats_their_subject() -> None:
    assert words(SUBJECTS, "treatment of cystic fibrosis") != words(SUBJECTS, "inheritance of cystic fibrosis")
    assert words(SUBJECTS, "treatment of CF") == words(SUBJECTS, "treatment of mucoviscidosis")


def test_a_name_that_is_an_english_word_is_known_by_what_follows_it() -> None:
    assert words(BARE, "how common is stickler syndrome") == words(BARE, "Is Stickler syndrome dominant?")


# Titles and figures


def asking(number: int, *, phrase: str = "Fabry disease", asks: tuple[str, ...] = ("treatment",), days: int = 0, **more: object) -> Asked:
    given_ = {"weight": 1.0, "state": "not_covered", "conversation": f"c{number}", "near": (), "text": f"k{number}"} | more
    return Asked(event=f"e{number}", time=NOW - timedelta(days=days), phrase=phrase, asks=asks, **given_)  # type: ignore[arg-type]


def test_a_title_says_what_it_is_about_and_what_is_asked_most() -> None:
    asked = [asking(1), asking(2), asking(3, phrase="fabry disease", asks=("inheritance",)), asking(4, phrase="Farby", asks=())]
    assert title(asked) == "Fabry disease: treatment, inheritance"


def test_the_score_grows_with_how_often_how_recent_and_how_badly() -> None:
    once = figures([asking(1)], NOW).score
    assert figures([asking(1), asking(2)], NOW).score == 2 * once
    assert figures([asking(1, days=28)], NOW).score == pytest.approx(once / 2)
    assert figures([asking(1, weight=0.5)], NOW).score == once / 2


def test_the_trend_compares_the_last_four_weeks_with_those_before() -> None:
    assert figures([asking(n, days=n) for n in range(6)], NOW).trend == "rising"
    assert figures([asking(n, days=35 + n) for n in range(6)], NOW).trend == "falling"
    assert sum(count for _, count in figures([asking(n, days=n) for n in range(6)], NOW).weeks) == 6


def test_the_section_that_was_nearest_most_often_comes_first_and_one_that_is_no_more_is_left_out() -> None:
    asked = [asking(1, near=("1.1#a/1", "1.1#b/1")), asking(2, near=("1.1#a/2",)), asking(3, near=("9.9#gone/1",))]
    assert figures(asked, NOW, ["1.1#a", "1.1#b"]).near == ("1.1#a", "1.1#b")


def test_questions_of_fewer_than_three_conversations_are_not_shown() -> None:
    assert not figures([asking(1), asking(2), asking(3, conversation="c2")], NOW).shown
    assert figures([asking(1), asking(2), asking(3)], NOW).shown


# Ids


def test_a_gap_keeps_its_id_by_what_it_shares_most_and_no_id_is_used_twice() -> None:
    before = {"a": "G", "b": "G", "c": "G", "d": "H"}
    assert matched([["a"], ["b", "c", "x"], ["d"], ["y"]], before, {}) == ["", "G", "H", ""]
    assert matched([["a", "b", "c", "d"]], before, {"d": 9}) == ["H"]
    assert matched([["a", "b", "c", "d"]], before, {"d": 9}, held=["G"]) == ["G"]


@given(st.lists(st.sampled_from("ABCD"), min_size=12, max_size=12), st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_each_cluster_gets_an_id_of_its_own(gaps: list[str], labels: list[int]) -> None:
    keys = [f"k{number}" for number in range(12)]
    clusters = [[key for key, label in zip(keys, labels, strict=True) if label == wanted] for wanted in sorted(set(labels))]
    ids = matched(clusters, dict(zip(keys, gaps, strict=True)), {})
    kept = [id_ for id_ in ids if id_]
    assert len(kept) == len(set(kept)) >= 1


# What is put together


def text_of(key: str, name: str, phrase: str = "", asked: str = "") -> Text:
    return Text(key, asked or f"what is {name}", Subject(((name, 3.0),), phrase or f"{name} disease", (), named=True), 1)


def sorted_clusters(texts: list[Text], held: dict[str, str] | None = None) -> list[list[str]]:
    return sorted(sorted(cluster) for cluster in clustered(texts, held or {}, ENCODER.encode))


def test_questions_on_one_name_are_one_gap_and_on_two_names_two() -> None:
    texts = [text_of("a", "fabry"), text_of("b", "fabry"), text_of("c", "gaucher")]
    assert sorted_clusters(texts) == [["a", "b"], ["c"]]


def test_what_was_merged_by_hand_stays_together_and_new_questions_on_either_join_it() -> None:
    texts = [text_of("a", "fabry"), text_of("b", "gaucher"), text_of("c", "gaucher", asked="gaucher once more"), text_of("d", "pompe")]
    assert sorted_clusters(texts, {"a": "G", "b": "G"}) == [["a", "b", "c"], ["d"]]


def test_what_was_split_by_hand_stays_apart_and_a_new_question_goes_to_the_likelier_side() -> None:
    texts = [
        text_of("a", "fabry", asked="treatment of fabry"),
        text_of("b", "fabry", asked="newborn screening for fabry"),
        text_of("c", "fabry", asked="is there newborn screening for fabry"),
    ]
    assert sorted_clusters(texts, {"a": "G", "b": "H"}) == [["a"], ["b", "c"]]


NAMES = ("fabry", "gaucher", "pompe", "alport")


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(["", "", "G", "H", "I"])), min_size=1, max_size=14))
def test_no_question_is_lost_or_doubled_and_what_is_held_stays(drawn: list[tuple[str, str]]) -> None:
    texts = [text_of(f"k{number}", name) for number, (name, _) in enumerate(drawn)]
    held = {f"k{number}": gap for number, (_, gap) in enumerate(drawn) if gap}
    clusters = clustered(texts, held, ENCODER.encode)
    assert sorted(key for cluster in clusters for key in cluster) == sorted(text.key for text in texts)
    for cluster in clusters:
        assert len({held[key] for key in cluster if key in held}) <= 1
    for gap in set(held.values()):
        assert sum(any(held.get(key) == gap for key in cluster) for cluster in clusters) == 1


def test_a_long_list_is_cut_into_parts_without_losing_a_question() -> None:
    numbers = np.random.default_rng(7).integers(0, 400, 2000)
    texts = [text_of(f"k{at}", f"name{number}", f"phrase {number}") for at, number in enumerate(numbers)]
    clusters = clustered(texts, {}, FakeEncoder(256).encode)
    assert sorted(key for cluster in clusters for key in cluster) == sorted(text.key for text in texts)
    assert len(clusters) >= 300


def test_a_slip_in_a_strange_word_follows_the_spelling_of_most() -> None:
    assert spelling_by_majority({"fabry": 9, "farby": 2, "gaucher": 5, "pompe": 4, "gauchr": 1}) == {"farby": "fabry", "gauchr": "gaucher"}
    assert spelling_by_majority({"hunter": 5, "hurler": 5, "smad": 3, "smed": 1}) == {}


def test_a_slip_in_a_word_of_the_language_follows_it_if_it_is_asked_oftener_and_begins_and_ends_alike() -> None:
    usual = {"stickler": 9, "syndrome": 30, "ataxia": 8}
    assert spelling_by_majority({"stcikler": 4, "synrdome": 6, "ataxin": 2}, usual) == {"stcikler": "stickler", "synrdome": "syndrome"}
    assert spelling_by_majority({"stcikler": 4}, {"stickler": 3}) == {}


@pytest.mark.parametrize(
    ("letters", "phrase"),
    [
        ("brs", "Brugada syndrome"),
        ("nf1", "neurofibromatosis type 1"),
        ("sca", "spinocerebellar ataxia"),
        ("mma", "methylmalonic acidaemia"),
        ("ush", "Usher syndrome"),
    ],
)
def test_letters_stand_for_the_phrase_asked_oftenest_that_they_shorten(letters: str, phrase: str) -> None:
    assert BARE.abbreviations([letters, "what"], {phrase: 3, "Gaucher disease": 9, "Zellweger syndrome": 1}) == {letters: phrase}


@pytest.mark.parametrize(
    ("letters", "phrase"),
    [
        ("cri", "chromatin disorder"),
        ("usher", "Usher syndrome"),
        ("mcad", "MCAD deficiency"),
        ("nf2", "neurofibromatosis type 1"),
        ("syn", "syndrome"),
    ],
)
def test_what_only_looks_like_it_shortens_nothing(letters: str, phrase: str) -> None:
    assert BARE.abbreviations([letters], {phrase: 3}) == {}
