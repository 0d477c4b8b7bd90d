"""The course text changed in the browser: checked, saved, put into use, undone; two tutors at once; nothing outside the units."""

from __future__ import annotations

import io
import os
import re
import threading
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from closing_fakes import text_app
from tiny_course import PLAIN, course
from tutor_fakes import signed_in, token

from corpus import load_course
from corpus.saving import digest_of
from web.settings import Settings
from web.tutors.desk import Desk
from web.tutors.workshop import workshop

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

UNIT = "/tutor/text/unit/1.2"
NEW = '---\nunit: "1.2"\ntitle: Plain text\n---\n## First {#first}\n\nOne changed sentence.\n\n## Second {#second}\n\nThe third sentence stands alone.\n'
BAD = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The app over a course of files."""
    return text_app(tmp_path)


@pytest.fixture
def tutor(app: Flask) -> FlaskClient:
    """A tutor's browser."""
    return signed_in(app)


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return unescape(found[1])


def send(client: FlaskClient, text: str = NEW, path: str = UNIT, **form: Any) -> TestResponse:
    """Send the editor's form as a browser does."""
    page = client.get(UNIT).text
    data = {
        "token": token(client),
        "begun_from": field(page, "begun_from"),
        "text": text,
        "action": "save",
        "checked": digest_of(text.encode()),
    }
    return client.post(path, data=data | form, content_type="multipart/form-data")


def in_use(app: Flask) -> None:
    with app.app_context():
        assert workshop().refreshing.wait(30)


def test_a_trainee_cannot_reach_the_editor(app: Flask) -> None:
    client = app.test_client()
    assert client.get(UNIT).status_code == 303
    assert client.post(UNIT, data={"token": token(client), "text": NEW}).status_code == 303


def test_a_saved_unit_is_put_into_use_and_read_by_trainees(app: Flask, tutor: FlaskClient, tmp_path: Path) -> None:
    assert send(tutor).status_code == 303
    in_use(app)
    assert "One changed sentence." in app.test_client().get("/course/1.2").text
    assert (tmp_path / "course" / PLAIN).read_text(encoding="utf-8") == NEW
    assert "The last change is in use." in tutor.get("/tutor/text/").text


def test_a_text_is_saved_only_after_its_checks_were_shown(tutor: FlaskClient, tmp_path: Path) -> None:
    old = (tmp_path / "course" / PLAIN).read_bytes()
    first = send(tutor, checked="")
    assert first.status_code == 200
    assert "Not saved yet" in first.text
    assert "One changed sentence." in first.text
    assert (tmp_path / "course" / PLAIN).read_bytes() == old
    assert send(tutor, checked=field(first.text, "checked")).status_code == 303


def test_checks_and_changed_passages_are_shown_with_line_and_remedy(tutor: FlaskClient) -> None:
    page = send(tutor, NEW.replace("changed", "qwertzuiop"), action="preview").text
    assert "Line 7" in page
    assert "“qwertzuiop” is not a known word" in page
    assert "<code>1.2#first/1</code>" in page
    assert "<del>One plain sentence." in page
    assert "<ins>One qwertzuiop sentence.</ins>" in page


@pytest.mark.parametrize("text", ["", "   \n", "---\nunit: [\n---\n", '---\nunit: "1.1"\n---\n## A\n\nText.\n'])
def test_what_the_parser_refuses_is_never_saved_over_a_good_unit(app: Flask, tutor: FlaskClient, tmp_path: Path, text: str) -> None:
    old = (tmp_path / "course" / PLAIN).read_bytes()
    refused = send(tutor, text)
    assert refused.status_code == 400
    assert "nothing was saved" in refused.text
    assert (tmp_path / "course" / PLAIN).read_bytes() == old
    assert "One plain sentence." in app.test_client().get("/course/1.2").text


def test_the_second_of_two_tutors_is_told_shown_both_and_loses_nothing(app: Flask, tutor: FlaskClient, tmp_path: Path) -> None:
    other = signed_in(app, name="Other tutor")
    begun = field(other.get(UNIT).text, "begun_from")
    assert send(tutor).status_code == 303
    in_use(app)
    mine = NEW.replace("changed", "other")
    told = send(other, mine, begun_from=begun)
    assert told.status_code == 409
    assert "One changed sentence." in told.text
    assert "One other sentence." in told.text
    assert (tmp_path / "course" / PLAIN).read_text(encoding="utf-8") == NEW
    assert send(other, mine, begun_from=field(told.text, "begun_from")).status_code == 303


