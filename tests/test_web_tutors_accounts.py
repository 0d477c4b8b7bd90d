"""Accounts: made on the command line, on the set-up page and by an admin; passwords that hold."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from tutor_fakes import PASSWORD, signed_in, token, with_account

from web.cli import cli
from web.tutors.accounts import _HASHER, _NOBODYS_HASH, AccountRefusedError, Accounts
from web.tutors.first_account import first_account_path
from web.tutors.records import Records, RecordsError
from web.tutors.trail import Trail

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result
    from flask import Flask


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    """No accounts yet."""
    return Accounts(Records(tmp_path / "deep" / "tutors.sqlite"))


def run(data: Path, *arguments: str, typed: str = "") -> Result:
    """What the command `tutor` does over a data folder."""
    return CliRunner().invoke(cli, ["--data", str(data), "tutor", *arguments], input=typed)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "short"),
        ("x" * 201, "long"),
        ("wang fang is my name", "like-name"),
        ("aaaaaaaaaaaaaaaa", "plain"),
        ("WANG FANG 2026 spring", "like-name"),
    ],
)
def test_a_weak_password_is_refused(accounts: Accounts, password: str, reason: str) -> None:
    """Too short, too long, made of the name, or nearly one letter."""
    with pytest.raises(AccountRefusedError, match=reason):
        accounts.add("Wang Fang", password)
    assert accounts.everyone() == []


@pytest.mark.parametrize("name", ["", "  ", "a" * 41, "a\x00b", "a\u202eb"])
def test_a_name_that_cannot_be_shown_is_refused(accounts: Accounts, name: str) -> None:
    """Empty, long, or with characters that do not show."""
    with pytest.raises(AccountRefusedError, match="name"):
        accounts.add(name, PASSWORD)


def test_a_password_is_kept_as_argon2id(accounts: Accounts) -> None:
    """The file holds no password; a name that nobody has is checked as dearly as one that exists."""
    accounts.add("王芳", PASSWORD)
    with accounts.records.open() as database:
        (kept,) = database.execute("SELECT password FROM account").fetchone()
    assert kept.startswith("$argon2id$")
    assert not _HASHER.check_needs_rehash(_NOBODYS_HASH)
    assert accounts.verified("王芳", PASSWORD) is not None
    assert accounts.verified("王芳", PASSWORD + "!") is None
    assert accounts.verified("nobody", PASSWORD) is None


def test_the_last_admin_stays_while_there_are_tutors(accounts: Accounts) -> None:
    """Somebody must be able to manage the others."""
    accounts.add("first", PASSWORD, "admin")
    accounts.add("second", PASSWORD)
    with pytest.raises(AccountRefusedError, match="last-admin"):
        accounts.remove("first")
    accounts.remove("second")
    accounts.remove("first")
    assert not accounts.exist()


def test_the_trail_is_only_added_to(accounts: Accounts) -> None:
    """The file itself refuses a change; marks of a patient's identity are taken out before they are noted."""
    trail = Trail(accounts.records)
    trail.add("first", "gap-closed", "call 13800138000", "MRN 00123456")
    for statement in ("UPDATE audit SET who = 'x'", "DELETE FROM audit"):
        with pytest.raises(RecordsError, match="only added to"), accounts.records.open() as database:
            database.execute(statement)
    (entry,) = trail.newest()
    assert (entry.who, entry.subject, entry.detail) == ("first", "call [telephone]", "[record number]")


def test_a_file_of_a_newer_version_is_left_alone(accounts: Accounts) -> None:
    """And a file that is no database is told in one sentence."""
    accounts.add("first", PASSWORD)
    with accounts.records.open() as database:
        database.execute("PRAGMA user_version = 99")
    with pytest.raises(RecordsError, match="newer version"):
        accounts.everyone()
    accounts.records.path.write_text("no database at all" * 100, encoding="ascii")
    with pytest.raises(RecordsError, match="--data"):
        accounts.everyone()


def test_accounts_are_managed_from_the_command_line(tmp_path: Path) -> None:
    """Add, list, change, remove; a refusal is one sentence and status 1."""
    twice = f"{PASSWORD}\n{PASSWORD}\n"
    assert run(tmp_path, "add", "Wang Fang", "--admin", typed=twice).exit_code == 0
    assert run(tmp_path, "list").stdout.startswith("Wang Fang\tadmin\t")
    taken = run(tmp_path, "add", "wang fang", typed=twice)
    assert taken.exit_code == 1
    assert "There is an account of this name" in taken.stderr
    assert run(tmp_path, "password", "Wang Fang", typed="another long one\nanother long one\n").exit_code == 0
    assert Accounts(Records(tmp_path / "tutors.sqlite")).verified("Wang Fang", "another long one")
    assert run(tmp_path, "remove", "Wang Fang", "--yes").exit_code == 0
    assert run(tmp_path, "remove", "Wang Fang", "--yes").exit_code == 1
    assert run(tmp_path, "list").stdout == ""
    (tmp_path / "file").write_text("", encoding="ascii")
    assert run(tmp_path / "file", "list").exit_code == 3


