"""The glossary of the course: terms, their other names, their Chinese names and their definitions, from `glossary.yaml`.

Knows nothing of questions; it only says what the course calls things.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from corpus.course import GlossaryEntry
from corpus.safe_yaml import read_yaml
from corpus.source import CourseError

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("condition", "gene", "test", "concept", "drug", "organisation", "law", "tool", "sign")
_LISTS = ("abbreviations", "synonyms", "chinese", "genes", "conditions")


def read_glossary(path: Path) -> tuple[GlossaryEntry, ...]:
    """Read `glossary.yaml`; a course without one has no glossary. Raises CourseError if it is malformed."""
    if not path.is_file():
        return ()
    try:
        data = read_yaml(path.read_text(encoding="utf-8"))
        return tuple(_entry(item) for item in data or ())
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        message = f"{path.name}:{line}: the glossary is not YAML; correct that line, or quote the text on it."
        raise CourseError(message) from error
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        message = f"{path.name}:1: the glossary must be a list of entries with “term”, “definition” and “section” ({error})."
        raise CourseError(message) from error


def _entry(item: dict[str, Any]) -> GlossaryEntry:
    lists = {name: tuple(str(value) for value in _listed(item.get(name))) for name in _LISTS}
    return GlossaryEntry(
        term=str(item["term"]),
        kind=str(item.get("kind", "concept")),
        definition=str(item.get("definition", "")),
        section=str(item.get("section", "")),
        **lists,
    )


def _listed(value: Any) -> list[Any]:
    """A value of a list; one text counts as a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]