def test_two_tutors_who_save_in_the_same_moment_make_one_save_and_one_notice(app: Flask, tmp_path: Path) -> None:
    tutors = [signed_in(app, name=f"Tutor {n}") for n in (1, 2)]
    forms = [
        (client, token(client), field(client.get(UNIT).text, "begun_from"), NEW.replace("changed", word))
        for client, word in zip(tutors, ("first", "second"), strict=True)
    ]
    start, codes = threading.Barrier(2), []

    def save(client: FlaskClient, form_token: str, begun: str, text: str) -> None:
        start.wait()
        form = {"token": form_token, "begun_from": begun, "text": text, "action": "save", "checked": digest_of(text.encode())}
        codes.append(client.post(UNIT, data=form, content_type="multipart/form-data").status_code)

    threads = [threading.Thread(target=save, args=form) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    in_use(app)
    assert sorted(codes) == [303, 409]
    assert (tmp_path / "course" / PLAIN).read_text(encoding="utf-8") in (forms[0][3], forms[1][3])


def test_the_last_save_can_be_undone_and_done_again(app: Flask, tutor: FlaskClient, tmp_path: Path) -> None:
    old = (tmp_path / "course" / PLAIN).read_bytes()
    send(tutor)
    in_use(app)
    for expected in (old, NEW.encode()):
        page = tutor.get(UNIT).text
        form = {"token": token(tutor), "backup": field(page, "backup"), "begun_from": field(page, "begun_from")}
        assert tutor.post("/tutor/text/undo/1.2", data=form).status_code == 303
        in_use(app)
        assert (tmp_path / "course" / PLAIN).read_bytes() == expected
    assert "One changed sentence." in app.test_client().get("/course/1.2").text


def test_a_course_that_is_installed_is_copied_and_the_copy_is_used_at_the_next_start(tmp_path: Path) -> None:
    home = tmp_path / "site-packages" / "corpus"
    app = text_app(tmp_path, home)
    tutor = signed_in(app)
    old = (home / PLAIN).read_bytes()
    assert "the first change makes a copy" in tutor.get("/tutor/text/").text
    assert send(tutor).status_code == 303
    in_use(app)
    assert (home / PLAIN).read_bytes() == old
    assert "You are changing a copy" in tutor.get("/tutor/text/").text
    settings = Settings.read({"course": home, "data": tmp_path / "data"}, {})
    assert settings.course == tmp_path / "data" / "course"
    assert settings.index == tmp_path / "data" / "index"
    assert "One changed sentence." in load_course(settings.course).units["1.2"].html


def test_an_index_that_cannot_be_refreshed_leaves_the_old_one_answering_and_says_so(app: Flask, tutor: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "course" / "modules" / "1-first" / "09-broken.md").write_bytes(b"---\nunit: [\n---\n")
    with app.app_context():
        workshop().refreshing.start()
    in_use(app)
    assert "could not be refreshed" in tutor.get("/tutor/text/").text
    assert app.test_client().get("/course/1.2").status_code == 200


def hand_in(client: FlaskClient, data: bytes, name: str = "a new unit.md") -> TestResponse:
    form = {"token": token(client), "file": (io.BytesIO(data), name)}
    return client.post("/tutor/text/new", data=form, content_type="multipart/form-data")


NINTH = '---\nunit: "1.9"\ntitle: A ninth unit\n---\n## Ninth {#ninth}\n\nThe ninth unit says something.\n'


@pytest.mark.parametrize("name", ["ninth.md", "../../../ninth.md", "..\\..\\ninth.md", "/etc/ninth.md", f"{BAD}.md"])
def test_a_file_handed_in_is_checked_first_and_lands_among_the_units(app: Flask, tutor: FlaskClient, tmp_path: Path, name: str) -> None:
    before = set(tmp_path.rglob("*.md"))
    shown = hand_in(tutor, NINTH.encode(), name)
    assert shown.status_code == 200
    assert set(tmp_path.rglob("*.md")) == before
    assert "<script>alert" not in shown.text
    assert "<img src=x" not in shown.text
    form = {one: field(shown.text, one) for one in ("begun_from", "checked", "name")}
    saved = tutor.post("/tutor/text/new", data={"token": token(tutor), "text": NINTH, "action": "save"} | form)
    assert saved.status_code == 303
    in_use(app)
    (made,) = set(tmp_path.rglob("*.md")) - before
    assert made.parent == tmp_path / "course" / "modules" / "1-first"
    assert "The ninth unit says something." in app.test_client().get("/course/1.9").text


@pytest.mark.parametrize(("data", "told"), [(b"\xff\xfe\x00", "not UTF-8"), (b"x" * (257 * 1024), "larger than 256 KB"), (b"", "no text")])
def test_a_file_that_is_no_unit_is_told_of(tutor: FlaskClient, data: bytes, told: str) -> None:
    refused = hand_in(tutor, data)
    assert refused.status_code == 400
    assert told in unescape(refused.text)


def test_more_than_a_unit_is_not_read(tutor: FlaskClient) -> None:
    body = b"--b\r\n" + b"x" * (1100 * 1024)
    refused = tutor.post("/tutor/text/new", data=body, content_type="multipart/form-data; boundary=b")
    assert refused.status_code == 413
    assert "256 KB" in refused.text


@pytest.mark.parametrize("unit", ["../../etc/passwd", "%2e%2e/%2e%2e/secret", "9.9", "1.2/../../x"])
def test_no_other_file_can_be_opened_or_saved(tutor: FlaskClient, unit: str) -> None:
    assert tutor.get(f"/tutor/text/unit/{unit}").status_code == 404
    assert send(tutor, path=f"/tutor/text/unit/{unit}").status_code == 404


def test_a_backup_is_opened_by_its_own_name_alone(tutor: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "data" / "secret.md").write_text("a secret", encoding="utf-8")
    assert "a secret" not in tutor.get(f"{UNIT}?backup=../../secret.md").text
    page = tutor.get(UNIT).text
    form = {"token": token(tutor), "backup": "../../secret.md", "begun_from": field(page, "begun_from")}
    assert tutor.post("/tutor/text/undo/1.2", data=form).status_code == 404


def test_what_stands_in_a_unit_runs_nowhere(app: Flask, tutor: FlaskClient) -> None:
    bad = NEW.replace("One changed", f"{BAD} </textarea>{BAD} One changed").replace("title: Plain text", f"title: '{BAD}'")
    shown = [send(tutor, bad, action="preview").text]
    form = {"token": token(tutor), "text": bad, "file": "1-first/02-plain.md"}
    shown.append(tutor.post("/tutor/text/preview", data=form, content_type="multipart/form-data").get_json()["html"])
    send(tutor, bad)
    in_use(app)
    shown += [tutor.get(path).text for path in (UNIT, "/tutor/text/")]
    for page in shown:
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_the_live_preview_marks_a_text_as_checked_or_says_why_it_is_none(tutor: FlaskClient) -> None:
    form = {"token": token(tutor), "text": NEW, "file": "1-first/02-plain.md"}
    told = tutor.post("/tutor/text/preview", data=form, content_type="multipart/form-data").get_json()
    assert told["checked"] == digest_of(NEW.encode())
    refused = tutor.post("/tutor/text/preview", data=form | {"text": ""}, content_type="multipart/form-data").get_json()
    assert refused["checked"] == ""
    assert "no text" in refused["html"]


def test_a_file_with_windows_line_ends_keeps_them(tutor: FlaskClient, tmp_path: Path) -> None:
    path = tmp_path / "course" / PLAIN
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    data = NEW.replace("\n", "\r\n").encode()
    assert send(tutor, checked=digest_of(data)).status_code == 303
    assert path.read_bytes() == data


def test_the_index_is_copied_before_the_course_and_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever starts after a power cut finds the course where it lay, or its copy with an index to go on from."""
    home = course(tmp_path / "site-packages" / "corpus")
    built = tmp_path / "built"
    built.mkdir()
    (built / "current").write_text("generation", encoding="utf-8")
    data = tmp_path / "data"
    (data / ".index-half").mkdir(parents=True)
    os.utime(data / ".index-half", (0, 0))

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    desk = Desk(Settings.read({"course": home, "index": built, "data": data}, {}))
    with monkeypatch.context() as broken:
        broken.setattr("web.tutors.desk.copy_course", cut)
        with pytest.raises(KeyboardInterrupt):
            desk.save("1-first/02-plain.md", b"## New {#new}\n\nNew.\n", "")
    assert [path.relative_to(data).as_posix() for path in sorted(data.rglob("*"))] == ["index", "index/current"]
    file = home / "modules" / "1-first" / "02-plain.md"
    desk.save("1-first/02-plain.md", b"## New {#new}\n\nNew.\n", digest_of(file.read_bytes()))
    assert desk.folders == (data / "course", data / "index")
