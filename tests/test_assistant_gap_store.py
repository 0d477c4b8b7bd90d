"""Gaps in their file: made from a journal, made again, tended by several tutors, merged, split and closed."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from fakes import FakeEncoder

from assistant.gap_askings import examples
from assistant.gap_making import GapCourse, make_gaps
from assistant.gap_store import GapStore, GapStoreError
from assistant.gap_subjects import Subjects
from assistant.gap_tending import GapChangedError, GapEditError, merge, split, tend
from assistant.gap_trial import ask_again, ask_all_again
from assistant.journal import Journal
from assistant.reply import Answer, AnswerSentence, Citation, NotCovered, Partly, Question
from assistant.taught import Taught
from assistant.tutor_answers import TutorAnswer, WrittenAnswer

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.gap_store import Gap
    from assistant.reply import Reply

NOW = datetime(2026, 11, 1, tzinfo=UTC)
COURSE = GapCourse((), frozenset({"1.1#a"}), Subjects((), ["1.1#a"], 100, lambda _: 0), FakeEncoder(64))


class Term:
    """A journal and the gaps that are made of it."""

    def __init__(self, folder: Path) -> None:
        """An empty journal, no gaps."""
        self.journal = Journal(folder / "journal.sqlite")
        self.store = GapStore(folder / "gaps.sqlite")
        self._asked = 0

    def ask(self, *questions: str, days_ago: int = 3, state: str = "not_covered", times: int = 1) -> list[str]:
        """Questions that went so, each of a conversation of its own; the ids of their events."""
        ids = []
        for question in questions * times:
            self._asked += 1
            body = {"question": question, "understood": question, "language": "en", "state": state, "conversation": str(self._asked)}
            ids.append(self.journal.add("question", body | {"cited": ["1.1#a/1"]}, now=NOW - timedelta(days=days_ago)))
        return ids

    def make(self) -> dict[str, Gap]:
        """The gaps made anew, by their titles' first word."""
        make_gaps(self.journal, COURSE, self.store, now=NOW)
        return {gap.figures.title.split()[0].rstrip(":"): gap for gap in self.store.gaps()}


@pytest.fixture
def term(tmp_path: Path) -> Term:
    """A term that begins."""
    return Term(tmp_path)


FABRY = ("How is Fabry disease treated?", "recurrence risk of Fabry disease", "Is there newborn screening for Fabry disease?")
POMPE = ("How is Pompe disease treated?", "What is Pompe disease?")


def test_gaps_come_in_the_order_in_which_they_matter(term: Term) -> None:
    term.ask(*POMPE)
    term.ask(*FABRY)
    gaps = term.make()
    assert [gap.figures.questions for gap in gaps.values()] == [3, 2]
    assert list(gaps) == ["Fabry", "Pompe"]
    run = term.store.last_run()
    assert run is not None
    assert (run.questions, run.texts) == (5, 5)


def test_a_gap_keeps_its_id_when_questions_come_and_when_some_are_removed(term: Term) -> None:
    term.ask(*FABRY, days_ago=40)
    term.ask(*POMPE)
    first = term.make()
    term.ask("Which gene causes Fabry disease?", "What is the outlook in Fabry disease?")
    second = term.make()
    assert {name: gap.id for name, gap in first.items()} == {name: gap.id for name, gap in second.items()}
    term.journal.purge(NOW - timedelta(days=30))
    third = term.make()
    assert third["Fabry"].id == first["Fabry"].id
    assert third["Fabry"].figures.questions == 2


def test_a_gap_whose_questions_are_gone_is_not_shown_and_its_id_is_not_used_again(term: Term) -> None:
    term.ask(*FABRY, days_ago=40)
    gone = term.make()["Fabry"]
    term.journal.purge(NOW)
    term.ask(*POMPE)
    assert term.make()["Pompe"].id != gone.id
    assert term.store.gap(gone.id) is None


def test_what_was_removed_from_the_journal_is_not_kept_with_the_gaps(term: Term, tmp_path: Path) -> None:
    term.ask(*FABRY)
    gap = term.make()["Fabry"]
    tend(term.store, gap.id, gap.revision, status="planned", owner="", note="", who="Li")
    term.journal.purge(NOW)
    term.make()
    with sqlite3.connect(tmp_path / "gaps.sqlite") as database:
        assert database.execute("SELECT count(*) FROM asked").fetchone() == (0,)
    database.close()


