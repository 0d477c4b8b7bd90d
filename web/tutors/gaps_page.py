"""The pages of gaps: the list, one gap with what a tutor can do to it, and the gaps as files.

Knows nothing of how gaps are made or kept.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from flask import Blueprint, Response, abort, current_app, jsonify, redirect, render_template, request, url_for

from assistant import Assistant
from assistant.gap_askings import askings, examples
from assistant.gap_making import GapCourse, make_gaps
from assistant.gap_places import outcome_near, sections_near
from assistant.gap_store import GapStore, GapStoreError
from assistant.gap_tending import GapChangedError, GapEditError, merge, split, tend
from assistant.gap_text import gap_rows, gaps_csv, gaps_json
from assistant.gap_trial import ask_again, ask_all_again
from assistant.gaps import FEWEST_CONVERSATIONS, STATUSES
from web.asking import readable
from web.language import gettext as _
from web.problems import Problem, shown
from web.services import services
from web.tutors import gap_views
from web.tutors.gap_report import ReportedGap, ReportedGaps, report_gaps_with
from web.tutors.gap_work import GapWork
from web.tutors.guarding import audit, current_tutor, guard

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from flask import Flask
    from flask.typing import ResponseReturnValue

    from assistant.gap_store import Gap
    from assistant.gaps import Status

blueprint = guard(Blueprint("tutor_gaps", __name__, url_prefix="/tutor/gaps"))

_LOG = logging.getLogger(__name__)
_KEY = "genomics-tutor gaps"
_ON_A_PAGE = 40
_EXAMPLES = 60
_OFFERED = 200
_STALE = timedelta(days=1)
_REPORTED = 10


@dataclass(slots=True)
class GapDesk:
    """What the pages of gaps work with. `course` is what gaps are made with, of the assistant `made_of`; None where none could be started."""

    store: GapStore
    work: GapWork
    course: GapCourse | None = None
    made_of: Assistant | None = None


def init_app(app: Flask, data: Path) -> None:
    """Give the app its gaps, kept in the data folder."""
    app.extensions[_KEY] = GapDesk(GapStore(data / "gaps.sqlite"), GapWork())
    app.register_error_handler(GapStoreError, _show_store)
    report_gaps_with(app, _reported)


def desk() -> GapDesk:
    """The gaps of the app that handles this request."""
    return cast("GapDesk", current_app.extensions[_KEY])


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """The list; `?status=` (open, new, planned, answered, outside, all), `?module=`, `?order=` and `?page=` choose from it."""
    _renew()
    course = services().course
    wanted = request.args.get("status", gap_views.OPEN)
    status = wanted if wanted in {*STATUSES, gap_views.OPEN} else "" if wanted == "all" else gap_views.OPEN
    module = request.args.get("module", "")
    order = request.args.get("order", "weight")
    every = desk().store.gaps()
    found = gap_views.chosen(every, status, module, order, course)
    number = max(request.args.get("page", 1, type=int), 1)
    rows = found[(number - 1) * _ON_A_PAGE : number * _ON_A_PAGE]
    return render_template(
        "tutor_gaps.html",
        gaps=[(gap, outcome_near(gap, course), next(iter(sections_near(gap, course)), None)) for gap in rows],
        counts={one: len(gap_views.chosen(every, one, module, order, course)) for one in (gap_views.OPEN, *STATUSES, "")},
        status=status,
        module=module,
        order=order if order in gap_views.ORDERS else "weight",
        modules=course.modules,
        found=len(found),
        number=number,
        more=number * _ON_A_PAGE < len(found),
        run=desk().store.last_run(),
        work=desk().work.progress,
        can_make=_course() is not None and services().journal is not None,
        can_ask=services().assistant is not None,
        fewest=FEWEST_CONVERSATIONS,
        views=gap_views,
    )


@blueprint.get("/<id_>")
def gap(id_: str) -> ResponseReturnValue:
    """One gap; the address of one that was merged leads to where its questions went."""
    found = _gap(id_)
    if found.id != id_:
        return redirect(url_for("tutor_gaps.gap", id_=found.id), HTTPStatus.SEE_OTHER)
    return _shown(found)


@blueprint.post("/<id_>")
def change(id_: str) -> ResponseReturnValue:
    """Set status, owner and note."""
    form = request.form
    status, owner, note = form.get("status", ""), readable(form.get("owner", "")), form.get("note", "").replace("\r\n", "\n")
    who = current_tutor().name
    return _done(id_, lambda revision: tend(desk().store, id_, revision, status=cast("Status", status), owner=owner, note=note, who=who))


@blueprint.post("/<id_>/merge")
def merge_with(id_: str) -> ResponseReturnValue:
    """Take another gap's questions into this one."""
    other, who = request.form.get("other", ""), current_tutor().name
    return _done(id_, lambda revision: merge(desk().store, id_, revision, other, who=who, sections=_sections()))


