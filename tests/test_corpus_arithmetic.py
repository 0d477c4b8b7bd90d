"""The course's worked calculations come out as stated, and the evaluator takes nothing but arithmetic."""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpus
from corpus.calculations import CalculationError, calculation_blocks, check_calculations, evaluate, work
from corpus.course_text import read_course_text

FEWEST_BLOCKS = 50
"""The course has this many worked calculations and more; fewer would mean that they are no longer found."""


@pytest.fixture(scope="module")
def course():
    return read_course_text(Path(corpus.__file__).parent)


def test_every_calculation_of_the_course_comes_out_as_stated(course):
    assert [str(fault) for fault in check_calculations(course)] == []


def test_the_calculations_of_the_course_are_found(course):
    blocks = [block for written in course.units for block in calculation_blocks(written)]
    assert len(blocks) >= FEWEST_BLOCKS
    assert all("=" in block for block in blocks)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1/10,000", 0.0001),
        ("12,345,678", 12345678),
        ("2.5%", 0.025),
        ("1 - 90%", 0.1),
        ("2 * q * (1 - q)", 0.18),
        ("-2 ** 2", -4),
        ("sqrt(16) + exp(0) + log(1) + log10(100)", 7),
        ("round(2.567, 2)", 2.57),
        ("round((235 + 2) / 3)", 79),
    ],
)
def test_arithmetic_is_worked_out(expression, value):
    assert evaluate(expression, {"q": 0.1}) == pytest.approx(value)


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os')", "().__class__", "q.real", "[1]", "'a' * 9", "lambda: 1", "9 ** 9 ** 9 ** 9", "1 / 0", "sqrt(-1)", "exp(1e9)",
        "round(1, 2, 3)", "sqrt()", "open(1)", "q(1)", "1 if 1 else 2", "1 < 2", "True", "1j", "", "(", "unknown", "9" * 400, "1e400", "(" * 300,
    ],
)  # fmt: skip
def test_anything_else_is_refused(expression):
    with pytest.raises(CalculationError):
        evaluate(expression, {"q": 0.1})


@pytest.mark.parametrize(
    "line",
    [
        "a = 1/3 ≈ 0.33", "a = 1/3 ≈ 33%", "a = 1/3 ≈ 33.3%", "a = 1/50.9 ≈ 1/50", "a = 1/25 = 4%", "a = 2/3 * 1/4 = 1/6", "a = 12,345 ≈ 12,300",
        "a = 49.7 ≈ 50", "a = 5", "a = 1/3  # no value", "a = 3.14159 ≈ 3.142", "a = -2.46 ≈ -2.5", "a = 0.1 + 0.2 = 0.3",
    ],
)  # fmt: skip
def test_a_value_that_is_right_or_rightly_rounded_passes(line):
    assert work(line, {}) is not None


@pytest.mark.parametrize(
    "line",
    [
        "a = 1/3 = 0.33", "a = 1/3 ≈ 0.34", "a = 1/3 ≈ 34%", "a = 1/52 ≈ 1/50", "a = 12,345 ≈ 12,500", "a = 48 ≈ 50", "a = 1/25 = 5%",
        "1/25 = 0.04", "a", "a = ", "a = 1 = 1 = 1", "a = 1 ≈ b",
    ],
)  # fmt: skip
def test_any_other_value_is_a_fault(line):
    with pytest.raises(CalculationError):
        work(line, {})


def test_a_remark_or_an_empty_line_is_no_calculation():
    assert work("  # only a remark", {}) is None
    assert work("", {}) is None


def test_a_name_keeps_its_value_to_the_end_of_the_unit():
    names = {}
    for line in ("q = 0.1", "p = 1 - q = 0.9", "both = p * q = 0.09"):
        worked = work(line, names)
        names[worked.name] = worked.computed
    assert names == pytest.approx({"q": 0.1, "p": 0.9, "both": 0.09})


@given(st.text(max_size=30))
def test_whatever_the_line_it_is_worked_out_or_refused(line):
    worked = None
    with suppress(CalculationError):
        worked = work(line, {"q": 0.1})
    assert worked is None or math.isfinite(worked.computed)


@given(st.floats(0.001, 0.999), st.integers(1, 5))
def test_a_number_rounded_by_python_is_rightly_rounded(value, digits):
    assert work(f"a = {value:.12f} ≈ {float(f'{value:.12f}'):.{digits}f}", {}) is not None