def test_askings_older_than_questions_are_kept_are_forgotten_without_making_gaps_anew(term: Term) -> None:
    term.ask(*FABRY, days_ago=40)
    term.ask(*POMPE)
    gap = term.make()["Fabry"]
    assert term.store.forget(NOW - timedelta(days=30)) == 3
    with term.store.open() as database:
        assert examples(database, gap.id, 10) == []


def test_status_owner_and_note_survive_being_made_anew(term: Term) -> None:
    term.ask(*FABRY)
    gap = term.make()["Fabry"]
    tend(term.store, gap.id, gap.revision, status="planned", owner="Li Wei", note="a section in 2.11", who="Li Wei")
    term.ask("Which gene causes Fabry disease?")
    again = term.make()["Fabry"]
    assert (again.id, again.status, again.owner, again.note) == (gap.id, "planned", "Li Wei", "a section in 2.11")
    assert {line.what for line in term.store.lines(gap.id)} == {"status", "owner", "note"}


def test_of_two_tutors_who_change_one_gap_the_second_is_told_and_nothing_is_lost(term: Term) -> None:
    term.ask(*FABRY)
    gap = term.make()["Fabry"]
    tend(term.store, gap.id, gap.revision, status="planned", owner="Li", note="first", who="Li")
    with pytest.raises(GapChangedError) as told:
        tend(term.store, gap.id, gap.revision, status="outside", owner="", note="second", who="Wang")
    assert told.value.gap is not None
    assert told.value.gap.note == "first"
    tend(term.store, gap.id, told.value.gap.revision, status="outside", owner="", note="second", who="Wang")


def test_making_gaps_anew_is_no_change_by_hand(term: Term) -> None:
    term.ask(*FABRY)
    gap = term.make()["Fabry"]
    term.make()
    tend(term.store, gap.id, gap.revision, status="planned", owner="", note="", who="Li")


def test_a_merge_holds_and_loses_no_question_and_the_old_address_leads_on(term: Term) -> None:
    term.ask(*FABRY)
    term.ask(*POMPE)
    gaps = term.make()
    one = merge(term.store, gaps["Fabry"].id, gaps["Fabry"].revision, gaps["Pompe"].id, who="Li")
    assert one.figures.questions == 5
    term.ask("What causes Pompe disease?")
    (again,) = term.make().values()
    assert (again.id, again.figures.questions) == (one.id, 6)
    went = term.store.gap(gaps["Pompe"].id)
    assert went is not None
    assert went.id == one.id


def test_a_split_holds_when_gaps_are_made_anew(term: Term) -> None:
    term.ask(*FABRY)
    gap = term.make()["Fabry"]
    with term.store.open() as database:
        chosen = [one.key for one in examples(database, gap.id, 10) if "newborn" in one.question]
    new = split(term.store, gap.id, gap.revision, chosen, who="Li")
    term.ask("Is newborn screening for Fabry disease done in China?")
    term.make()
    sizes = {one.id: one.figures.questions for one in term.store.gaps()}
    assert sizes == {gap.id: 2, new.id: 2}


def test_all_or_none_cannot_be_split_off(term: Term) -> None:
    term.ask(*FABRY)
    gap = term.make()["Fabry"]
    with term.store.open() as database:
        every = [one.key for one in examples(database, gap.id, 10)]
    for keys in ([], every, ["no such key"]):
        with pytest.raises(GapEditError):
            split(term.store, gap.id, gap.revision, keys, who="Li")


def test_a_gap_cannot_be_merged_with_itself_or_with_nothing(term: Term) -> None:
    term.ask(*FABRY)
    gap = term.make()["Fabry"]
    for other in (gap.id, "no such gap"):
        with pytest.raises(GapEditError):
            merge(term.store, gap.id, gap.revision, other, who="Li")


