"""A browser in which a tutor has signed in, for the tests of the tutors' pages.

app = fake_app(tmp_path)
client = signed_in(app)                      # a tutor; signed_in(app, "admin") is one who manages accounts
client.post("/tutor/…", data={"token": token(client), …})
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from web.tutors.guarding import SESSION, accounts, sessions

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from web.tutors import Role

PASSWORD = "correct horse battery"  # noqa: S105  (of an account that exists in tests alone)


def with_account(app: Flask, role: Role = "tutor", name: str = "") -> str:
    """Make sure that there is an account of this role; its name. Its password is PASSWORD."""
    name = name or f"Test {role}"
    with app.app_context():
        if accounts().find(name) is None:
            accounts().add(name, PASSWORD, role)
    return name


def signed_in(app: Flask, role: Role = "tutor", name: str = "") -> FlaskClient:
    """A browser in which a tutor of this role has signed in."""
    name = with_account(app, role, name)
    client = app.test_client()
    with app.app_context():
        key = sessions().start(name)
    with client.session_transaction() as cookie:
        cookie[SESSION] = key
    return client


def token(client: FlaskClient, path: str = "/") -> str:
    """The form token of this browser, taken from a page."""
    found = re.search(r'name="token" value="([^"]+)"', client.get(path).text)
    assert found
    return found[1]
