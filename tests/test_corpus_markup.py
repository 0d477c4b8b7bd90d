"""Every sentence is an element of the page, whatever the Markdown; nothing unsafe is."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

import pytest
import tiny_course
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import load_course
from corpus.course import ADDRESS

VOID = {"br", "hr", "img", "wbr"}


class Page(HTMLParser):
    """The text content of each element that has an id, read as a browser would, without the code under test."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.ids = Counter()
        self.tags = Counter()
        self.attributes = []
        self.texts = {}
        self._open = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        """Note the element, and open it."""
        identifier = dict(attrs).get("id")
        self.tags[tag] += 1
        self.attributes += [(tag, *attribute) for attribute in attrs]
        if identifier is not None:
            self.ids[identifier] += 1
            self.texts[identifier] = ""
        if tag not in VOID:
            self._open.append((tag, identifier))

    def handle_endtag(self, tag):
        """Close the element, which must be the one last opened."""
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        """Add the text to every open element with an id."""
        for _, identifier in self._open:
            if identifier is not None:
                self.texts[identifier] += data


def assert_sentences_stand_on_the_page(course):
    for unit in course.units.values():
        page = Page(unit.html)
        assert all(count == 1 for count in page.ids.values()), [name for name, count in page.ids.items() if count > 1]
        for section in unit.sections:
            assert section.anchor == "_opening" or page.ids[section.anchor] == 1
            for block in section.blocks:
                for sentence in block.sentences:
                    name, _, fragment = sentence.id.partition("#")
                    assert name == unit.id
                    assert " ".join(page.texts[fragment].split()) == sentence.text
    identifiers = [
        sentence.id
        for unit in course.units.values()
        for section in unit.sections
        for block in section.blocks
        for sentence in block.sentences
    ]
    assert len(identifiers) == len(set(identifiers))


@pytest.fixture
def course(tmp_path):
    return load_course(tiny_course.course(tmp_path))


def test_each_sentence_is_the_text_of_exactly_one_element(course):
    assert_sentences_stand_on_the_page(course)


def test_text_that_looks_like_a_heading_or_markup_in_code_stays_text(course):
    sections = {section.anchor: section for section in course.units["1.1"].sections}
    assert "not-a-heading" not in sections
    lines = [sentence.text for block in sections["code"].blocks for sentence in block.sentences]
    assert "## not a heading {#not-a-heading}" in lines
    assert 'print("<b>not bold</b>")' in lines


def test_raw_html_is_sanitised(course):
    page = Page(course.units["1.1"].html)
    assert not {"script", "iframe", "style"} & set(page.tags)
    assert not [attribute for attribute in page.attributes if attribute[1].startswith("on") or attribute[1] == "style"]
    assert "alert" not in course.units["1.1"].html
    assert "evil.example" not in course.units["1.1"].html


def test_links_within_the_course_become_addresses(course):
    links = {value for tag, name, value in Page(course.units["1.2"].html).attributes if (tag, name) == ("a", "href")}
    assert links == {f"{ADDRESS}1.1#table", f"{ADDRESS}1.1"}


def test_figures_beside_the_unit_are_shown_and_pictures_from_outside_are_not(course):
    sources = [value for tag, name, value in Page(course.units["1.1"].html).attributes if (tag, name) == ("img", "src")]
    assert sources == ["", f"{ADDRESS}1.1/figures/1.1-pedigree.svg"]


def test_footnote_marks_are_no_part_of_a_quote(course):
    texts = [s.text for section in course.units["1.1"].sections for block in section.blocks for s in block.sentences]
    assert "A fact with a footnote." in texts


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(course, tmp_path):
    other = tmp_path / "other"
    text = tiny_course.TRAPS_TEXT.replace("\n", "\r\n").encode("utf-8-sig")
    again = load_course(tiny_course.course(other, {tiny_course.TRAPS: text}))
    assert again.units["1.1"].html == course.units["1.1"].html
    assert again.units["1.1"].sections == course.units["1.1"].sections


PIECES = st.sampled_from(
    [
        "## Heading", "### Heading {#here}", "Text. More text!", "- item\n    - nested. Two.", "1. one", "| a | b |\n|---|---|\n| 1 | 2. 3 |",
        "```\ncode\n```", "```", "!!! china\n    Boxed. Text.", "[^1]", "[^1]: A note.", "<b>bold", "</div>", "<div>x", "<!-- no -->",
        "**bold. Not", "`code. `", "![alt](x.svg)", "[link](#here)", "> quote. Two.", "Term\n: Def. Two.", "&lt;p&gt;", "<p id='x'>y</p>",
        "中文。句子！", "e.g. this", "\x02\x03", "***", "\\", "<script>x</script>", "    indented", "<td>cell", "<li>loose", "<table><tr><td>x",
    ],
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES, min_size=1, max_size=8), joint=st.sampled_from(["\n", "\n\n", " "]))
def test_each_sentence_is_on_the_page_whatever_the_markdown(tmp_path, pieces, joint):
    text = joint.join(pieces).replace("{#here}", "", max(joint.join(pieces).count("{#here}") - 1, 0))
    (tmp_path / "any.md").write_text(text, encoding="utf-8")
    assert_sentences_stand_on_the_page(load_course(tmp_path))
