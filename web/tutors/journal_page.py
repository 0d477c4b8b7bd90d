"""The page of the journal: which machines it has questions of, files in and out, and old questions removed.

Knows nothing of the format of the files.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from assistant.journal import Journal, JournalError
from assistant.journal_file import JournalFile, write_journal
from web.problems import Problem
from web.services import services
from web.tutors.gaps_page import desk
from web.tutors.guarding import audit, guard, require_admin, signed_in

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

    from assistant.journal_complaint import Complaint

blueprint = guard(Blueprint("tutor_journal", __name__, url_prefix="/tutor/journal"))

LARGEST_FILES = 32 * 1024 * 1024
"""The largest upload in bytes, all its files together: about 30,000 questions."""

_READ_AHEAD = 1024 * 1024
"""Bytes of an upload that may wait to be told apart into files: more than are read at once, or files that end in mid-reading are refused."""

_LONGEST_PERIOD = 36_500
_KEY = "genomics-tutor journal key"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken from an uploaded file."""

    name: str
    new: int
    known: int
    complaints: tuple[Complaint, ...]


def init_app(app: Flask, key: str) -> None:
    """Give the app the key that journal files are sealed with; it may be empty."""
    app.extensions[_KEY] = key


@blueprint.url_value_preprocessor
def _allow_files(endpoint: str | None, _: object) -> None:
    """Let a tutor's upload be larger than a question. Runs before the form is read for its token; nobody else's body grows."""
    if endpoint == "tutor_journal.take" and signed_in() is not None:
        request.max_content_length = LARGEST_FILES
        request.max_form_memory_size = _READ_AHEAD


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """The machines, and what can be done."""
    return _page()


@blueprint.post("/take")
def take() -> ResponseReturnValue:
    """Take the events of uploaded files; each fault is told in a line, the rest is taken."""
    found: list[Taken] = []
    for upload in request.files.getlist("files")[:100]:
        if not upload.filename:
            continue
        lines = io.TextIOWrapper(upload.stream, encoding="utf-8", errors="replace")
        file = JournalFile(lines, _key())
        try:
            new, known = _journal().take(file.events(), file.machines)
        except JournalError as error:
            raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "no-journal") from error
        found.append(Taken(upload.filename, new, known, tuple(file.complaints)))
        audit("journal-imported", upload.filename, f"{new} new, {known} known, {len(file.complaints)} complaints")
    return _page(found, nothing=not found)


@blueprint.get("/download")
def download() -> ResponseReturnValue:
    """The journal as a file for another machine."""
    out = io.StringIO()
    try:
        journal = _journal()
        count = write_journal(out, journal.events(), journal.machine(), _key())
    except JournalError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "no-journal") from error
    audit("journal-exported", f"{count} events")
    name = f"genomics-tutor-journal-{datetime.now(UTC):%Y%m%d-%H%M}-{journal.machine()[:8]}.jsonl"
    return Response(out.getvalue(), mimetype="application/jsonl", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@blueprint.post("/purge")
def purge() -> ResponseReturnValue:
    """Remove old questions for good."""
    require_admin()
    days = request.form.get("days", type=int)
    if days is None or not 0 <= days <= _LONGEST_PERIOD or request.form.get("sure") != "1":
        return _page(unsure=True), HTTPStatus.BAD_REQUEST
    before = datetime.now(UTC) - timedelta(days=days)
    try:
        removed = _journal().purge(before)
        desk().store.forget(before)
    except JournalError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "no-journal") from error
    audit("journal-purged", f"{removed} events", f"older than {days} days")
    return redirect(url_for(".page", removed=removed), HTTPStatus.SEE_OTHER)


def _page(taken: list[Taken] | None = None, *, nothing: bool = False, unsure: bool = False) -> str:
    try:
        machines = _journal().machines()
    except JournalError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "no-journal") from error
    removed = request.args.get("removed", type=int) if request.method == "GET" else None
    return render_template(
        "tutor_journal.html", machines=machines, taken=taken or [], nothing=nothing, unsure=unsure, removed=removed, sealed=bool(_key())
    )


def _journal() -> Journal:
    journal = services().journal
    if journal is None:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "no-journal")
    return journal


def _key() -> str:
    return str(current_app.extensions[_KEY])
