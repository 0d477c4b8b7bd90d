"""The course text in the browser: units to open, an editor with checks and a preview, saving, undoing, handing in a file.

A text is saved only after its checks have been shown. Knows nothing of how a unit is read or its file replaced.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup

from corpus import CourseError
from corpus.draft import LARGEST_UNIT, file_for
from corpus.own_copy import CopyError, outrun
from corpus.saving import UnitChangedError, UnitUnwritableError, digest_of
from web.asking import readable
from web.problems import Problem
from web.services import services
from web.tutors.guarding import audit, guard, signed_in
from web.tutors.workshop import workshop

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from corpus import Unit
    from corpus.draft import Draft

blueprint = guard(Blueprint("tutor_text", __name__, url_prefix="/tutor/text"))

LARGEST_FORM = 4 * LARGEST_UNIT
"""The largest body of a form with a unit in it, in bytes: the unit may be there twice."""

_MOST_CHANGES = 60


@blueprint.url_value_preprocessor
def _room_for_a_unit(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """A tutor's unit is larger than a question; said before the form is read. Nobody else's body grows."""
    if signed_in() is not None:
        request.max_content_length = request.max_form_memory_size = LARGEST_FORM


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """The units by module, where changes go, and how the index stands."""
    course, desk = services().course, workshop().desk
    listed = {unit for module in course.modules for unit in module.units}
    rest = [unit for key, unit in course.units.items() if key not in listed]
    copied = desk.copied
    return render_template(
        "tutor_text.html",
        modules=[(module, [course.units[key] for key in module.units if key in course.units]) for module in course.modules],
        rest=rest,
        progress=workshop().refreshing.progress,
        copied=copied,
        will_copy=desk.will_copy,
        outrun=copied is not None and outrun(copied),
        folder=desk.folders[0],
    )


@blueprint.get("/unit/<path:unit>")
def edit(unit: str) -> ResponseReturnValue:
    """The editor over a unit; `?backup=` opens a text that it had before."""
    file = _unit(unit).file
    now = _read(file)
    wanted = request.args.get("backup", "")
    text = workshop().desk.files.backup(file, wanted) if wanted else now
    return _editor(file, _decoded(now if text is None else text), digest_of(now), unit=services().course.units[unit])


@blueprint.post("/unit/<path:unit>")
def change(unit: str) -> ResponseReturnValue:
    """Check the text of a unit, or save it once its checks have been shown."""
    return _sent(_unit(unit).file, readable(request.form.get("text", "")), services().course.units[unit])


@blueprint.post("/undo/<path:unit>")
def undo(unit: str) -> ResponseReturnValue:
    """Put back a text that the unit had before; what is there now is kept beside."""
    file = _unit(unit).file
    text = workshop().desk.files.backup(file, request.form.get("backup", ""))
    if text is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-unit")
    return _save(file, text, request.form.get("begun_from", ""), services().course.units[unit])


@blueprint.post("/new")
def new() -> ResponseReturnValue:
    """A file that is handed in, or the text of a new unit: checked, then saved, in the place that its unit id gives it."""
    handed = request.files.get("file")
    raw = handed.read(LARGEST_UNIT + 1) if handed else readable(request.form.get("text", "")).encode()
    text = _decoded(raw)
    name = readable((handed.filename or "") if handed else request.form.get("name", ""))
    try:
        file = file_for(services().course, name, raw)
    except CourseError as error:
        return _editor(name, text, "", problem=str(error), name=name), HTTPStatus.BAD_REQUEST
    unit = next((one for one in services().course.units.values() if one.file == file), None)
    if handed:
        return _checked(file, text, digest_of(_read(file)), unit, name)
    return _sent(file, text, unit, name)


@blueprint.post("/preview")
def preview() -> ResponseReturnValue:
    """The checks and the page of a text, as a piece of a page, and the mark that says that they were shown."""
    text = readable(request.form.get("text", ""))
    file = request.form.get("file", "")
    known = {unit.file for unit in services().course.units.values()}
    try:
        draft = _draft(file if file in known else file_for(services().course, file, text.encode()), text)
    except CourseError as error:
        return {"html": render_template("tutor_draft.html", refused=str(error)), "checked": ""}
    return {"html": _draft_html(draft), "checked": digest_of(draft.data)}


def _sent(file: str, text: str, unit: Unit | None, name: str = "") -> ResponseReturnValue:
    begun_from = request.form.get("begun_from", "")
    data = _encoded(file, text)
    if request.form.get("action") != "save" or request.form.get("checked") != digest_of(data):
        return _checked(file, text, begun_from, unit, name, told=request.form.get("action") == "save")
    return _save(file, data, begun_from, unit, name)


def _checked(  # noqa: PLR0913  # what the editor shows
    file: str, text: str, begun_from: str, unit: Unit | None, name: str = "", *, told: bool = False
) -> ResponseReturnValue:
    """The editor with the text's checks below it; `told` says that they come before a save that was asked for."""
    try:
        return _editor(file, text, begun_from, unit=unit, draft=_draft(file, text), name=name, unseen=told)
    except CourseError as error:
        return _editor(file, text, begun_from, unit=unit, problem=str(error), name=name), HTTPStatus.BAD_REQUEST