@blueprint.post("/<id_>/split")
def split_off(id_: str) -> ResponseReturnValue:
    """Make a gap of its own of the questions that were ticked."""
    keys, who = request.form.getlist("key"), current_tutor().name
    if not _gap(id_).figures.shown:
        raise Problem(HTTPStatus.FORBIDDEN, "no-gap")
    return _done(id_, lambda revision: split(desk().store, id_, revision, keys, who=who, sections=_sections()))


@blueprint.post("/<id_>/again")
def again(id_: str) -> ResponseReturnValue:
    """Ask the gap's questions of today's course, beside the pages."""
    return asked_again(_gap(id_))


@blueprint.post("/again")
def all_again() -> ResponseReturnValue:
    """Ask the questions of every open gap, beside the pages."""
    asking, taught, store = services().assistant, services().taught, desk().store
    if asking is None:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
    if desk().work.start("asking", "", lambda told: ask_all_again(store, asking, taught, progress=told)):
        audit("gaps-asked-again", "")
    return redirect(url_for("tutor_gaps.page"), HTTPStatus.SEE_OTHER)


@blueprint.post("/make")
def make() -> ResponseReturnValue:
    """Make the gaps anew, beside the pages."""
    if not _make():
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
    audit("gaps-made", "")
    return redirect(url_for("tutor_gaps.page"), HTTPStatus.SEE_OTHER)


@blueprint.get("/work")
def work() -> ResponseReturnValue:
    """How far the work is: `{"running", "words", "done", "total"}`."""
    progress = desk().work.progress
    return jsonify(
        running=desk().work.running,
        words=work_words(progress.stage) if progress else "",
        done=progress.done if progress else 0,
        total=progress.total if progress else 0,
    )


@blueprint.get("/gaps.<form>")
def as_file(form: str) -> ResponseReturnValue:
    """Every gap as a file: `csv` or `json`."""
    rows = gap_rows(desk().store.gaps(), services().course)
    if form == "csv":
        return _file(gaps_csv(rows), "text/csv; charset=utf-8", "gaps.csv")
    if form != "json":
        abort(HTTPStatus.NOT_FOUND)
    return _file(gaps_json(rows), "application/json", "gaps.json")


def asked_again(found: Gap) -> ResponseReturnValue:
    """Ask a gap's questions beside the pages, and go to its page."""
    asking, taught, store = services().assistant, services().taught, desk().store
    if asking is None:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "unavailable")
    if desk().work.start("asking", found.id, lambda told: ask_again(store, found.id, asking, taught, progress=told)):
        audit("gap-asked-again", found.figures.title, found.id)
    return redirect(url_for("tutor_gaps.gap", id_=found.id), HTTPStatus.SEE_OTHER)


def wordings(found: Gap, most: int) -> list[str]:
    """The questions of a gap that may be shown, word for word, asked oftenest first."""
    if not found.figures.shown:
        return []
    with desk().store.open() as database:
        return list(dict.fromkeys(one.question for one in examples(database, found.id, most)))


def work_words(stage: str) -> str:
    """What the work is at, in words."""
    return {
        "reading": _("Reading the journal"),
        "meaning": _("Comparing what questions mean"),
        "joining": _("Putting questions together"),
        "keeping": _("Keeping the gaps"),
        "asking": _("Asking the course again"),
    }.get(stage, _("Beginning"))


def _file(text: str, kind: str, name: str) -> Response:
    return Response(text, headers={"Content-Disposition": f'attachment; filename="{name}"'}, content_type=kind)


def _gap(id_: str) -> Gap:
    found = desk().store.gap(id_)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "no-gap")
    return found


