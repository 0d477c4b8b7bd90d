"""The pages of gaps: the list, one gap, what tutors change, and what happens when two change the same."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from gap_fakes import FABRY, LONELY, POMPE, ask, made, with_gaps
from tutor_fakes import signed_in, token
from web_fakes import fake_app

from web.tutors.gaps_page import desk

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from assistant.gap_store import Gap


@pytest.fixture
def gaps(app: Flask) -> dict[str, Gap]:
    """Three gaps: two of three conversations and more, one of a single one."""
    return with_gaps(app)


@pytest.fixture
def tutor(app: Flask) -> FlaskClient:
    """A browser in which a tutor has signed in."""
    return signed_in(app)


def now(app: Flask, gap: Gap) -> Gap:
    with app.app_context():
        found = desk().store.gap(gap.id)
    assert found is not None
    return found


def send(tutor: FlaskClient, path: str, gap: Gap, **fields: object) -> int:
    return tutor.post(path, data={"token": token(tutor), "revision": gap.revision, **fields}).status_code


def test_the_list_has_what_matters_most_first_and_no_number_of_a_lonely_question(tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    text = tutor.get("/tutor/gaps/").text
    assert [text.index(gap.figures.title) for gap in gaps.values()] == sorted(text.index(gap.figures.title) for gap in gaps.values())
    assert "fewer than 3 conversations" in text
    assert "6 questions" in text


def test_filters_choose_by_status_and_module(tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    fabry = gaps["Fabry"]
    assert send(tutor, f"/tutor/gaps/{fabry.id}", fabry, status="outside", owner="", note="") == 303
    assert fabry.figures.title not in tutor.get("/tutor/gaps/").text
    assert fabry.figures.title in tutor.get("/tutor/gaps/?status=outside").text
    assert gaps["Pompe"].figures.title in tutor.get("/tutor/gaps/?module=1").text
    assert gaps["Pompe"].figures.title not in tutor.get("/tutor/gaps/?module=2").text


@pytest.mark.usefixtures("gaps")
@pytest.mark.parametrize("query", ["status=x", "order=x", "page=0", "page=x", "page=99999999", "module=%00", "status=all&order=recent"])
def test_a_made_up_choice_gives_a_page_all_the_same(tutor: FlaskClient, query: str) -> None:
    assert tutor.get(f"/tutor/gaps/?{query}").status_code == 200


def test_a_gap_shows_its_questions_word_for_word_and_the_nearest_section(tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    text = tutor.get(f"/tutor/gaps/{gaps['Fabry'].id}").text
    for question in FABRY:
        assert question in text
    assert "/course/1.6#autosomal-dominant" in text


def test_a_question_of_a_single_conversation_is_shown_nowhere(tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    lonely = gaps["Stickler"]
    for path in (f"/tutor/gaps/{lonely.id}", "/tutor/gaps/", "/tutor/gaps/gaps.csv", "/tutor/gaps/gaps.json"):
        assert LONELY[0] not in tutor.get(path).text
    keys = ["anything"]
    assert send(tutor, f"/tutor/gaps/{lonely.id}/split", lonely, key=keys) == 403


def test_a_change_is_kept_and_noted(app: Flask, tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    gap = gaps["Fabry"]
    assert send(tutor, f"/tutor/gaps/{gap.id}", gap, status="planned", owner="Li Wei", note="<b>soon</b>") == 303
    after = now(app, gap)
    assert (after.status, after.owner, after.note) == ("planned", "Li Wei", "<b>soon</b>")
    text = tutor.get(f"/tutor/gaps/{gap.id}").text
    assert "&lt;b&gt;soon&lt;/b&gt;" in text
    assert "<b>soon</b>" not in text


def test_who_comes_second_is_told_and_keeps_what_they_typed(app: Flask, tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    gap = gaps["Fabry"]
    other = signed_in(app, name="Wang Fang")
    assert send(other, f"/tutor/gaps/{gap.id}", gap, status="planned", owner="Wang", note="mine") == 303
    late = tutor.post(f"/tutor/gaps/{gap.id}", data={"token": token(tutor), "revision": gap.revision, "status": "outside", "note": "yours"})
    assert late.status_code == 409
    assert "yours" in late.text
    assert "Someone else changed this gap first" in late.text
    assert now(app, gap).note == "mine"


@pytest.mark.parametrize("fields", [{"status": "gone"}, {"status": ""}, {}])
def test_a_status_that_does_not_exist_is_refused_in_a_sentence(tutor: FlaskClient, gaps: dict[str, Gap], fields: dict[str, str]) -> None:
    gap = gaps["Fabry"]
    assert send(tutor, f"/tutor/gaps/{gap.id}", gap, **fields) == 400


def test_merging_leads_the_old_address_on(app: Flask, tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    fabry, pompe = gaps["Fabry"], gaps["Pompe"]
    assert send(tutor, f"/tutor/gaps/{fabry.id}/merge", fabry, other=pompe.id) == 303
    assert now(app, fabry).figures.questions == 9
    moved = tutor.get(f"/tutor/gaps/{pompe.id}")
    assert (moved.status_code, moved.headers["Location"]) == (303, f"/tutor/gaps/{fabry.id}")
    assert made(app)["Fabry"].figures.questions == 9


def test_ticked_questions_become_a_gap_of_their_own(app: Flask, tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    gap = gaps["Fabry"]
    text = tutor.get(f"/tutor/gaps/{gap.id}").text
    key = text.partition('name="key" value="')[2].partition('"')[0]
    assert send(tutor, f"/tutor/gaps/{gap.id}/split", gap, key=[key]) == 303
    assert now(app, gap).figures.questions == 4


def test_ticking_nothing_or_everything_is_refused_in_a_sentence(tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    gap = gaps["Fabry"]
    every = re.findall(r'name="key" value="(\w+)"', tutor.get(f"/tutor/gaps/{gap.id}").text)
    assert len(every) == 3
    assert send(tutor, f"/tutor/gaps/{gap.id}/split", gap, key=[]) == 400
    assert send(tutor, f"/tutor/gaps/{gap.id}/split", gap, key=every) == 400


@pytest.mark.usefixtures("gaps")
def test_making_anew_runs_beside_the_pages_and_tells_how_far_it_is(app: Flask, tutor: FlaskClient) -> None:
    ask(app, "Is Alport syndrome common? not covered", "Alport syndrome treatment? not covered", "Alport syndrome gene? not covered")
    assert tutor.post("/tutor/gaps/make", data={"token": token(tutor)}).status_code == 303
    with app.app_context():
        desk().work.wait(60)
    assert json.loads(tutor.get("/tutor/gaps/work").data)["running"] is False
    assert "Alport" in tutor.get("/tutor/gaps/").text


def test_asked_again_a_gap_shows_what_is_answered_now_and_closes_itself(app: Flask, tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    gap = gaps["Fabry"]
    assert send(tutor, f"/tutor/gaps/{gap.id}/again", gap) == 303
    with app.app_context():
        desk().work.wait(60)
    assert "not answered yet" in tutor.get(f"/tutor/gaps/{gap.id}").text
    ask(app, *(question.replace(" not covered", "") for question in FABRY))
    with app.app_context(), desk().store.open(write=True) as database:
        database.execute("UPDATE asked SET text = replace(text, ' not covered', ''), question = replace(question, ' not covered', '')")
    send(tutor, f"/tutor/gaps/{gap.id}/again", gap)
    with app.app_context():
        desk().work.wait(60)
    assert now(app, gap).status == "answered"
    assert "This gap closed itself" in tutor.get(f"/tutor/gaps/{gap.id}").text


def test_the_gaps_come_as_csv_and_json_and_no_cell_is_a_formula(tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    gap = gaps["Fabry"]
    send(tutor, f"/tutor/gaps/{gap.id}", gap, status="new", owner="", note="=1+1")
    rows = list(csv.DictReader(io.StringIO(tutor.get("/tutor/gaps/gaps.csv").get_data(as_text=True).removeprefix("\ufeff"))))
    assert {row["id"] for row in rows} == {one.id for one in gaps.values()}
    assert next(row for row in rows if row["id"] == gap.id)["note"] == "'=1+1"
    told = json.loads(tutor.get("/tutor/gaps/gaps.json").data)
    assert told["format"] == 1
    assert [row["questions"] for row in told["gaps"]] == [6, 3, None]
    assert tutor.get("/tutor/gaps/gaps.xml").status_code == 404


@pytest.mark.usefixtures("gaps")
@pytest.mark.parametrize("path", ["x", "../x", "00000000", "%00"])
def test_a_gap_that_does_not_exist_is_told_in_a_sentence(tutor: FlaskClient, path: str) -> None:
    assert tutor.get(f"/tutor/gaps/{path}").status_code == 404


def test_a_file_of_gaps_that_cannot_be_read_is_told_in_a_sentence(tutor: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "data" / "gaps.sqlite").write_bytes(b"this is no database at all, whatever its name says")
    answer = tutor.get("/tutor/gaps/")
    assert answer.status_code == 503
    assert "The gaps cannot be read now" in answer.text


def test_questions_that_an_admin_removes_are_gone_from_the_gaps_at_once(app: Flask, gaps: dict[str, Gap]) -> None:
    admin = signed_in(app, "admin")
    assert admin.post("/tutor/journal/purge", data={"token": token(admin), "days": "0", "sure": "1"}).status_code == 303
    assert FABRY[0] not in admin.get(f"/tutor/gaps/{gaps['Fabry'].id}").text


def test_without_an_assistant_the_list_is_there_and_offers_no_work(tmp_path: Path) -> None:
    bare = fake_app(tmp_path, assistant=False)
    answer = signed_in(bare).get("/tutor/gaps/")
    assert answer.status_code == 200
    assert "Put together anew now" not in answer.text


def test_a_report_counts_what_was_asked_in_its_period(app: Flask, tutor: FlaskClient, gaps: dict[str, Gap]) -> None:
    """Of a gap that is asked for before and in the period, the askings within count; one that fewer than three conversations asked then is left out."""
    ask(app, *POMPE[:2], days_ago=12)
    made(app)
    today = datetime.now(UTC).date()
    period = f"from={today - timedelta(days=14)}&to={today - timedelta(days=10)}"
    told = tutor.get(f"/tutor/reports/period.json?{period}").get_json()["gaps"]["top"]
    assert [(gap["title"], gap["questions"]) for gap in told] == [(gaps["Fabry"].figures.title, 6)]
    whole = f"from={today - timedelta(days=30)}&to={today}"
    told = tutor.get(f"/tutor/reports/period.json?{whole}").get_json()["gaps"]["top"]
    assert {gap["questions"] for gap in told} == {6, 5}
