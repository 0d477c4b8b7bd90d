"""HTML read, cut at offsets of its text, and written back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpus.tree import Element, cut, read, text_of, written

TEXTS = st.text(alphabet="ab<&\"' é中", min_size=1, max_size=5)
NODES = st.recursive(
    st.lists(TEXTS, max_size=1),
    lambda below: st.lists(
        st.one_of(
            TEXTS, st.builds(Element, st.sampled_from(["em", "b", "a"]), st.dictionaries(st.sampled_from(["id", "href"]), TEXTS), below)
        ),
        max_size=4,
    ),
    max_leaves=12,
)


def empty(nodes):
    found = [node for node in nodes if isinstance(node, Element) and not text_of(node)]
    return found + [below for node in nodes if isinstance(node, Element) and text_of(node) for below in empty(node.children)]


def test_markup_is_written_as_it_was_read():
    html = '<p id="a">x &amp; <em>y &lt; z</em><br>中<img src="f.svg" alt="&quot;"></p>'
    assert written(read(html).children) == html


def test_an_end_tag_without_a_start_is_passed_over():
    assert written(read("a</b>c<i>d").children) == "ac<i>d</i>"


@given(NODES)
def test_what_is_written_reads_back_the_same(nodes):
    html = written(nodes)
    assert written(read(html).children) == html


@given(NODES, st.data())
def test_two_parts_of_a_cut_hold_the_text_once(nodes, data):
    text = text_of(nodes)
    place = data.draw(st.integers(0, len(text)))
    left, right = cut(nodes, 0, place), cut(nodes, place, len(text))
    assert text_of(left) == text[:place]
    assert text_of(right) == text[place:]
    if text:
        assert len(empty(left)) + len(empty(right)) == len(empty(nodes))


def test_an_element_that_is_cut_through_keeps_its_id_on_one_side():
    nodes = read('<ol class="c"><li id="a">one two</li></ol>').children
    assert written(cut(nodes, 0, 3)) == '<ol class="c"><li id="a">one</li></ol>'
    assert written(cut(nodes, 3, 7)) == '<ol class="c"><li> two</li></ol>'
