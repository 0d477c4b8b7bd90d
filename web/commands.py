"""The command `serve`: the pages over a course, on this machine alone unless told otherwise.

Knows nothing of how the settings are found.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import click

from assistant.journal_commands import journal_of
from assistant.opening import has_index, open_assistant, read_course, taught_answers
from index import failures_told, index_in_use
from web.lab.data_version import DataVersionError, claim_data

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from assistant.coach import Coach
    from assistant.taught import TaughtAnswers
    from corpus import Course
    from index import Encoder
    from web.services import Opened
    from web.settings import Settings

_LARGEST_PORT = 65535


@click.command("serve")
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, _LARGEST_PORT), help="Port to listen on; 0 takes a free one.  [default: 8000]")
@click.pass_obj
def serve(settings: Settings, host: str | None, port: int | None) -> None:
    """Serve the chat and the course in the browser."""
    from web import create_app  # noqa: PLC0415  (Flask is imported only to serve)
    from web.conversations import Conversations, ConversationsError  # noqa: PLC0415
    from web.opening import Opening  # noqa: PLC0415
    from web.practice_store import PracticeStore  # noqa: PLC0415
    from web.secret import SecretKeyError  # noqa: PLC0415
    from web.server import AddressError, PortInUseError  # noqa: PLC0415
    from web.server import serve as run  # noqa: PLC0415
    from web.services import Practice, Services, init_app, services_of  # noqa: PLC0415
    from web.tutors.first_account import first_account_path  # noqa: PLC0415
    from web.tutors.records import RecordsError  # noqa: PLC0415
    from web.tutors.workshop import begin_testing  # noqa: PLC0415

    settings = replace(settings, host=host or settings.host, port=settings.port if port is None else port)
    before = index_in_use(settings.index)
    with failures_told():
        course = read_course(settings)
        opening = Opening(lambda: _opened(settings, course=course))
        if not has_index(settings, course):  # building one takes minutes, in which no page should promise an answer
            opening.now()
    taught = opening.part(lambda opened: cast("TaughtAnswers", opened.taught))
    try:
        claim_data(settings.data)
        conversations = Conversations(settings.data / "conversations.sqlite")
        practice = Practice(opening.part(lambda opened: cast("Coach", opened.coach)), PracticeStore(settings.data / "practice.sqlite"))

        def reopen(course: Path, index: Path) -> Opened:
            return _opened(replace(settings, course=course, index=index), encoder=taught.encoder)

        services = Services.of(course, opening.part(lambda opened: opened.assistant), conversations, journal_of(settings), taught, reopen)
        app = create_app(settings, replace(services, practice=practice))
        first = first_account_path(app)

        def use(opened: Opened) -> None:
            services.terms.learn()
            init_app(app, services_of(app).answered_by(opened))
            begin_testing(app, renewed=index_in_use(settings.index) != before)

        def ready(address: str, stop: Callable[[], None]) -> None:
            _ready(address, first)
            opening.begin(use, failed=stop)

        run(app, settings.host, settings.port, threads=settings.threads, proxy=settings.proxy, ready=ready)
        with failures_told():
            opening.check()
    except (PortInUseError, AddressError, ConversationsError, DataVersionError, RecordsError, SecretKeyError) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)


def _opened(settings: Settings, *, course: Course | None = None, encoder: Encoder | None = None) -> Opened:
    """The settings' course with what answers over it, which has begun to think ahead."""
    from assistant.coach import Coach  # noqa: PLC0415  (as above)
    from web.services import Opened  # noqa: PLC0415

    assistant = open_assistant(settings, encoder, course)
    assistant.think_ahead()
    taught = taught_answers(settings.data, assistant, assistant.encoder)
    return Opened(assistant.course, assistant, taught, Coach(assistant.course, assistant.encoder))


def _ready(address: str, first_account: str) -> None:
    click.echo(f"The course is open at {address} (Ctrl+C stops it).")
    if first_account:
        click.echo(f"No tutor has an account yet. On this machine, once, the first is made at {address.rstrip('/')}{first_account}")