class Course:
    """A course that answers whatever holds one of its words, from a passage."""

    def __init__(self, *words: str, passage: str = "2.2#new/1", unsure: str = "") -> None:
        """The words that it knows, and one of which it is not sure, with where it finds that."""
        self._words = words
        self._passage = passage
        self._unsure, _, self._there = unsure.partition("@")

    def ask(self, question: str) -> Reply:
        """The reply."""
        asked = Question(question, question)
        if self._unsure and self._unsure in question:
            found = AnswerSentence("x", (Citation(1, "s", self._there, "m", "2.2", (), "/", "x"),))
            return Partly(asked, 0.4, (found,), (), ())
        if not any(word in question for word in self._words):
            return NotCovered(asked, 0.1, ())
        return Answer(asked, 0.9, (AnswerSentence("x", (Citation(1, "s", self._passage, "m", "2.2", (), "/", "x"),)),))


def test_a_gap_closes_itself_when_all_its_questions_are_answered_and_says_so(term: Term) -> None:
    term.ask(*FABRY)
    gap = term.make()["Fabry"]
    trial = ask_again(term.store, gap.id, Course("treated", "risk"))
    assert trial is not None
    assert (trial.answered, len(trial.results)) == (2, 3)
    still = term.store.gap(gap.id)
    assert still is not None
    assert still.status == "new"
    ask_again(term.store, gap.id, Course("Fabry"))
    closed = term.store.gap(gap.id)
    assert closed is not None
    assert closed.status == "answered"
    assert [(line.what, line.who) for line in term.store.lines(gap.id)] == [("closed_itself", "")]


def test_what_the_course_is_less_sure_of_counts_where_it_is_the_answer_to_the_gaps_other_questions(term: Term) -> None:
    """A garbled wording of the same; found elsewhere it stays open, and a gap of nothing else does."""
    term.ask(*FABRY)
    gap = term.make()["Fabry"]
    counts = [
        trial.answered
        for course in (
            Course("Fabry", unsure="treated@2.2#new/2"),
            Course("Fabry", unsure="treated@4.1#other/1"),
            Course(unsure="Fabry@2.2#new/1"),
        )
        if (trial := ask_again(term.store, gap.id, course)) is not None
    ]
    assert counts == [3, 2, 0]


def test_a_slip_in_what_a_question_is_about_does_not_keep_its_gap_open(term: Term) -> None:
    """Asked as the others spell it, it is answered from the section that answers them; alone it would not be."""
    term.ask(*FABRY, "How does Farbry disease begin?")
    gap = term.make()["Fabry"]
    trial = ask_again(term.store, gap.id, Course("Fabry", "fabry"))
    assert trial is not None
    assert (trial.answered, len(trial.results)) == (4, 4)


def test_an_answer_that_did_not_help_counts_only_once_it_has_changed(term: Term) -> None:
    (event,) = term.ask("What is Fabry disease?", state="covered")
    term.journal.add("feedback", {"about": event, "verdict": "not_helpful"}, now=NOW)
    gap = term.make()["Fabry"]
    same, other = ask_again(term.store, gap.id, Course("Fabry", passage="1.1#a/1")), ask_again(term.store, gap.id, Course("Fabry"))
    assert same is not None
    assert other is not None
    assert (same.answered, other.answered) == (0, 1)


def test_an_answered_gap_that_is_asked_again_in_vain_is_new_again(term: Term) -> None:
    term.ask(*FABRY)
    gap = term.make()["Fabry"]
    ask_again(term.store, gap.id, Course("Fabry"))
    assert term.make()["Fabry"].status == "answered"
    term.ask("Does Fabry disease affect the eye?", days_ago=-3650)
    again = term.make()["Fabry"]
    assert (again.id, again.status) == (gap.id, "new")
    assert term.store.lines(gap.id)[0].what == "opened_again"


def test_a_gap_closed_in_the_second_in_which_it_was_asked_stays_closed(term: Term) -> None:
    """Times are told apart to the millisecond."""
    for question in FABRY:
        body = {"question": question, "understood": question, "language": "en", "state": "not_covered", "conversation": question}
        term.journal.add(
            "question", body | {"cited": ["1.1#a/1"]}, now=datetime.now(UTC).replace(microsecond=0) + timedelta(milliseconds=1)
        )
    gap = term.make()["Fabry"]
    ask_again(term.store, gap.id, Course("Fabry"))
    assert term.make()["Fabry"].status == "answered"


