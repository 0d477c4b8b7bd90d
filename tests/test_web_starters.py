"""Questions to start with: a group a module, the same all day, others tomorrow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from corpus import load_course
from web.starters import starters

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 22)


def test_each_module_has_a_group_of_different_units(four_units: Path) -> None:
    course = load_course(four_units)
    groups = starters(course, DAY, each=2)
    assert [group.title for group in groups] == [module.title for module in course.modules if set(module.units) & set(course.units)]
    for group in groups:
        assert len(set(group.questions)) == 2
    unit_of = {one.question: unit.id for unit in course.units.values() for one in unit.check_questions}
    assert len({unit_of[question] for question in groups[-1].questions}) == 2


def test_the_questions_stay_within_a_day_and_change_over_days(four_units: Path) -> None:
    course = load_course(four_units)
    assert starters(course, DAY) == starters(course, DAY)
    assert len({starters(course, DAY + timedelta(days=n)) for n in range(7)}) == 7


def test_a_module_or_unit_that_was_chosen_has_twice_as_many_of_its_own(four_units: Path) -> None:
    course = load_course(four_units)
    unit_of = {one.question: unit.id for unit in course.units.values() for one in unit.check_questions}
    (module,) = starters(course, DAY, "3", each=2)
    assert len(module.questions) == 4
    assert {unit_of[question] for question in module.questions} == {"3.4", "3.9"}
    (unit,) = starters(course, DAY, "2.8", each=2)
    assert unit.title == course.units["2.8"].title
    assert len(unit.questions) == 4
    assert {unit_of[question] for question in unit.questions} == {"2.8"}
