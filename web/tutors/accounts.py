"""The tutors' accounts: a name, a role and a password that is kept as an argon2id hash.

Knows nothing of sessions, requests or pages.
"""

from __future__ import annotations

import threading
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

if TYPE_CHECKING:
    import sqlite3

    from web.tutors.records import Records

Role = Literal["tutor", "admin"]

SHORTEST_PASSWORD = 12
"""Characters. Length alone is asked for: rules on kinds of characters make passwords that are forgotten, not ones that hold."""

LONGEST_PASSWORD = 200
LONGEST_NAME = 40
_LEAST_DIFFERENT = 5

_HASHER = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)
"""32 MiB and two passes: about 60 ms on a lab machine."""

_NOBODYS_HASH = "$argon2id$v=19$m=32768,t=2,p=1$iLhFg0AlIfpBH9Ok8fpSYQ$kWuCva06VIYwpYMgcoUot6Nh+F85t1BaI+f8GSqXF64"
"""Of a password that nobody knows: what is checked for a name that nobody has, so that it takes as long."""

_AT_ONCE = threading.BoundedSemaphore(2)
"""A hash takes memory; however many sign in at one moment, two are reckoned at a time."""

Refusal = Literal["name", "taken", "short", "long", "like-name", "plain", "unknown", "last-admin"]


class AccountRefusedError(ValueError):
    """An account cannot be made or changed in this way; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        """Refused for this reason."""
        super().__init__(reason)
        self.reason: Refusal = reason


@dataclass(frozen=True, slots=True)
class Tutor:
    """A person who may see the tutors' pages. An admin also manages accounts and may remove questions for good."""

    name: str
    role: Role

    @property
    def is_admin(self) -> bool:
        """Whether accounts may be managed."""
        return self.role == "admin"


@dataclass(frozen=True, slots=True)
class Account:
    """A tutor's account. `generation` goes up when every session of the account must end; `added` is UTC in ISO 8601."""

    tutor: Tutor
    generation: int
    added: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts in a file of records. A name is found however its letters are cased."""

    records: Records

    def everyone(self) -> list[Account]:
        """Every account, by name."""
        with self.records.open() as database:
            rows = database.execute("SELECT name, role, generation, added FROM account ORDER BY key").fetchall()
        return [_account(row) for row in rows]

    def exist(self) -> bool:
        """Whether there is an account at all."""
        with self.records.open() as database:
            return database.execute("SELECT 1 FROM account LIMIT 1").fetchone() is not None

    def find(self, name: str) -> Account | None:
        """The account of that name."""
        with self.records.open() as database:
            row = database.execute("SELECT name, role, generation, added FROM account WHERE key = ?", (_key(name),)).fetchone()
        return _account(row) if row else None

    def add(self, name: str, password: str, role: Role = "tutor", *, only_first: bool = False) -> Tutor:
        """Make an account; `only_first` refuses if there is one already. Raises AccountRefusedError."""
        name = " ".join(unicodedata.normalize("NFC", name).split())
        if not name or len(name) > LONGEST_NAME or not name.isprintable():
            raise AccountRefusedError(reason="name")
        hashed = _hashed(name, password)
        with self.records.open() as database:
            taken = database.execute("SELECT 1 FROM account WHERE key = ?", (_key(name),)).fetchone()
            if taken or (only_first and database.execute("SELECT 1 FROM account").fetchone()):
                raise AccountRefusedError(reason="taken")
            values = (_key(name), name, role, hashed, datetime.now(UTC).isoformat(timespec="seconds"))
            database.execute("INSERT INTO account (key, name, role, password, added) VALUES (?, ?, ?, ?, ?)", values)
        return Tutor(name, role)

    def remove(self, name: str) -> None:
        """Remove an account and its sessions. Raises AccountRefusedError for an unknown one, and for the last admin while tutors remain."""
        with self.records.open() as database:
            row = database.execute("SELECT role FROM account WHERE key = ?", (_key(name),)).fetchone()
            if row is None:
                raise AccountRefusedError(reason="unknown")
            _keep_an_admin(database, _key(name), row[0])
            database.execute("DELETE FROM account WHERE key = ?", (_key(name),))

    def set_password(self, name: str, password: str) -> None:
        """Change a password; every session of the account ends. Raises AccountRefusedError."""
        hashed = _hashed(name, password)
        with self.records.open() as database:
            changed = database.execute(
                "UPDATE account SET password = ?, generation = generation + 1 WHERE key = ?", (hashed, _key(name))
            ).rowcount
            if not changed:
                raise AccountRefusedError(reason="unknown")

    def end_sessions(self, name: str) -> None:
        """End every session of the account, wherever it was begun."""
        with self.records.open() as database:
            database.execute("UPDATE account SET generation = generation + 1 WHERE key = ?", (_key(name),))
            database.execute("DELETE FROM session WHERE account = ?", (_key(name),))

    def verified(self, name: str, password: str) -> Account | None:
        """The account if name and password belong together. An unknown name takes as long as a wrong password."""
        with self.records.open() as database:
            row = database.execute("SELECT name, role, generation, added, password FROM account WHERE key = ?", (_key(name),)).fetchone()
        hashed = row[4] if row else _NOBODYS_HASH
        try:
            with _AT_ONCE:
                _HASHER.verify(hashed, password[: LONGEST_PASSWORD + 1])
        except (VerificationError, InvalidHashError):
            return None
        return _account(row[:4]) if row else None


def _hashed(name: str, password: str) -> str:
    """The hash of a password that is good enough. Raises AccountRefusedError."""
    if len(password) < SHORTEST_PASSWORD:
        raise AccountRefusedError(reason="short")
    if len(password) > LONGEST_PASSWORD:
        raise AccountRefusedError(reason="long")
    if _key(name) in password.casefold() or password.casefold() in _key(name):
        raise AccountRefusedError(reason="like-name")
    if len(set(password)) < _LEAST_DIFFERENT:
        raise AccountRefusedError(reason="plain")
    with _AT_ONCE:
        return _HASHER.hash(password)


def _keep_an_admin(database: sqlite3.Connection, key: str, role: str) -> None:
    """While there are tutors, someone must be able to manage them."""
    others = database.execute("SELECT role FROM account WHERE key != ?", (key,)).fetchall()
    if role == "admin" and others and ("admin",) not in others:
        raise AccountRefusedError(reason="last-admin")


def _key(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _account(row: tuple[str, str, int, str]) -> Account:
    name, role, generation, added = row
    return Account(Tutor(name, cast(Role, role)), generation, added)