def test_a_gap_outside_the_course_stays_so_whatever_is_asked(term: Term) -> None:
    term.ask("Is the weather in Chengdu warm?", times=3)
    (gap,) = term.make().values()
    tend(term.store, gap.id, gap.revision, status="outside", owner="", note="", who="Li")
    ask_again(term.store, gap.id, Course("weather"))
    left = term.store.gap(gap.id)
    assert left is not None
    assert left.status == "outside"


def test_phrases_met_before_are_not_encoded_again(term: Term) -> None:
    encoder = FakeEncoder(64, digest="counted")
    course = GapCourse((), COURSE.sections, COURSE.subjects, encoder)
    term.ask(*FABRY)
    make_gaps(term.journal, course, term.store, now=NOW)
    before = len(encoder.encoded)
    make_gaps(term.journal, course, term.store, now=NOW)
    assert before >= 1
    assert len(encoder.encoded) == before


def test_a_file_of_a_newer_version_and_one_that_is_none_are_refused_in_a_sentence(tmp_path: Path) -> None:
    newer = tmp_path / "newer.sqlite"
    with sqlite3.connect(newer) as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    with pytest.raises(GapStoreError, match="newer version"):
        GapStore(newer).gaps()
    damaged = tmp_path / "damaged.sqlite"
    damaged.write_bytes(b"this is no database at all, whatever its name says")
    with pytest.raises(GapStoreError, match="cannot be used"):
        GapStore(damaged).gaps()


class Tutors:
    """Tutors who answered whatever holds a word, at a time; or whose answer stands on a passage that has changed."""

    def __init__(self, word: str, time: datetime = NOW, changed: tuple[str, ...] = ()) -> None:
        """The word, the time and the passages."""
        self._word, self._changed = word, changed
        self._answer = TutorAnswer("a", 1, WrittenAnswer("q", "body"), (), time.isoformat(), removed=False)

    def find(self, understood: str) -> Taught | None:
        """The answer."""
        return Taught(self._answer, 1.0, self._changed) if self._word in understood else None


def test_a_gap_closes_when_tutors_answer_what_the_course_does_not(term: Term) -> None:
    term.ask(*FABRY)
    gap = term.make()["Fabry"]
    for taught in (Tutors("screening"), Tutors("Fabry", changed=("1.1#a/1",))):
        ask_again(term.store, gap.id, Course("treated"), taught)
        still = term.store.gap(gap.id)
        assert still is not None
        assert still.status == "new"
    ask_again(term.store, gap.id, Course("treated", "risk"), Tutors("screening"))
    closed = term.store.gap(gap.id)
    assert closed is not None
    assert closed.status == "answered"


def test_an_answer_of_tutors_that_did_not_help_must_be_written_anew(term: Term) -> None:
    (event,) = term.ask("What is Fabry disease?")
    term.journal.add("feedback", {"about": event, "verdict": "not_helpful"}, now=NOW)
    gap = term.make()["Fabry"]
    counts = [
        trial.answered
        for time in (NOW - timedelta(days=30), NOW)
        if (trial := ask_again(term.store, gap.id, Course(), Tutors("Fabry", time))) is not None
    ]
    assert counts == [0, 1]


def test_every_open_gap_is_asked_again_and_those_that_closed_are_told(term: Term) -> None:
    term.ask(*FABRY)
    term.ask(*POMPE)
    gaps = term.make()
    tend(term.store, gaps["Pompe"].id, gaps["Pompe"].revision, status="outside", owner="", note="", who="Li")
    told: list[tuple[str, int, int]] = []
    closed = ask_all_again(term.store, Course("Fabry", "Pompe"), progress=lambda *how: told.append(how))
    assert [one.id for one in closed] == [gaps["Fabry"].id]
    assert told == [("asking", 0, 1)]


def test_what_a_tutors_answer_stood_beside_is_no_gap_unless_it_did_not_help(term: Term) -> None:
    body = {"question": "What is Fabry disease?", "state": "not_covered", "language": "en", "conversation": "c", "taught": "a"}
    answered, not_helped, told = (term.journal.add("question", body, now=NOW) for _ in range(3))
    assert answered
    assert term.make() == {}
    term.journal.add("feedback", {"about": not_helped, "verdict": "not_helpful"}, now=NOW)
    term.journal.add("note", {"about": told, "question": "", "note": "more, please"}, now=NOW)
    assert term.make()["Fabry"].figures.questions == 2