def _save(file: str, data: bytes, begun_from: str, unit: Unit | None, name: str = "") -> ResponseReturnValue:
    desk = workshop().desk
    text = _decoded(data)
    try:
        draft = desk.draft(services().course, file, data)
        desk.save(file, data, begun_from)
    except CourseError as error:
        return _editor(file, text, begun_from, unit=unit, problem=str(error), name=name), HTTPStatus.BAD_REQUEST
    except UnitChangedError as error:
        shown = _editor(file, text, digest_of(error.now), unit=unit, now=_decoded(error.now), name=name)
        return shown, HTTPStatus.CONFLICT
    except (UnitUnwritableError, CopyError) as error:
        return _editor(file, text, begun_from, unit=unit, problem=str(error), name=name), HTTPStatus.SERVICE_UNAVAILABLE
    audit("unit saved", draft.unit.id, f"{len(draft.changes)} passages")
    workshop().refreshing.start()
    return redirect(url_for(".page", _anchor="ui_status"), HTTPStatus.SEE_OTHER)


def _editor(  # noqa: PLR0913  # all that the one page can show
    file: str,
    text: str,
    begun_from: str,
    *,
    unit: Unit | None = None,
    draft: Draft | None = None,
    problem: str = "",
    now: str = "",
    name: str = "",
    unseen: bool = False,
) -> str:
    return render_template(
        "tutor_unit.html",
        file=file,
        text=text,
        begun_from=begun_from,
        unit=unit,
        checks=_draft_html(draft) if draft else "",
        checked=digest_of(draft.data) if draft else "",
        problem=problem,
        now=now,
        name=name,
        unseen=unseen,
        replaced=[(one, one.replaced.astimezone()) for one in workshop().desk.files.replaced(file)] if unit else (),
        largest=LARGEST_UNIT,
    )


def _draft_html(draft: Draft) -> Markup:
    more = max(0, len(draft.changes) - _MOST_CHANGES)
    html = render_template(
        "tutor_draft.html",
        refused="",
        draft=draft,
        changes=draft.changes[:_MOST_CHANGES],
        more=more,
        html=Markup(draft.unit.html),  # noqa: S704
    )
    return Markup(html)  # noqa: S704  (a template of ours; the unit's text was sanitised by the corpus)


def _draft(file: str, text: str) -> Draft:
    return workshop().desk.draft(services().course, file, _encoded(file, text))


def _unit(unit: str) -> Unit:
    found = services().course.units.get(unit)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-unit")
    return found


def _read(file: str) -> bytes:
    try:
        return workshop().desk.files.read(file)
    except UnitUnwritableError as error:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "no-course-text") from error


def _decoded(data: bytes) -> str:
    return readable(data.decode("utf-8-sig", "replace"))


def _encoded(file: str, text: str) -> bytes:
    """The text as a file, with the line ends that the file has."""
    data = text.rstrip("\n").encode() + b"\n" if text.strip() else b""
    return data.replace(b"\n", b"\r\n") if b"\r\n" in _read(file) else data
