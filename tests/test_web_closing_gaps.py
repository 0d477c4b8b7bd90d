"""From a gap to its end: the ways that its page offers, an answer that closes it, and questions that tutors have answered."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest
from closing_fakes import closing_app
from gap_fakes import FABRY, LONELY, made, with_gaps
from tutor_fakes import signed_in, token

from web.services import services
from web.tutors.gaps_page import desk

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from assistant.gap_store import Gap


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The app over the small course, where tutors can answer."""
    return closing_app(tmp_path)


@pytest.fixture
def gaps(app: Flask) -> dict[str, Gap]:
    """Three gaps: two of three conversations and more, one of a single one."""
    return with_gaps(app)


@pytest.fixture
def tutor(app: Flask) -> FlaskClient:
    """A browser in which a tutor has signed in."""
    return signed_in(app)


def status(app: Flask, gap: Gap) -> str:
    """The status of a gap once the work on it is over."""
    with app.app_context():
        desk().work.wait(60)
        found = desk().store.gap(gap.id)
    assert found is not None
    return found.status


def test_a_gap_leads_to_every_way_of_closing_it(tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    """Each address is there."""
    page = html.unescape(tutor.get(f"/tutor/gaps/{gaps['Fabry'].id}").text)
    ways = re.findall(r'href="([^"]+)"', page.partition('id="ui_close"')[2].partition("</section>")[0])
    assert [way.partition("?")[0] for way in ways] == ["/tutor/answers/new", "/tutor/text/unit/1.6", "/tutor/text/", "/tutor/golden/"]
    for way in (ways[0], ways[2], ways[3]):
        assert tutor.get(way).status_code == 200, way


def test_an_answer_begun_from_a_gap_has_its_wordings_and_closes_it(app: Flask, tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    """The gap's questions are asked again at once."""
    gap = gaps["Fabry"]
    form = html.unescape(tutor.get(f"/tutor/answers/new?gap={gap.id}").text)
    assert all(question in form for question in FABRY)
    sent = {
        "token": token(tutor),
        "action": "save",
        "question": FABRY[0],
        "phrasings": "\n".join(FABRY[1:2]),
        "body": "See the ward's leaflet.",
        "gap": gap.id,
    }
    assert tutor.post("/tutor/answers/new", data=sent).headers["Location"] == f"/tutor/gaps/{gap.id}"
    assert status(app, gap) == "new"
    assert tutor.get(f"/tutor/gaps/{gap.id}").text.count(">answered now") == 2
    tutor.post("/tutor/answers/new", data=sent | {"question": FABRY[2], "phrasings": ""})
    assert status(app, gap) == "answered"
    assert "every question is answered now" in tutor.get(f"/tutor/gaps/{gap.id}").text


def test_what_is_asked_after_tutors_have_answered_opens_no_gap(app: Flask, tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    """The journal says that their answer stood beside; a verdict of not helpful still counts."""
    gap = gaps["Fabry"]
    tutor.post(
        "/tutor/answers/new",
        data={
            "token": token(tutor),
            "action": "save",
            "question": FABRY[0],
            "phrasings": "\n".join(FABRY[1:]),
            "body": "So.",
            "gap": gap.id,
        },
    )
    assert status(app, gap) == "answered"
    trainee = app.test_client()
    trainee.post("/ask", data={"token": token(trainee), "question": FABRY[0]})
    with app.app_context():
        journal = services().journal
        assert journal is not None
        last = journal.events()[-1]
    assert (last.body["state"], bool(last.body["taught"])) == ("not_covered", True)
    assert made(app)["Fabry"].status == "answered"
    journal.add("feedback", {"about": last.id, "verdict": "not_helpful"})
    assert made(app)["Fabry"].status == "new"


def test_words_of_a_single_conversation_fill_no_form(tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    """Nor do those of a gap that does not exist."""
    for gap in (gaps["Stickler"].id, "nowhere"):
        form = tutor.get(f"/tutor/answers/new?gap={gap}")
        assert (form.status_code, LONELY[0] in html.unescape(form.text)) == (200, False)


def test_all_open_gaps_are_asked_again_at_once(app: Flask, tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    """Beside the pages, and the trail says who did it."""
    tutor.post("/tutor/answers/new", data={"token": token(tutor), "action": "save", "question": LONELY[0], "body": "No."})
    assert tutor.post("/tutor/gaps/again", data={"token": token(tutor)}).headers["Location"] == "/tutor/gaps/"
    assert (status(app, gaps["Stickler"]), status(app, gaps["Pompe"])) == ("answered", "new")
    assert "asked the questions of all open gaps again" in signed_in(app, "admin").get("/tutor/accounts/trail").text
