"""Tutors' answers: kept with every revision, found by what they mean, told apart by what they name."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from assistant.taught import TaughtAnswers
from assistant.tutor_answers import (
    LONGEST_BODY,
    LONGEST_QUESTION,
    AnswerChangedError,
    AnswerFaultError,
    TutorAnswers,
    TutorAnswersError,
    WrittenAnswer,
    passage_texts,
)
from corpus.markup import note_html
from index.encoder import chosen_encoder

if TYPE_CHECKING:
    from pathlib import Path

    from assistant import Assistant

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TEXTS = {"1.6#penetrance/1": "Penetrance is a share.", "1.6#penetrance/2": "It grows with age."}
ORDER = WrittenAnswer.checked(
    "How do I order exome sequencing in our hospital?", "Use form 7; see `1.6#penetrance/1`.", "ordering WES here\n\nordering WES here"
)


@pytest.fixture
def store(tmp_path: Path) -> TutorAnswers:
    """A store that has no file yet."""
    return TutorAnswers(tmp_path / "data" / "answers.sqlite")


def test_an_answer_is_read_back_as_it_was_saved(store: TutorAnswers) -> None:
    assert store.latest() == []
    kept = store.save(ORDER, TEXTS, now=NOW)
    assert store.latest() == [kept]
    assert (kept.number, kept.time) == (1, "2026-11-22T09:30:00+00:00")
    assert kept.written.phrasings == ("ordering WES here",)
    assert [cited.passage for cited in kept.cited] == ["1.6#penetrance/1"]


def test_every_revision_is_kept_and_the_latest_is_in_force(store: TutorAnswers) -> None:
    first = store.save(ORDER, TEXTS)
    second = store.save(WrittenAnswer(ORDER.question, "Use form 8."), TEXTS, answer=first.id, begun_from=1)
    assert store.latest() == [second]
    assert store.revisions(first.id) == [second, first]
    store.save(second.written, TEXTS, answer=first.id, begun_from=2, removed=True)
    assert store.latest() == []
    assert len(store.revisions(first.id)) == 3


def test_of_two_tutors_who_save_at_once_one_is_told_and_shown_the_others(store: TutorAnswers) -> None:
    first = store.save(ORDER, TEXTS)
    start, told, kept = threading.Barrier(2), [], []

    def save(body: str) -> None:
        start.wait()
        try:
            kept.append(store.save(WrittenAnswer(ORDER.question, body), TEXTS, answer=first.id, begun_from=1))
        except AnswerChangedError as error:
            told.append(error.now)

    savers = [threading.Thread(target=save, args=(body,)) for body in ("Form 8.", "Form 9.")]
    for saver in savers:
        saver.start()
    for saver in savers:
        saver.join()
    assert len(kept) == len(told) == 1
    assert told[0] == kept[0] == store.latest()[0]


def test_an_answer_says_which_cited_passages_have_changed(store: TutorAnswers) -> None:
    kept = store.save(WrittenAnswer("Q?", "See `1.6#penetrance/1`, 1.6#penetrance/2 and `9.9#none/1`."), TEXTS)
    assert kept.changed(TEXTS) == ()
    assert kept.changed(TEXTS | {"1.6#penetrance/2": "It falls with age."}) == ("1.6#penetrance/2",)
    assert kept.changed({"1.6#penetrance/2": TEXTS["1.6#penetrance/2"]}) == ("1.6#penetrance/1",)


@pytest.mark.parametrize(
    ("question", "body", "phrasings", "author", "fault"),
    [
        (" ", "A.", "", "", "no-question"),
        ("Q?", "\n", "", "", "no-answer"),
        ("Q" * (LONGEST_QUESTION + 1), "A.", "", "", "question-too-long"),
        ("Q?", "A.", "p" * (LONGEST_QUESTION + 1), "", "question-too-long"),
        ("Q?", "A" * (LONGEST_BODY + 1), "", "", "answer-too-long"),
        ("Q?", "A.", "\n".join(map(str, range(13))), "", "too-many-phrasings"),
        ("Q?", "A.", "", "n" * 81, "author-too-long"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_fault(question: str, body: str, phrasings: str, author: str, fault: str) -> None:
    with pytest.raises(AnswerFaultError) as refused:
        WrittenAnswer.checked(question, body, phrasings, author)
    assert refused.value.fault == fault


def test_a_file_of_a_newer_version_is_left_alone(store: TutorAnswers, tmp_path: Path) -> None:
    store.save(ORDER, TEXTS)
    path = tmp_path / "data" / "answers.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(TutorAnswersError, match="newer version"):
        TutorAnswers(path).latest()


def test_a_file_that_is_no_database_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "answers.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(TutorAnswersError, match="cannot be used"):
        TutorAnswers(tmp_path / "answers.sqlite").latest()


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        '<a href="data:text/html,x" onclick="alert(1)">a</a>',
        "<svg><script>alert(1)</script></svg>",
        '<p style="position:fixed" id="ui_main" class="skip">a</p>',
        "![a](https://example.org/a.png)",
        "<form action=/ask><button>a</button></form>",
    ],
)
def test_a_note_carries_nothing_but_words_and_links(text: str) -> None:
    html = note_html(text)
    for forbidden in (
        "<script",
        "<img",
        "<svg",
        "<form",
        "onerror=",
        "onclick=",
        'href="javascript',
        'href="data',
        "style=",
        "id=",
        "class=",
    ):
        assert forbidden not in html.replace("&lt;", "")


@pytest.fixture
def finder(store: TutorAnswers, assistant: Assistant) -> TaughtAnswers:
    """The finder over four real units with the shipped encoder."""
    texts = passage_texts(assistant.searcher.index.passages)
    return TaughtAnswers(store, chosen_encoder(None), assistant.searcher.names, texts, lambda text: assistant.ask(text).question.understood)


def test_an_answer_is_found_the_moment_it_is_saved_and_no_longer_once_it_is_removed(finder: TaughtAnswers) -> None:
    question = "How can I order exome sequencing at our hospital?"
    assert finder.find(question) is None
    kept = finder.store.save(ORDER, finder.texts)
    found = finder.find(question)
    assert found is not None
    assert found.answer == kept
    finder.store.save(ORDER, finder.texts, answer=kept.id, begun_from=1, removed=True)
    assert finder.find(question) is None


def test_an_answer_is_found_by_another_wording_of_its_question(finder: TaughtAnswers) -> None:
    asked = "Who pays for the spinraza injections?"
    kept = finder.store.save(WrittenAnswer("Is nusinersen reimbursed in China?", "Yes."), finder.texts)
    assert finder.find(asked) is None
    finder.store.save(WrittenAnswer("Is nusinersen reimbursed in China?", "Yes.", (asked,)), finder.texts, answer=kept.id, begun_from=1)
    assert finder.find(asked) is not None


def test_a_question_that_names_something_else_does_not_get_the_answer(finder: TaughtAnswers) -> None:
    finder.store.save(WrittenAnswer("What gene therapy exists for haemophilia B?", "One."), finder.texts)
    finder.store.save(WrittenAnswer("What is the pass mark of module 2?", "50."), finder.texts)
    assert finder.find("What gene therapy exists for haemophilia B?") is not None
    assert finder.find("What gene therapy exists for haemophilia A?") is None
    assert finder.find("What is the pass mark of module 4?") is None


def test_a_chinese_wording_is_found_by_a_chinese_question(finder: TaughtAnswers, assistant: Assistant) -> None:
    finder.store.save(WrittenAnswer("亨廷顿病的外显率是多少？", "见课程。"), finder.texts)
    assert finder.find(assistant.ask("亨廷顿病的外显率是多少?").question.understood) is not None


def test_a_broken_store_takes_no_answer_away_from_the_trainee(tmp_path: Path, assistant: Assistant) -> None:
    (tmp_path / "answers.sqlite").write_bytes(b"not a database" * 100)
    finder = TaughtAnswers(TutorAnswers(tmp_path / "answers.sqlite"), chosen_encoder(None), assistant.searcher.names, {})
    assert finder.find("anything") is None
