"""The command `serve`: the pages over a course, on this machine alone unless told otherwise.

Knows nothing of how the settings are found.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from assistant.journal_commands import journal_of
from assistant.opening import open_assistant, taught_answers
from index import failures_told, index_in_use
from web.lab.data_version import DataVersionError, claim_data

if TYPE_CHECKING:
    from pathlib import Path

    from web.settings import Settings

_LARGEST_PORT = 65535


@click.command("serve")
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, _LARGEST_PORT), help="Port to listen on; 0 takes a free one.  [default: 8000]")
@click.pass_obj
def serve(settings: Settings, host: str | None, port: int | None) -> None:
    """Serve the chat and the course in the browser."""
    from assistant.coach import Coach  # noqa: PLC0415  (what practising needs is read only to serve)
    from web import create_app  # noqa: PLC0415  (Flask is imported only to serve)
    from web.conversations import Conversations, ConversationsError  # noqa: PLC0415
    from web.practice_store import PracticeStore  # noqa: PLC0415
    from web.secret import SecretKeyError  # noqa: PLC0415
    from web.server import AddressError, PortInUseError  # noqa: PLC0415
    from web.server import serve as run  # noqa: PLC0415
    from web.services import Opened, Practice, Services  # noqa: PLC0415
    from web.tutors.first_account import first_account_path  # noqa: PLC0415
    from web.tutors.records import RecordsError  # noqa: PLC0415
    from web.tutors.workshop import begin_testing  # noqa: PLC0415

    settings = replace(settings, host=host or settings.host, port=settings.port if port is None else port)
    before = index_in_use(settings.index)
    with failures_told():
        assistant = open_assistant(settings)
    encoder = assistant.encoder
    try:
        claim_data(settings.data)
        conversations = Conversations(settings.data / "conversations.sqlite")
        taught = taught_answers(settings.data, assistant, encoder)
        practice = Practice(Coach(assistant.course, encoder), PracticeStore(settings.data / "practice.sqlite"))

        def reopen(course: Path, index: Path) -> Opened:
            again = open_assistant(replace(settings, course=course, index=index), encoder)
            again.think_ahead()
            return Opened(again.course, again, taught_answers(settings.data, again, encoder), Coach(again.course, encoder))

        services = Services.of(assistant.course, assistant, conversations, journal_of(settings), taught, reopen)
        app = create_app(settings, replace(services, practice=practice))
        begin_testing(app, renewed=index_in_use(settings.index) != before)
        first = first_account_path(app)

        def ready(address: str) -> None:
            _ready(address, first)
            assistant.think_ahead()

        run(app, settings.host, settings.port, threads=settings.threads, proxy=settings.proxy, ready=ready)
    except (PortInUseError, AddressError, ConversationsError, DataVersionError, RecordsError, SecretKeyError) as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        click.echo("Stopped.", err=True)


def _ready(address: str, first_account: str) -> None:
    click.echo(f"The course is open at {address} (Ctrl+C stops it).")
    if first_account:
        click.echo(f"No tutor has an account yet. On this machine, once, the first is made at {address.rstrip('/')}{first_account}")
