"""The worked calculations of the course, worked again: every line of a fenced `calc` block must give the value it states.

    disease_frequency = 1/10,000                      # incidence at birth
    q = sqrt(disease_frequency) = 0.01
    carrier_frequency = 2 * q * (1 - q) ≈ 1/50

A line is a name, an expression, and mostly a value: behind `=` exact, behind `≈` rounded to the digits shown. A name keeps
its value to the end of the unit. Knows nothing of what the numbers mean.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.tree import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from corpus.course_text import CourseText, UnitText
    from corpus.faults import Fault

CLOSE_FRACTION = 0.025
"""A rounded fraction such as 1/50, and a rounded whole number, may be off by this share of itself."""

_EXACT = 1e-9
_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: math.pow,
}
_FUNCTIONS: Mapping[str, tuple[Callable[..., float], int]] = {
    "sqrt": (math.sqrt, 1),
    "exp": (math.exp, 1),
    "log": (math.log, 1),
    "log10": (math.log10, 1),
    "round": (lambda value, digits=0.0: float(round(value, int(digits))), 2),
}
"""Each function with the most values it takes."""

_LINE = re.compile(r"(?P<name>\w+)\s*=\s*(?P<expression>[^=≈]+?)\s*(?:(?P<sign>[=≈])\s*(?P<value>[^=≈]+))?")
_LONGEST = 500


class CalculationError(Exception):
    """A line of a calculation cannot be worked out, or states another value; the message says which."""


@dataclass(frozen=True, slots=True)
class WorkedLine:
    """One line of a calculation: the name, what the expression gives, and the value that the text states, if it states one."""

    name: str
    computed: float
    stated: str = ""


def check_calculations(text: CourseText) -> Iterator[Fault]:
    """Every line of every worked calculation that does not come out as stated."""
    for written in text.units:
        names: dict[str, float] = {}
        for number, line in _calculation_lines(written):
            try:
                worked = work(line, names)
            except CalculationError as error:
                yield written.fault(
                    number, f"the calculation “{line.partition('#')[0].strip()}” {error}", "Correct the line and the text around it."
                )
            else:
                if worked is not None:
                    names[worked.name] = worked.computed


def calculation_blocks(written: UnitText) -> list[str]:
    """The text of each worked calculation of a unit, in order."""
    return [text_of(element) for element in written.page.descendants() if element.tag == "code" and "language-calc" in element.classes]


def _calculation_lines(written: UnitText) -> Iterator[tuple[int, str]]:
    """The lines of a unit's calculations with the lines of the file on which they stand."""
    number = 0
    for block in calculation_blocks(written):
        for line in block.split("\n"):
            if line.strip():
                at = (place for place in range(number, len(written.lines)) if written.lines[place].strip() == line.strip())
                number = next(at, number - 1) + 1
                yield max(number, 1), line


def work(line: str, names: Mapping[str, float]) -> WorkedLine | None:
    """Work out one line with the values of earlier `names`; None for a line without a calculation. Raises CalculationError."""
    plain = line.partition("#")[0].strip()
    if not plain:
        return None
    parts = _LINE.fullmatch(plain)
    if parts is None or len(plain) > _LONGEST:
        message = "is no “name = expression = value”."
        raise CalculationError(message)
    computed = evaluate(parts["expression"], names)
    stated = (parts["value"] or "").strip()
    if stated and not (_equal if parts["sign"] == "=" else _rounded)(computed, stated):
        message = f"gives {computed:.6g}."
        raise CalculationError(message)
    return WorkedLine(parts["name"], computed, stated)


def evaluate(expression: str, names: Mapping[str, float]) -> float:
    """The value of an expression of numbers, earlier names, + - * / ** and the few functions. Raises CalculationError."""
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", expression.strip())
    plain = re.sub(r"(\d[\d.]*)\s*%", r"(\1/100)", plain)
    try:
        value = _value(ast.parse(plain, mode="eval").body, names)
    except (SyntaxError, ValueError, ArithmeticError, RecursionError, MemoryError) as error:
        message = f"cannot be worked out ({expression.strip()})."
        raise CalculationError(message) from error
    if not math.isfinite(value):
        message = f"has no finite value ({expression.strip()})."
        raise CalculationError(message)
    return value


def _value(node: ast.expr, names: Mapping[str, float]) -> float:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return float(value)
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.Name(id=name):
            message = f"uses “{name}”, which no line above defines."
            raise CalculationError(message)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, names)
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
            return _OPERATORS[type(sign)](_value(left, names), _value(right, names))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in _FUNCTIONS and 1 <= len(args) <= _FUNCTIONS[name][1]:
            return _FUNCTIONS[name][0](*[_value(argument, names) for argument in args])
        case _:
            message = "holds something that is not arithmetic."
            raise CalculationError(message)


def _equal(computed: float, stated: str) -> bool:
    return math.isclose(computed, evaluate(stated, {}), rel_tol=_EXACT, abs_tol=1e-15)


def _rounded(computed: float, stated: str) -> bool:
    """Whether the value stated is the computed one, rounded to the digits shown (half a unit of the last one either way)."""
    value = evaluate(stated, {})
    share = CLOSE_FRACTION * abs(value)
    number = re.fullmatch(r"-?(\d[\d,]*)(?:\.(\d+))?\s*(%?)", stated)
    if number is None:
        return abs(computed - value) <= share
    whole, decimals, percent = number.groups()
    if decimals is None and not percent:
        zeros = len(whole) - len(whole.rstrip("0,")) - whole[len(whole.rstrip("0,")) :].count(",")
        half = max(0.5, min(0.5 * 10.0**zeros, share))
    else:
        half = 0.5 * 10.0 ** -len(decimals or "") / (100 if percent else 1)
    return abs(computed - value) <= half * (1 + 1e-6)
