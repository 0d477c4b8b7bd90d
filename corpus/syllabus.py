"""The course specification: modules, units and learning outcomes, read from `syllabus.yaml`.

Knows nothing of the text that answers the outcomes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any

import yaml

from corpus.course import Module, Outcome
from corpus.safe_yaml import read_yaml
from corpus.source import CourseError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Syllabus:
    """What the course sets out to teach. `titles` are the titles of the planned units by id."""

    title: str = ""
    modules: tuple[Module, ...] = ()
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


def read_syllabus(path: Path) -> Syllabus:
    """Read `syllabus.yaml`; a course without one has no modules and no outcomes. Raises CourseError if it is malformed."""
    if not path.is_file():
        return Syllabus()
    try:
        data = read_yaml(path.read_text(encoding="utf-8"))
        return _syllabus(data)
    except (OSError, ValueError, RecursionError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        message = f"{path.name}:{line}: the syllabus cannot be read ({type(error).__name__}); give “course” and “modules” with their units and outcomes."
        raise CourseError(message) from error


def _syllabus(data: Any) -> Syllabus:
    modules: list[Module] = []
    outcomes: dict[str, Outcome] = {}
    titles: dict[str, str] = {}
    for module in data["modules"]:
        units = [str(unit["id"]) for unit in module["units"]]
        modules.append(Module(str(module["id"]), str(module["title"]), tuple(units)))
        for unit_id, unit in zip(units, module["units"], strict=True):
            titles[unit_id] = str(unit["title"])
            for letter, text in zip(ascii_lowercase, unit["outcomes"], strict=False):
                outcome = Outcome(f"{unit_id}.{letter}", unit_id, str(text))
                outcomes[outcome.id] = outcome
    return Syllabus(str(data["course"]), tuple(modules), outcomes, titles)
