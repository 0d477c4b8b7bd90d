"""Parsed units kept between runs: exactly what was parsed, or nothing."""

from __future__ import annotations

import json

import pytest
import tiny_course
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import Block, CheckQuestion, ExpectedQuestion, Section, Sentence, Unit, UnitArchive, load_course, loading
from corpus.source import CourseError

TEXT = st.text(max_size=6)
SHORT = st.lists(TEXT, max_size=2).map(tuple)


def tuples(strategy):
    return st.lists(strategy, max_size=2).map(tuple)


SENTENCES = st.builds(Sentence, TEXT, TEXT, tuples(st.tuples(TEXT, TEXT)))
BLOCKS = st.builds(Block, st.sampled_from(["paragraph", "list", "table", "code", "figure"]), tuples(SENTENCES), TEXT, TEXT, TEXT)
SECTIONS = st.builds(Section, TEXT, TEXT, st.integers(0, 6), SHORT, SHORT, tuples(BLOCKS), st.integers(1, 9))
QUESTIONS = st.builds(CheckQuestion, TEXT, TEXT, TEXT, TEXT, st.integers(1, 9))
EXPECTED = st.builds(ExpectedQuestion, TEXT, TEXT, TEXT)
UNITS = st.builds(
    Unit, TEXT, TEXT, TEXT, TEXT, TEXT, tuples(SECTIONS), tuples(QUESTIONS), tuples(EXPECTED), SHORT, SHORT, SHORT, TEXT, TEXT
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(unit=UNITS)
def test_a_kept_unit_comes_back_the_same(tmp_path, unit):
    path = tmp_path / "units.jsonl"
    path.unlink(missing_ok=True)
    UnitArchive(path).keep([unit])
    assert UnitArchive(path).get(unit.file, unit.digest) == unit


def test_a_course_read_through_the_archive_is_the_same_course(tmp_path):
    folder, path = tiny_course.course(tmp_path / "course"), tmp_path / "kept" / "units.jsonl"
    first = load_course(folder, UnitArchive(path))
    assert load_course(folder, UnitArchive(path)) == first == load_course(folder)


def test_only_a_changed_file_is_parsed_again(tmp_path, monkeypatch):
    folder, path = tiny_course.course(tmp_path / "course"), tmp_path / "units.jsonl"
    load_course(folder, UnitArchive(path))
    (folder / tiny_course.PLAIN).write_text(tiny_course.PLAIN_TEXT.replace("third", "fourth"), encoding="utf-8")
    parsed = []
    real = loading._unit

    def parse(source, ids, questions, key):
        parsed.append(source.file)
        return real(source, ids, questions, key)

    monkeypatch.setattr(loading, "_unit", parse)
    course = load_course(folder, UnitArchive(path))
    assert parsed == ["1-first/02-plain.md"]
    assert course == load_course(folder)


def test_a_damaged_archive_is_passed_over(tmp_path):
    folder, path = tiny_course.course(tmp_path / "course"), tmp_path / "units.jsonl"
    whole = load_course(folder, UnitArchive(path))
    kept = path.read_bytes()
    for damaged in (b"", b"{}", kept[:-20], kept.replace(b"Plain", b"Blank"), kept.replace(b'"format": 1', b'"format": 0'), b"\xff\xfe"):
        path.write_bytes(damaged)
        assert load_course(folder, UnitArchive(path)) == whole


def test_an_archive_that_cannot_be_written_is_no_fault(tmp_path):
    folder = tiny_course.course(tmp_path / "course")
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert load_course(folder, UnitArchive(tmp_path / "file" / "units.jsonl")).units


def test_the_archive_says_its_format_and_digest(tmp_path):
    path = tmp_path / "units.jsonl"
    load_course(tiny_course.course(tmp_path / "course"), UnitArchive(path))
    head = json.loads(path.read_bytes().partition(b"\n")[0])
    assert set(head) == {"format", "sha256"}


def test_a_course_that_cannot_be_read_leaves_the_archive_alone(tmp_path):
    folder, path = tiny_course.course(tmp_path / "course"), tmp_path / "units.jsonl"
    load_course(folder, UnitArchive(path))
    kept = path.read_bytes()
    (folder / tiny_course.PLAIN).write_text("## A {#a}\n\n## B {#a}\n", encoding="utf-8")
    with pytest.raises(CourseError):
        load_course(folder, UnitArchive(path))
    assert path.read_bytes() == kept