def set_up_key(app: Flask) -> str:
    """The key that `serve` would print."""
    (key,) = parse_qs(urlsplit(first_account_path(app)).query)["key"]
    return key


def test_the_set_up_page_makes_the_first_account_once(app: Flask) -> None:
    """An admin's, signed in at once; then neither page nor form does anything more."""
    client = app.test_client()
    key = set_up_key(app)
    assert client.get(f"/tutor/set-up?key={key}").status_code == 200
    form = {"token": token(client), "key": key, "name": "Wang Fang"}
    weak = client.post("/tutor/set-up", data={**form, "password": "short"})
    assert (weak.status_code, "shorter than 12" in weak.text, key in weak.text) == (400, True, True)
    assert client.post("/tutor/set-up", data={**form, "password": PASSWORD}).headers["Location"] == "/tutor/"
    assert client.get("/tutor/accounts/").text.count("Wang Fang") >= 2
    assert first_account_path(app) == ""
    again = app.test_client()
    assert again.get(f"/tutor/set-up?key={key}").status_code == 404
    assert again.post("/tutor/set-up", data={**form, "token": token(again), "name": "Eve", "password": PASSWORD}).status_code == 404


@pytest.mark.parametrize(
    ("address", "host", "status"),
    [
        ("127.0.0.1", "localhost:8000", 200),
        ("127.0.0.1", "127.0.0.1", 200),
        ("::1", "[::1]:8000", 200),
        ("::ffff:127.0.0.1", "127.0.0.1:8000", 200),
        ("192.168.1.20", "127.0.0.1:8000", 404),
        ("127.0.0.1", "tutor.example.org", 404),
        ("127.0.0.1", "192.168.1.2:8000", 404),
    ],
)
def test_the_set_up_page_is_for_this_machine_alone(app: Flask, address: str, host: str, status: int) -> None:
    """By the sender's address and by the name the page was asked for under."""
    asked = app.test_client().get(f"/tutor/set-up?key={set_up_key(app)}", environ_base={"REMOTE_ADDR": address}, headers={"Host": host})
    assert asked.status_code == status


@pytest.mark.parametrize("key", ["", "wrong", "é"])
def test_the_set_up_page_needs_the_key(app: Flask, key: str) -> None:
    """Which is printed where the server was started, and nowhere else."""
    assert app.test_client().get("/tutor/set-up", query_string={"key": key}).status_code == 404


def test_an_admin_manages_accounts_and_the_trail_tells(app: Flask) -> None:
    """Add, reset, remove: each ends up in the trail with the admin's name."""
    admin = signed_in(app, "admin")
    secret = token(admin)
    add = {"token": secret, "name": "Li Wei", "password": PASSWORD, "role": "tutor"}
    assert admin.post("/tutor/accounts/add", data=add).status_code == 303
    assert admin.post("/tutor/accounts/add", data=add).status_code == 400
    theirs = signed_in(app, name="Li Wei")
    assert theirs.get("/tutor/").status_code == 200
    reset = {"token": secret, "name": "Li Wei", "password": "quite another one"}
    assert admin.post("/tutor/accounts/reset", data=reset).status_code == 303
    assert theirs.get("/tutor/").status_code == 303
    assert admin.post("/tutor/accounts/remove", data={"token": secret, "name": "Li Wei"}).status_code == 303
    trail = admin.get("/tutor/accounts/trail").text
    for words in ("made an account", "set a new password", "removed an account"):
        assert words in trail
    assert trail.count("Test admin") >= 3


@pytest.mark.parametrize("deed", ["add", "reset", "remove"])
def test_a_tutor_who_is_no_admin_manages_nobody(app: Flask, deed: str) -> None:
    """Neither by the page, which does not offer it, nor by sending the form."""
    victim = with_account(app, name="Li Wei")
    client = signed_in(app)
    assert "Li Wei" not in client.get("/tutor/accounts/").text
    form = {"token": token(client), "name": victim, "password": "quite another one"}
    assert client.post(f"/tutor/accounts/{deed}", data=form).status_code == 403
    with app.app_context():
        assert Accounts(Records(app.extensions["genomics-tutor records"].path)).verified(victim, PASSWORD)


def test_a_tutor_changes_the_own_password(app: Flask) -> None:
    """With the present one; every other session ends, this one goes on under a new key."""
    client, other = signed_in(app), signed_in(app)
    form = {"token": token(client), "current": "wrong", "password": "quite another one"}
    assert client.post("/tutor/accounts/password", data=form).status_code == 403
    assert client.post("/tutor/accounts/password", data={**form, "current": PASSWORD, "password": "short"}).status_code == 400
    assert client.post("/tutor/accounts/password", data={**form, "current": PASSWORD}).status_code == 303
    assert client.get("/tutor/").status_code == 200
    assert other.get("/tutor/").status_code == 303
