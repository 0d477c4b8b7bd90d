"""The commands `tutor add`, `tutor list`, `tutor password` and `tutor remove`: accounts managed by whoever has this machine.

Knows nothing of pages or sessions.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web.settings import Settings
    from web.tutors.accounts import Accounts

_WHO = "command line"


@click.group("tutor")
def tutor_commands() -> None:
    """Give tutors an account for the pages under /tutor, or take it away."""


@tutor_commands.command("add")
@click.argument("name")
@click.option("--admin", is_flag=True, help="The account may also manage the others and remove questions for good.")
@click.password_option()
@click.pass_obj
def add(settings: Settings, name: str, password: str, *, admin: bool) -> None:
    """Make an account; the password is asked for (12 characters or more)."""
    with _accounts(settings) as accounts:
        tutor = accounts.add(name, password, "admin" if admin else "tutor")
        _note(accounts, "account-added", tutor.name, tutor.role)
    click.echo(f"{tutor.name} can sign in at /tutor.", err=True)


@tutor_commands.command("list")
@click.pass_obj
def list_(settings: Settings) -> None:
    """Show every account: name, role and when it was made."""
    with _accounts(settings) as accounts:
        for account in accounts.everyone():
            click.echo(f"{account.tutor.name}\t{account.tutor.role}\t{account.added}")


@tutor_commands.command("password")
@click.argument("name")
@click.password_option()
@click.pass_obj
def password(settings: Settings, name: str, password: str) -> None:
    """Give an account a new password; it is signed out everywhere."""
    with _accounts(settings) as accounts:
        accounts.set_password(name, password)
        _note(accounts, "password-reset", name)
    click.echo("The password was changed.", err=True)


@tutor_commands.command("remove")
@click.argument("name")
@click.confirmation_option(prompt="The account will be gone. Remove it?")
@click.pass_obj
def remove(settings: Settings, name: str) -> None:
    """Remove an account; what its tutor did stays in the audit trail."""
    with _accounts(settings) as accounts:
        accounts.remove(name)
        _note(accounts, "account-removed", name)
    click.echo("The account was removed.", err=True)


def _note(accounts: Accounts, action: str, name: str, detail: str = "") -> None:
    from web.tutors.trail import Trail  # noqa: PLC0415

    Trail(accounts.records).add(_WHO, action, name, detail)


@contextmanager
def _accounts(settings: Settings) -> Iterator[Accounts]:
    """The accounts in the data folder; what goes wrong is told in a sentence."""
    from web.tutors.accounts import AccountRefusedError, Accounts  # noqa: PLC0415  (argon2 is loaded for these commands alone)
    from web.tutors.records import Records, RecordsError  # noqa: PLC0415
    from web.tutors.refusals import refusal  # noqa: PLC0415

    try:
        yield Accounts(Records(settings.data / "tutors.sqlite"))
    except AccountRefusedError as error:
        raise click.ClickException(refusal(error.reason, str)) from error
    except RecordsError as error:
        raise RecordsFailure(str(error)) from error


class RecordsFailure(click.ClickException):
    """A command that cannot do its work because the tutors' file cannot be read or written."""

    exit_code = 3
