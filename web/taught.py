"""What tutors answered, beside what the course says: looked for whenever a turn is shown, so that it is there the moment it is saved.

Knows nothing of how an answer is found or kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from markupsafe import Markup

from assistant.reply import Boundary, Unreadable
from assistant.tutor_answers import CITED
from corpus.markup import address, note_html
from web import answers
from web.services import services

if TYPE_CHECKING:
    from datetime import date

    from assistant.reply import Reply
    from assistant.taught import Taught, TaughtAnswers
    from assistant.tutor_answers import TutorAnswer
    from web.answers import Shown
    from web.places import Places

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|])")


@dataclass(frozen=True, slots=True)
class TutorsWord:
    """A tutor's answer as it is read. `changed` means that a passage it names is no longer what the tutor read; `author` may be empty."""

    question: str
    html: Markup
    day: date
    author: str
    changed: bool


def tutors_answer(reply: Reply, finder: TaughtAnswers | None) -> Taught | None:
    """The tutors' answer that is shown beside a reply, where there is one."""
    if finder is None or isinstance(reply, Boundary | Unreadable):
        return None
    return finder.find(reply.question.understood)


def show(reply: Reply, places: Places) -> Shown:
    """The reply as the chat shows it, with the tutors' answer to the question where there is one."""
    shown = answers.show(reply, places)
    found = tutors_answer(reply, services().taught)
    return shown if found is None else replace(shown, tutors=word(found.answer, places, changed=bool(found.changed)))


def word(answer: TutorAnswer, places: Places, *, changed: bool = False) -> TutorsWord:
    """The answer as it is read."""
    day = datetime.fromisoformat(answer.time).astimezone().date()
    return TutorsWord(answer.written.question, body_html(answer.written.body, places), day, answer.written.author, changed)


def body_html(body: str, places: Places) -> Markup:
    """A tutor's Markdown as sanitised HTML; the id of a passage becomes a link to it."""

    def linked(match: re.Match[str]) -> str:
        passage = match["quoted"] or match["bare"]
        unit, _, fragment = passage.partition("#")
        section = places.sections.get(passage.rpartition("/")[0])
        if section is None:
            return match[0]
        title = _MARKDOWN.sub(r"\\\1", f"{unit} › {section.headings[-1]}")
        return f"[{title}](<{address(unit, f'{fragment}.1')}>)"

    return Markup(note_html(CITED.sub(linked, body)))  # noqa: S704  (sanitised by the corpus)
