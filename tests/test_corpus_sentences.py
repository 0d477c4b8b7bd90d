"""Where sentences begin and end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sentences import sentence_spans


def split(text):
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "The variant c.235delC is common, e.g. in China.",
        "The change p.(Phe508del) is the commonest, i.e. about 70%.",
        "Carriers number 1 in 2,500 or 0.04% of people.",
        "Smith et al. showed so.",
        "See Fig. 3 and Vol. 2, No. 4.",
        "J. B. S. Haldane wrote it.",
        "Dr. Li saw Mr. Wang.",
        "A test (which is cheap. And quick) helps.",
        "Treatment with 5 mg/kg vs. placebo worked.",
        "The word “risk.” ends here",
        "no capital. and no stop",
    ],
)
def test_this_is_one_sentence(text):
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Penetrance is 80%. Onset is late.", ["Penetrance is 80%.", "Onset is late."]),
        ("Is it? Yes! Good.", ["Is it?", "Yes!", "Good."]),
        ("It is 5. mRNA is next.", ["It is 5.", "mRNA is next."]),
        ("携带率约为2%。广东更高！", ["携带率约为2%。", "广东更高！"]),
        ("He said “no.” She left.", ["He said “no.”", "She left."]),
        ("First.\n\n  Second.", ["First.", "Second."]),
        ("", []),
        (" \n", []),
    ],
)
def test_these_are_the_sentences(text, parts):
    assert split(text) == parts


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(".!?。 ()[]“”\nAae"))))
def test_spans_are_in_order_apart_and_leave_out_nothing_but_white_space(text):
    position = 0
    for start, end in sentence_spans(text):
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert text[start:end] == text[start:end].strip()
        position = end
    assert not text[position:].strip()
