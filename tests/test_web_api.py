"""The addresses for programs: what they take, what they give, and that their document says the same."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, get_args

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from web_fakes import DOMINANT, FakeAssistant, served, small_course

from assistant.journal import Journal
from assistant.wire import AnswerLine, CitationLine, HitLine, NearestLine, SearchLine
from web import create_app
from web.api import bodies
from web.api.views import document
from web.conversations import Conversations
from web.problems import ProblemBody
from web.security import WITHOUT_TOKEN
from web.services import Services
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from assistant import Assistant

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


def app_over(folder: Path, assistant: Assistant | None = None, *, answering: bool = True, journal: bool = True) -> Flask:
    """The app over the fake assistant or a real one, with a journal."""
    course = assistant.course if assistant else small_course(folder / "course")
    answers = assistant or (FakeAssistant(course) if answering else None)
    kept = Journal(folder / "data" / "journal.sqlite") if journal else None
    found = Services.of(course, answers, Conversations(folder / "data" / "c.sqlite"), kept)
    return create_app(Settings(course=folder, index=folder, data=folder / "data"), found)


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """A program that calls the fake."""
    return app_over(tmp_path).test_client(use_cookies=False)


def post(client: FlaskClient, path: str, body: object, **headers: str) -> TestResponse:
    """Send JSON."""
    return client.post(f"/api/v1/{path}", data=json.dumps(body), content_type="application/json", headers=headers)


def refused(response: TestResponse, status: int) -> str:
    """The sentence of a refusal, which is JSON with the id that stands in the log."""
    assert response.status_code == status
    assert response.mimetype == "application/json"
    assert set(response.json) == set(ProblemBody.__annotations__)
    assert response.json["request"] == response.headers["X-Request-Id"]
    return str(response.json["error"])


def test_an_answer_is_the_line_of_the_command_and_its_event(client: FlaskClient) -> None:
    response = post(client, "ask", {"question": "What is the risk?"})
    assert response.status_code == 200
    always = {field for field, kind in AnswerLine.__annotations__.items() if "NotRequired" not in str(kind)}
    assert set(response.json) == always | {"event"}
    assert response.json["state"] == "covered"
    assert response.json["citations"][0]["quote"] == DOMINANT[0]
    assert response.json["id"] == response.headers["X-Request-Id"]
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
    within = post(client, "ask", {"question": "in another part", "module": "2"}).json
    assert (within["state"], within["elsewhere"], within["citations"]) == ("not_covered", "covered", [])


def test_feedback_refers_to_the_event_of_an_answer(tmp_path: Path) -> None:
    client = app_over(tmp_path).test_client()
    event = post(client, "ask", {"question": "What is the risk?"}).json["event"]
    sent = {"about": event, "verdict": "not_helpful", "reason": "incomplete", "comment": "call 13800138000"}
    response = post(client, "feedback", sent)
    assert response.status_code == 201
    kept = Journal(tmp_path / "data" / "journal.sqlite").event(response.json["event"])
    assert kept is not None
    assert kept.kind == "feedback"
    assert kept.body == {**sent, "comment": "call [telephone]"}
    assert "no question with this id" in refused(post(client, "feedback", {**sent, "about": response.json["event"]}), 404)
    assert "no question with this id" in refused(post(client, "feedback", {**sent, "about": "nothing"}), 404)


def test_history_module_section_and_literal_reach_the_assistant(tmp_path: Path) -> None:
    app = app_over(tmp_path)
    body = {"question": "And then?", "history": ["What is the risk?"], "module": "1", "section": "1.6#recurrence", "literal": True}
    assert post(app.test_client(), "ask", body).status_code == 200
    fake = app.extensions["genomics-tutor"].assistant
    assert fake.asked == [("And then?", ("What is the risk?",), "Human genetics and genomics", "1.6#recurrence", True)]


def test_a_search_gives_passages_either_way(client: FlaskClient) -> None:
    got = client.get("/api/v1/search", query_string={"q": "carriers", "k": "1"})
    sent = post(client, "search", {"q": "carriers", "k": 1})
    assert got.status_code == sent.status_code == 200
    assert got.json["hits"] == sent.json["hits"]
    (hit,) = got.json["hits"]
    assert (hit["passage"], hit["anchor"]) == ("1.6#autosomal-recessive/1", "autosomal-recessive")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("ask", {}, "question"),
        ("ask", {"question": " \u0000"}, "question"),
        ("ask", {"question": 5}, "question"),
        ("ask", {"question": "a" * 2001}, "question"),
        ("ask", {"question": "a", "history": "b"}, "history"),
        ("ask", {"question": "a", "history": [1]}, "history"),
        ("ask", {"question": "a", "history": ["b"] * 21}, "history"),
        ("ask", {"question": "a", "literal": 1}, "literal"),
        ("ask", {"question": "a", "colour": "red"}, "colour"),
        ("search", {"q": "a", "k": 51}, "k"),
        ("search", {"q": "a", "k": True}, "k"),
        ("search", {"q": "a", "k": "5"}, "k"),
        ("feedback", {"about": "a", "verdict": "fine"}, "verdict"),
        ("feedback", {"about": "a", "verdict": ["helpful"]}, "verdict"),
        ("feedback", {"about": "a", "verdict": "helpful", "reason": "rude"}, "reason"),
        ("feedback", {"about": "a", "verdict": "helpful", "comment": "c" * 1001}, "comment"),
    ],
)
def test_a_field_that_cannot_be_taken_is_named(client: FlaskClient, path: str, body: object, field: str) -> None:
    assert f"“{field}”" in refused(post(client, path, body), 400)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"question": NaN}', "[" * 30_000, '{"question": ' + "9" * 5000 + "}", "\udcff\udcfe"]
)
def test_what_is_no_object_is_refused(client: FlaskClient, text: str) -> None:
    body = text.encode("utf-8", "surrogateescape")
    assert refused(client.post("/api/v1/ask", data=body, content_type="application/json"), 400)


def test_other_faults_have_their_status(client: FlaskClient, tmp_path: Path) -> None:
    assert "application/json" in refused(client.post("/api/v1/ask", data={"question": "q"}), 415)
    assert "64 KB" in refused(client.post("/api/v1/ask", data=b"{" + b" " * 70_000, content_type="application/json"), 413)
    assert refused(client.get("/api/v1/ask"), 405)
    assert set(client.get("/api/v1/ask").headers["Allow"].split(", ")) == {"OPTIONS", "POST"}
    assert refused(client.delete("/api/v1/search"), 405)
    assert refused(client.post("/api/v1/nowhere"), 404)
    assert refused(client.get("/api/nowhere"), 404)
    assert "no such module" in refused(post(client, "ask", {"question": "q", "module": "9"}), 404)
    assert "no such section" in refused(post(client, "ask", {"question": "q", "section": "9"}), 404)
    assert refused(post(client, "ask", {"question": "boom"}), 503)
    silent = app_over(tmp_path / "silent", answering=False, journal=False).test_client()
    assert refused(post(silent, "ask", {"question": "q"}), 503)
    assert refused(post(silent, "search", {"q": "q"}), 503)
    assert refused(post(silent, "feedback", {"about": "a", "verdict": "helpful"}), 503)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_page_of_another_site_is_turned_away(client: FlaskClient, site: str) -> None:
    for response in (
        post(client, "ask", {"question": "q"}, **{"Sec-Fetch-Site": site}),
        client.get("/api/v1/search?q=q", headers={"Sec-Fetch-Site": site}),
    ):
        assert "another site" in refused(response, 400)
    assert post(client, "ask", {"question": "q"}, **{"Sec-Fetch-Site": "same-origin"}).status_code == 200


def test_only_the_listed_blueprints_take_a_post_without_a_token(tmp_path: Path) -> None:
    app = app_over(tmp_path)
    assert frozenset({"api"}) == WITHOUT_TOKEN
    client = app.test_client()
    client.get("/")
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.endpoint.partition(".")[0] in WITHOUT_TOKEN:
            continue
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        for sent in ({"data": {"question": "q"}}, {"data": "{}", "content_type": "application/json"}):
            assert "allow cookies" in client.post(path, **sent).text, path


def test_no_cookie_is_read(client: FlaskClient) -> None:
    browser = client.application.test_client()
    with browser.session_transaction() as session:
        session["language"] = "zh_Hans"
    assert "is missing" in refused(post(browser, "ask", {}), 400)


def test_the_document_names_every_route_and_method(client: FlaskClient) -> None:
    said = {(path, method.upper()) for path, item in document()["paths"].items() for method in item}
    there = {
        (rule.rule.removeprefix("/api/v1"), method)
        for rule in client.application.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert said == there
    served_document = client.get("/api/v1/openapi.json")
    assert served_document.json == document()
    assert served_document.mimetype == "application/json"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ask", bodies.AskBody),
        ("Search", bodies.SearchBody),
        ("Feedback", bodies.FeedbackBody),
        ("Answer", bodies.AnswerBody),
        ("Citation", CitationLine),
        ("Nearest", NearestLine),
        ("Found", SearchLine),
        ("Hit", HitLine),
        ("Kept", bodies.KeptBody),
        ("Error", ProblemBody),
    ],
)
def test_the_document_has_the_fields_of_the_types(name: str, kind: Any) -> None:
    schema = document()["components"]["schemas"][name]
    assert list(schema["properties"]) == list(kind.__annotations__) or set(schema["properties"]) == set(kind.__annotations__)
    annotations = kind.__annotations__
    required = {field for field in annotations if "NotRequired" not in str(annotations[field])}
    assert set(schema["required"]) == required
    assert schema["additionalProperties"] is False


def test_the_document_has_the_bounds_of_the_code() -> None:
    schemas = document()["components"]["schemas"]
    assert schemas["Ask"]["properties"]["question"]["maxLength"] == bodies.LONGEST_QUESTION
    assert schemas["Ask"]["properties"]["history"]["maxItems"] == bodies.MOST_HISTORY
    assert schemas["Search"]["properties"]["k"]["maximum"] == schemas["Found"]["properties"]["hits"]["maxItems"] == bodies.MOST_HITS
    assert schemas["Feedback"]["properties"]["comment"]["maxLength"] == bodies.LONGEST_COMMENT
    assert schemas["Feedback"]["properties"]["verdict"]["enum"] == list(get_args(bodies.Verdict))
    assert schemas["Feedback"]["properties"]["reason"]["enum"] == list(get_args(bodies.Reason))


@contextmanager
def operations(app: Flask) -> Iterator[list[Any]]:
    """Every operation of the document, as the live server serves it."""
    with served(app) as address:
        schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
        yield [result.ok() for result in schema.get_all_operations()]


def hammered(operation: Any, examples: int) -> Callable[[], None]:
    """A run of made-up requests against one operation, valid and not, the same ones each time."""
    modes = schemathesis.GenerationMode
    strategy = operation.as_strategy(generation_mode=modes.POSITIVE) | operation.as_strategy(generation_mode=modes.NEGATIVE)

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def run(case: Any) -> None:
        response = case.call()
        too_large = response.status_code == 413
        case.validate_response(response, checks=CHECKS if too_large else [*CHECKS, negative_data_rejection])

    return run


def test_made_up_requests_meet_no_fault_and_nothing_undocumented(tmp_path: Path) -> None:
    with operations(app_over(tmp_path)) as found:
        assert {operation.label for operation in found} >= {"POST /ask", "GET /search", "POST /search", "POST /feedback"}
        for operation in found:
            hammered(operation, 60)()


def test_made_up_requests_meet_no_fault_in_the_real_assistant(tmp_path: Path, assistant: Assistant) -> None:
    with operations(app_over(tmp_path, assistant)) as found:
        for operation in found:
            hammered(operation, 25)()