def _shown(found: Gap, problem: str = "", status: int = HTTPStatus.OK) -> ResponseReturnValue:
    store, course = desk().store, services().course
    with store.open() as database:
        questions = examples(database, found.id, _EXAMPLES) if found.figures.shown else []
    page_ = render_template(
        "tutor_gap.html",
        gap=found,
        problem=problem,
        form=request.form if problem else None,
        examples=questions,
        bars=gap_views.trend_bars(found) if found.figures.shown else [],
        near=sections_near(found, course),
        units=[course.units[id_] for id_ in dict.fromkeys(section.unit for section in sections_near(found, course))],
        outcome=outcome_near(found, course),
        trial=store.trial(found.id),
        lines=store.lines(found.id),
        others=[one for one in store.gaps() if one.id != found.id][:_OFFERED],
        statuses=STATUSES,
        work=desk().work.progress,
        can_ask=services().assistant is not None,
        fewest=FEWEST_CONVERSATIONS,
        views=gap_views,
    )
    return page_, status


def _done(id_: str, change_: Callable[[int], Gap]) -> ResponseReturnValue:
    """Do a change and show the gap; a change that came too late, or makes no sense, is told with what was typed still there."""
    found = _gap(id_)
    try:
        after = change_(request.form.get("revision", 0, type=int))
    except GapChangedError as error:
        words = _("Someone else changed this gap first. It is shown as it stands now, with what you typed; send it again if it still fits.")
        return _shown(error.gap or found, words, HTTPStatus.CONFLICT)
    except GapEditError:
        words = _(
            "Choose something that can be done: a status of the list, another gap to merge with, or some but not all of the questions."
        )
        return _shown(found, words, HTTPStatus.BAD_REQUEST)
    audit(f"gap-{str(request.endpoint).rpartition('.')[2].replace('_', '-')}", found.figures.title, after.id)
    return redirect(url_for("tutor_gaps.gap", id_=after.id), HTTPStatus.SEE_OTHER)


def _sections() -> list[str]:
    return list(services().places.sections)


def _course() -> GapCourse | None:
    """What gaps are made with today: a course that was changed has another glossary and other sections."""
    held, assistant = desk(), services().assistant
    if isinstance(assistant, Assistant) and held.made_of is not assistant:
        held.course, held.made_of = GapCourse.of(assistant), assistant
    return held.course


def _make() -> bool:
    course, journal, store = _course(), services().journal, desk().store
    if course is None or journal is None:
        return False
    desk().work.start("making", "", lambda told: make_gaps(journal, course, store, progress=told))
    return True


def _renew() -> None:
    """Make the gaps anew if they are of yesterday."""
    run = desk().store.last_run()
    if not desk().work.running and (run is None or datetime.fromisoformat(run.time) < datetime.now(UTC) - _STALE):
        failed = desk().work.progress is not None and cast("bool", getattr(desk().work.progress, "failed", False))
        if not failed:
            _make()


def _reported(first: date, last: date) -> ReportedGaps | None:
    """The open gaps that weigh most by what was asked in a period, and those closed in it; none that fewer than three conversations asked then.

    They are made anew first if they are of yesterday; None until they have been made once.
    """
    _renew()
    if desk().store.last_run() is None:
        return None
    days = (first.isoformat(), last.isoformat())

    def told(one: Gap, questions: int) -> ReportedGap:
        return ReportedGap(one.figures.title, url_for("tutor_gaps.gap", id_=one.id), questions)

    every = [one for one in desk().store.gaps() if one.figures.shown]
    overlapping = [
        one for one in every if one.status in {"new", "planned"} and one.figures.last[:10] >= days[0] and one.figures.first[:10] <= days[1]
    ]
    weighed: list[tuple[float, ReportedGap]] = []
    with desk().store.open() as database:
        for one in overlapping:
            asked = [asking for asking in askings(database, one.id) if first <= asking.time.astimezone().date() <= last]
            if len({asking.conversation for asking in asked}) >= FEWEST_CONVERSATIONS:
                weighed.append((sum(asking.weight for asking in asked), told(one, len(asked))))
    top = [gap for _, gap in sorted(weighed, key=lambda pair: -pair[0])]
    closed = [told(one, one.figures.questions) for one in every if one.status == "answered" and days[0] <= one.closed[:10] <= days[1]]
    return ReportedGaps(tuple(top[:_REPORTED]), tuple(closed))


def _show_store(error: GapStoreError) -> ResponseReturnValue:
    _LOG.error("%s", error)
    return shown(_("The gaps cannot be read now; see that the data folder may be written to and has room."), HTTPStatus.SERVICE_UNAVAILABLE)
