"""A conversation to take along: as Markdown, and as a page to print, each with its sources as numbered endnotes.

A sentence of the course has one number in the whole document, however often it is cited. Knows nothing of how a conversation is kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from flask import Blueprint, Response, render_template, request

from web.conversations import ConversationsError
from web.language import gettext as _
from web.problems import Problem
from web.security import visitor
from web.services import services
from web.taught import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from web.answers import Group, Said, Shown, Source
    from web.conversations import Conversation

blueprint = Blueprint("export", __name__)

_MARKS = re.compile(r"([\\`*_\[\]<>#|~$])")
_LIST_START = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")


@dataclass(frozen=True, slots=True)
class Document:
    """A conversation with its endnotes; `numbers` gives the note of a turn's source, by the turn's number and the source's."""

    title: str
    day: date
    turns: tuple[tuple[int, Shown], ...]
    notes: tuple[Source, ...]
    numbers: dict[tuple[int, int], int]


def init_app(app: Flask) -> None:
    """Give the app its exports."""
    app.register_blueprint(blueprint)


@blueprint.get("/chat/<key>.md")
def markdown(key: str) -> ResponseReturnValue:
    """The conversation as a Markdown file."""
    document = _document(key)
    text = "\n".join(_lines(document, request.url_root))
    name = f"genomics-tutor-{document.day.isoformat()}.md"
    return Response(
        text, mimetype="text/markdown", headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    )


@blueprint.get("/chat/<key>/print")
def printed(key: str) -> ResponseReturnValue:
    """The conversation as a page to print."""
    return render_template(
        "print.html", document=_document(key), root=request.url_root.rstrip("/"), conversation=key, state_words=state_words, quoted=quoted
    )


def _document(key: str) -> Document:
    try:
        found = services().conversations.read(visitor(), key)
    except ConversationsError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "not-kept") from error
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-conversation")
    return _with_notes(found)


def _with_notes(conversation: Conversation) -> Document:
    turns = tuple((turn.number, show(turn.reply, services().places)) for turn in conversation.turns)
    notes: dict[tuple[str, str], int] = {}
    sources: list[Source] = []
    numbers: dict[tuple[int, int], int] = {}
    for number, shown in turns:
        for source in shown.sources:
            cited = (source.url, source.quote)
            if cited not in notes:
                sources.append(source)
                notes[cited] = len(sources)
            numbers[number, source.number] = notes[cited]
    return Document(conversation.title, date.fromtimestamp(conversation.started), turns, tuple(sources), numbers)  # noqa: DTZ012  (the reader's day, not the world's)


def _lines(document: Document, root: str) -> Iterator[str]:
    """The Markdown, line by line."""
    yield f"# {_plain(document.title)}"
    yield ""
    yield f"{_('Genomics tutor')} · {document.day.isoformat()}"
    yield ""
    for number, shown in document.turns:
        yield f"## {_plain(' '.join(shown.question.asked.split()))}"
        yield ""
        if shown.understood_otherwise:
            yield f"{_('Understood as:')} {_plain(shown.question.understood)}"
            yield ""
        yield f"**{state_words(shown)}**"
        yield ""
        if shown.missing:
            lacking = _("This part of the course says nothing about:") if shown.elsewhere else _("The course says nothing about:")
            yield f"{lacking} {_plain(_(', ').join(shown.missing))}"
            yield ""
        if shown.tutors:
            yield f"### {_('Answered by your tutors')}"
            yield ""
            yield f"{_plain(shown.tutors.html.striptags())} ({shown.tutors.day.isoformat()})"
            yield ""
        for group in shown.groups:
            yield from _group(group, number, document)
        if shown.offered and not shown.groups:
            yield f"{_('Where the course answers it') if shown.elsewhere else _('The nearest sections of the course')}:"
            yield ""
            yield from (f"- {_plain(' › '.join(one.headings))}: <{urljoin(root, one.url)}>" for one in shown.offered)
            yield ""
    for place, source in enumerate(document.notes, 1):
        changed = f" {_('The course has changed since this answer was given.')}" if source.changed else ""
        now = f" {_('It now says:')} “{_plain(source.now)}”" if source.now else ""
        yield f"[^{place}]: {_plain(' › '.join(source.trail))}. “{_plain(quoted(source))}” <{urljoin(root, source.url)}>{changed}{now}"
    yield ""


def state_words(shown: Shown) -> str:
    """What the state of an answer is called."""
    match shown.state:
        case "covered":
            return _("In the course")
        case "partly":
            return _("Partly in this part of the course") if shown.elsewhere else _("Partly in the course")
        case "not_covered":
            return _("Not in this part of the course") if shown.elsewhere else _("Not in the course")
        case "boundary":
            return f"{_('About a real person')}. " + _(
                "This course is for learning. For a patient or a family, yours included, the genetics team decides; please ask them."
            )
        case "unreadable":
            return _("No question could be read")


def quoted(source: Source) -> str:
    """What a note quotes: the sentence, or each cell of a row with its column's name."""
    if not source.cells:
        return source.quote
    return "; ".join(f"{column}: {cell}" if column else cell for column, cell in source.cells)


def _group(group: Group, number: int, document: Document) -> Iterator[str]:
    if group.label:
        yield f"### {_plain(group.label)}"
        yield ""
    if group.kind == "table":
        yield "| " + " | ".join(_plain(column) for column in group.columns) + " |"
        yield "|" + "---|" * len(group.columns)
    for said in group.sentences:
        marks = _marks(said, number, document)
        match group.kind:
            case "table":
                first, *rest = [_plain(cell) for _column, cell in said.cells]
                yield "| " + " | ".join([first + marks, *rest]) + " |"
            case "list":
                yield f"- {_plain(said.text)}{marks}"
            case "code":
                fence = "``" if "`" in said.text else "`"
                yield f"- {fence}{said.text}{fence}{marks}"
            case "paragraph":
                yield f"{_plain(said.text)}{marks}"
    yield ""


def _marks(said: Said, number: int, document: Document) -> str:
    return "".join(f"[^{document.numbers[number, source.number]}]" for source in said.sources)


def _plain(text: str) -> str:
    """The text on one line, with nothing in it that Markdown would take for more than text."""
    line = _MARKS.sub(r"\\\1", " ".join(text.split()))
    return _LIST_START.sub(
        lambda match: f"{match[1]}\\{match[2]}" if not match[2][0].isdigit() else f"{match[1]}{match[2][:-1]}\\{match[2][-1]}", line
    )
