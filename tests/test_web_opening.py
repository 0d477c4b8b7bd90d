"""The course is served while the assistant is opened: what needs it waits, and what goes wrong ends the command."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from test_web_chat import send
from web_fakes import FakeAssistant, fake_app

from index import EncoderUnreadableError, IndexUnwritableError, shipped_encoder_digest
from index.encoder import SHIPPED_ENCODER, OnnxEncoder
from web import opening
from web.cli import cli
from web.opening import Opening
from web.problems import Problem
from web.server import serve
from web.services import init_app, services_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

    from assistant import Assistant
    from web.services import Answering


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What opening waits for; set when the test ends at the latest."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def logging_kept() -> Iterator[None]:
    """The root logger as it was, which a server sets up for itself."""
    level, handlers = logging.root.level, logging.root.handlers[:]
    yield
    logging.root.setLevel(level)
    logging.root.handlers[:] = handlers


def being_opened(app: Flask, open_: Callable[[], Answering]) -> Opening[Answering]:
    """The app with an assistant that is being opened in place of its own."""
    held: Opening[Answering] = Opening(open_)
    init_app(app, replace(services_of(app), assistant=held.part(lambda assistant: assistant)))
    return held


def not_to_fail() -> None:
    pytest.fail("said to have failed")


def test_the_course_is_read_while_a_question_waits_for_the_assistant(tmp_path: Path, gate: threading.Event) -> None:
    app, used = fake_app(tmp_path), list[object]()
    ready: Any = services_of(app).assistant
    held = being_opened(app, lambda: ready if gate.wait(30) else None)
    with ThreadPoolExecutor(1) as trainee:
        asked = trainee.submit(send, app.test_client(), "How is it inherited?")
        held.begin(used.append, not_to_fail)
        for address in ("/", "/course/", "/glossary", "/healthz"):
            assert app.test_client().get(address).status_code == 200
        assert not asked.done()
        assert used == []
        gate.set()
        assert asked.result(30).status_code == 303
    assert used == [ready]
    assert isinstance(ready, FakeAssistant)
    assert [question for question, *_ in ready.asked] == ["How is it inherited?"]


def test_a_question_waits_so_long_and_no_longer(tmp_path: Path, gate: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "LONGEST_WAIT", 0.01)
    app = fake_app(tmp_path)
    being_opened(app, lambda: pytest.fail("never begun"))
    response = send(app.test_client(), "How is it inherited?")
    assert (response.status_code, "The assistant cannot answer now" in response.text) == (503, True)
    assert not gate.is_set()


def test_what_goes_wrong_is_told_to_who_waits_and_to_the_command() -> None:
    failed = threading.Event()
    held: Opening[int] = Opening(lambda: int("no number"))
    held.check()
    held.begin(lambda _: not_to_fail(), failed.set)
    with pytest.raises(Problem):
        held.part(lambda whole: whole).bit_length()
    assert failed.wait(30)
    with pytest.raises(ValueError, match="no number"):
        held.check()


def test_what_was_opened_before_is_used_as_it_is() -> None:
    times, used = list[int](), threading.Event()
    held: Opening[str] = Opening(lambda: times.append(1) or "opened")  # type: ignore[func-returns-value]
    held.now()
    assert held.part(lambda whole: whole).upper() == "OPENED"
    held.begin(lambda _: used.set(), not_to_fail)
    assert used.wait(30)
    assert times == [1]


@pytest.mark.usefixtures("logging_kept")
def test_serving_can_be_ended_from_any_thread(app: Flask) -> None:
    told: list[str] = []

    def ready(address: str, stop: Callable[[], None]) -> None:
        told.append(address)
        threading.Thread(target=stop).start()

    serve(app, "127.0.0.1", 0, ready=ready)
    assert len(told) == 1


@pytest.mark.usefixtures("logging_kept", "assistant")
@pytest.mark.parametrize(
    "error", [EncoderUnreadableError("model.onnx is damaged; install it again."), IndexUnwritableError("The disk is full; free space.")]
)
def test_what_cannot_be_opened_ends_serve_with_its_sentence(
    error: Exception, four_units: Path, four_units_index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr("assistant.opening.chosen_encoder", fails)
    options = ["--course", str(four_units), "--index", str(four_units_index), "--data", str(tmp_path)]
    done = CliRunner().invoke(cli, [*options, "serve", "--port", "0"])
    assert (done.exit_code, f"Error: {error}\n" in done.stderr, "Traceback" in done.stderr) == (3, True, False)
    assert "The course is open at" in done.stdout


def test_without_an_index_nothing_is_served_before_it_is_built(four_units: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        message = "model.onnx is damaged; install it again."
        raise EncoderUnreadableError(message)

    monkeypatch.setattr("assistant.opening.chosen_encoder", fails)
    options = ["--course", str(four_units), "--index", str(tmp_path / "none"), "--data", str(tmp_path)]
    done = CliRunner().invoke(cli, [*options, "serve", "--port", "0"])
    assert (done.exit_code, "is damaged" in done.stderr, done.stdout) == (3, True, "")


def test_the_digest_of_the_shipped_encoder_is_read_without_opening_it(assistant: Assistant) -> None:
    assert shipped_encoder_digest() == OnnxEncoder(SHIPPED_ENCODER).digest == assistant.encoder.digest
