"""Questions that a unit expects, in trainees' own words: ways in to its sections, kept beside the unit.

`06-mendelian-inheritance.md` has its questions in `06-mendelian-inheritance.questions.yaml`:

    format: 1
    sections:
      autosomal-dominant:
        - ask: One parent has it. What is the risk to each child?
          says: Each child of an affected parent has

`says` is how the sentence (or table row) begins that answers; without it the section answers as a whole. Knows nothing of search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from corpus.course import ExpectedQuestion
from corpus.safe_yaml import read_yaml
from corpus.source import CourseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from corpus.course import Section, Sentence

FORMAT = 1
ENDING = ".questions.yaml"


def questions_file(unit_file: Path) -> Path:
    """Where the questions of a unit's file stand, if it has any."""
    return unit_file.with_name(unit_file.stem + ENDING)


def read_expected_questions(data: bytes, name: str, sections: Sequence[Section]) -> tuple[ExpectedQuestion, ...]:
    """The questions of a unit with these sections, from the bytes of the file `name`.

    A question whose section is not there is left out, and one whose sentence is not there points at its section: both are told
    by `course check`. Raises CourseError if the file is malformed.
    """
    by_anchor = {section.anchor: section for section in sections}
    return tuple(
        ExpectedQuestion(ask, anchor, sentence.id if (sentence := _sentence(by_anchor[anchor], says)) else "")
        for anchor, ask, says in written_questions(data, name)
        if anchor in by_anchor
    )


def written_questions(data: bytes, name: str) -> list[tuple[str, str, str]]:
    """(anchor of the section, question, how the sentence begins or "") as the file says. Raises CourseError if it is malformed."""
    try:
        content = read_yaml(data.decode("utf-8-sig"))
        if content["format"] != FORMAT:
            message = f"{name}:1: the questions have format {content['format']!r}; this version reads format {FORMAT}."
            raise CourseError(message)
        return list(_written(content["sections"] or {}))
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        message = f"{name}:{line}: the questions are not YAML; correct that line, or quote the text on it."
        raise CourseError(message) from error
    except (UnicodeDecodeError, ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        message = f"{name}:1: the questions must be “format: {FORMAT}” and “sections”, each with a list of “ask” and “says” ({error})."
        raise CourseError(message) from error


def dangling(sections: Sequence[Section], anchor: str, says: str) -> str:
    """What a question points at that is not there: a section, or the beginning of a sentence; "" if all is well."""
    section = next((one for one in sections if one.anchor == anchor), None)
    if section is None:
        return f"section “{anchor}”"
    return f"sentence “{says}”" if says and _sentence(section, says) is None else ""


def _written(sections: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for anchor, questions in sections.items():
        for one in questions or ():
            yield str(anchor), " ".join(str(one["ask"]).split()), " ".join(str(one.get("says") or "").split())


def _sentence(section: Section, says: str) -> Sentence | None:
    sentences = (sentence for block in section.blocks for sentence in block.sentences)
    return next((sentence for sentence in sentences if says and " ".join(sentence.text.split()).startswith(says)), None)
