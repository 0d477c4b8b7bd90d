"""A folder becomes a course, or one clear sentence says why it cannot."""

from __future__ import annotations

import os

import pytest
import tiny_course

from corpus import CourseError, course_digest, load_course


def test_a_course_has_its_syllabus_modules_and_units_in_teaching_order(tmp_path):
    course = load_course(tiny_course.course(tmp_path))
    assert course.title == "A tiny course"
    assert [(module.title, module.units) for module in course.modules] == [("First module", ("1.1", "1.2"))]
    assert list(course.units) == ["1.1", "1.2"]
    assert course.units["1.1"].module == "First module"
    assert course.units["1.1"].aliases == ("pitfalls",)
    assert course.outcomes["1.1.b"].text == "Read a box"


def test_the_modules_folder_stands_for_the_course_around_it(tmp_path):
    tiny_course.course(tmp_path)
    assert load_course(tmp_path / "modules") == load_course(tmp_path)


def test_a_tree_of_markdown_without_front_matter_is_a_course_too(tmp_path):
    for name, text in {"a.md": "# Alpha\n\nOne.", "deep/b-file.md": "Two.", ".hidden/c.md": "No."}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    course = load_course(tmp_path)
    assert {unit.id: unit.title for unit in course.units.values()} == {"a": "Alpha", "deep/b-file": "b file"}
    assert course.modules == ()


def test_units_are_in_the_order_of_their_numbers(tmp_path):
    for number in ("1.10", "1.9", "1.2"):
        (tmp_path / f"{number}.md").write_text(f'---\nunit: "{number}"\n---\nText.', encoding="utf-8")
    assert list(load_course(tmp_path).units) == ["1.2", "1.9", "1.10"]


def test_the_digest_changes_with_every_file_and_name(tmp_path):
    digests = {course_digest(tiny_course.course(tmp_path))}
    (tmp_path / tiny_course.PLAIN).write_text("Other text.", encoding="utf-8")
    digests.add(course_digest(tmp_path))
    (tmp_path / "glossary.yaml").write_text("[]", encoding="utf-8")
    digests.add(course_digest(tmp_path))
    (tmp_path / tiny_course.PLAIN).rename(tmp_path / "modules/1-first/03-plain.md")
    digests.add(course_digest(tmp_path))
    assert len(digests) == 4


def test_the_same_files_give_the_same_digest_anywhere(tmp_path):
    assert course_digest(tiny_course.course(tmp_path / "a")) == course_digest(tiny_course.course(tmp_path / "b"))


BAD = {
    "not UTF-8": ({tiny_course.PLAIN: b"---\nunit: a\n---\nok\n\xff\xfe"}, r"02-plain\.md:5: .*UTF-8"),
    "front matter that is not YAML": ({tiny_course.PLAIN: "---\nunit: [1\n---\nx"}, r"02-plain\.md:3: .*not YAML"),
    "a day that is none": ({tiny_course.PLAIN: "---\nreviewed: 2026-13-41\n---\nx"}, r"02-plain\.md:2: .*not YAML"),
    "front matter that is a list": ({tiny_course.PLAIN: "---\n- a\n---\nx"}, r"02-plain\.md:2: .*name: value"),
    "a title that is a mapping": ({tiny_course.PLAIN: "---\ntitle: {a: b}\n---\nx"}, r"02-plain\.md: “title” .*list of plain texts"),
    "two sections of one id": ({tiny_course.PLAIN: "## A {#a}\n\n## B {#a}\n"}, r"02-plain\.md:3: the id “a” is used by two headings"),
    "two units of one id": (
        {tiny_course.PLAIN: '---\nunit: "1.1"\n---\nx'},
        r"02-plain\.md:2: the unit id “1\.1” is already used by .*01-traps\.md",
    ),
    "a unit id that no address can hold": ({tiny_course.PLAIN: '---\nunit: "1#1"\n---\nx'}, r"02-plain\.md:2: “1#1” is no unit id"),
    "a huge file": ({tiny_course.PLAIN: "x" * (4 * 1024 * 1024 + 1)}, r"02-plain\.md: .*larger than 4 MB; split"),
    "a syllabus that is not YAML": ({"syllabus.yaml": "a: [\n"}, r"syllabus\.yaml:\d+: .*cannot be read"),
    "a syllabus without modules": ({"syllabus.yaml": "course: x\n"}, r"syllabus\.yaml:1: .*KeyError"),
    "a glossary that is not YAML": ({"glossary.yaml": "- term: [\n"}, r"glossary\.yaml:\d+: the glossary is not YAML"),
    "a glossary that is no list": ({"glossary.yaml": "term: x\n"}, r"glossary\.yaml:1: the glossary must be a list"),
    "a glossary that is not UTF-8": ({"glossary.yaml": b"- term: \xff\n"}, r"glossary\.yaml:1: "),
}


@pytest.mark.parametrize(("files", "message"), BAD.values(), ids=BAD.keys())
def test_bad_input_gives_one_sentence_with_file_and_remedy(tmp_path, files, message):
    with pytest.raises(CourseError, match=message) as raised:
        load_course(tiny_course.course(tmp_path, files))
    assert "\n" not in str(raised.value)


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(CourseError, match="there is no such folder; give the folder"):
        load_course(tmp_path / "nowhere")


def test_a_file_in_place_of_a_folder_is_told(tmp_path):
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(CourseError, match="there is no such folder"):
        load_course(tmp_path / "file")


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(CourseError, match=r"there is no Markdown file \(\*\.md\) in it"):
        load_course(tmp_path)


def test_an_unreadable_file_is_told(tmp_path, monkeypatch):
    tiny_course.course(tmp_path)
    refused = PermissionError(13, "Permission denied")
    real = type(tmp_path).read_bytes

    def read_bytes(path):
        if path.name == "02-plain.md":
            raise refused
        return real(path)

    monkeypatch.setattr(type(tmp_path), "read_bytes", read_bytes)
    with pytest.raises(CourseError, match=r"02-plain\.md: the file cannot be read \(Permission denied\)"):
        load_course(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_something_that_is_no_plain_file_is_passed_over(tmp_path):
    tiny_course.course(tmp_path)
    os.mkfifo(tmp_path / "modules/1-first/pipe.md")
    assert list(load_course(tmp_path).units) == ["1.1", "1.2"]
