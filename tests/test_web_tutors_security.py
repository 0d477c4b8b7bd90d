"""Nothing of the tutors is reached from outside: every route tried, every form without its token, sessions fixed, stolen and guessed at."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pytest
from flask import request
from tutor_fakes import PASSWORD, signed_in, token, with_account
from web_fakes import served

from web.security import WITHOUT_TOKEN
from web.server import _trusting
from web.tutors.accounts import Accounts
from web.tutors.guarding import SESSION
from web.tutors.records import Records
from web.tutors.sessions import IDLE, LONGEST, Sessions
from web.tutors.throttle import FREE, LONGEST_FOR_ADDRESS, LONGEST_FOR_NAME, Throttle
from web.tutors.trail import Trail

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from werkzeug.routing import Rule

DOORS = {"tutor_door.sign_in", "tutor_door.enter", "tutor_door.leave", "tutor_first.page", "tutor_first.make"}
"""What of the tutors can be reached without a session: each is tested on its own."""

FOR_ALL = {"api", "book_search", "chat", "chats", "export", "glossary", "language", "practice", "reader", "reading", "remarks"}
"""Blueprints for trainees. A route in another blueprint must be the tutors', and closed."""


def tutors_rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Each closed route of the tutors, with an address that it takes."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or rule.endpoint.partition(".")[0] in FOR_ALL or rule.endpoint in DOORS:
            continue
        yield rule, re.sub(r"<int:\w+>", "1", re.sub(r"<(?:(?!int:)[^>])+>", "x", rule.rule))


def changes(rule: Rule) -> set[str]:
    """The methods of a route that change something."""
    return (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}


def test_every_route_that_is_not_for_all_is_closed(app: Flask) -> None:
    """Pages lead to the door, programs hear 401, and forms with a good token of a trainee's browser do nothing."""
    with_account(app)
    rules = list(tutors_rules(app))
    assert len(rules) > 5
    for rule, path in rules:
        assert path.startswith("/tutor/"), rule
        client = app.test_client()
        secret = token(client)
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            form = {"token": secret, "name": "Test tutor", "password": "quite another one"} if method in changes(rule) else None
            sent = client.open(path, method=method, data=form)
            assert (sent.status_code, sent.headers["Location"].partition("?")[0]) == (303, "/tutor/sign-in"), (method, path)
            heard = client.open(path, method=method, data=form, headers={"Accept": "application/json"})
            assert heard.status_code == 401, (method, path)
    assert Trail(Records(app.extensions["genomics-tutor records"].path)).newest() == []


def test_every_change_needs_the_token_of_its_own_session(app: Flask) -> None:
    """None, another tutor's, and the one that this browser had before signing in are refused."""
    other = token(signed_in(app, name="Li Wei"))
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] in WITHOUT_TOKEN:
            continue
        for method in sorted(changes(rule)):
            client = app.test_client()
            before = token(client)
            with app.app_context():
                key = Sessions(Records(app.extensions["genomics-tutor records"].path)).start(with_account(app, "admin"))
            with client.session_transaction() as cookie:
                cookie[SESSION] = key
            path = re.sub(r"<[^>]+>", "1", rule.rule)
            for wrong in ("", "made.up", other, before):
                assert client.open(path, method=method, data={"token": wrong}).status_code == 400, (path, method)


def test_a_session_known_before_signing_in_is_worth_nothing_after(app: Flask) -> None:
    """Whoever plants a cookie in the tutor's browser does not share the session that begins in it."""
    name = with_account(app)
    planted = signed_in(app, name="Eve")
    client = app.test_client()
    cookie = planted.get_cookie("genomics_tutor")
    assert cookie
    client.set_cookie("genomics_tutor", cookie.value)
    client.post("/tutor/sign-out", data={"token": token(client)})
    client.post("/tutor/sign-in", data={"token": token(client), "name": name, "password": PASSWORD})
    assert name in client.get("/tutor/").text
    assert planted.get("/tutor/").status_code == 303
    with client.session_transaction() as mine, planted.session_transaction() as theirs:
        assert mine[SESSION] != theirs.get(SESSION)


def test_signing_in_again_ends_the_session_that_the_browser_had(app: Flask) -> None:
    """The key changes, and the old one opens nothing."""
    client = signed_in(app)
    old = client.get_cookie("genomics_tutor")
    assert old
    client.post("/tutor/sign-in", data={"token": token(client), "name": "Test tutor", "password": PASSWORD})
    assert client.get("/tutor/").status_code == 200
    thief = app.test_client()
    thief.set_cookie("genomics_tutor", old.value)
    assert thief.get("/tutor/").status_code == 303


def test_signing_out_everywhere_ends_every_session_of_the_account(app: Flask) -> None:
    """And nobody else's."""
    here, there, other = signed_in(app), signed_in(app), signed_in(app, name="Li Wei")
    here.post("/tutor/sign-out", data={"token": token(here), "everywhere": "1"})
    assert there.get("/tutor/").status_code == 303
    assert other.get("/tutor/").status_code == 200


def test_a_made_up_cookie_is_no_session(app: Flask) -> None:
    """Neither an unsigned one nor a signed one with a key that the server does not know."""
    signed_in(app)
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie[SESSION] = "made up"
    assert client.get("/tutor/").status_code == 303
    client.set_cookie("genomics_tutor", "eyJ0dXRvciI6IngifQ.aa.bb")
    assert client.get("/tutor/").status_code == 303


def test_the_file_of_sessions_opens_no_door(tmp_path: Path, app: Flask) -> None:
    """It holds digests of keys: a copy of it does not sign anybody in."""
    client = signed_in(app)
    with client.session_transaction() as cookie:
        key = cookie[SESSION]
    files = list((tmp_path / "data").glob("tutors.sqlite*"))
    assert files
    assert not any(key.encode() in path.read_bytes() for path in files)


def test_a_session_ends_when_it_was_idle_and_when_it_is_old(tmp_path: Path) -> None:
    """Two hours without use, twelve in any case."""
    now = [1_000_000.0]
    records = Records(tmp_path / "tutors.sqlite")
    Accounts(records).add("Wang Fang", PASSWORD)
    sessions = Sessions(records, clock=lambda: now[0])
    key = sessions.start("Wang Fang")
    for _ in range(5):
        now[0] += IDLE - 60
        assert sessions.tutor(key) is not None
    now[0] += IDLE + 1
    assert sessions.tutor(key) is None
    key, began = sessions.start("Wang Fang"), now[0]
    while now[0] - began <= LONGEST - IDLE / 2:
        assert sessions.tutor(key) is not None
        now[0] += IDLE / 2
    now[0] = began + LONGEST + 1
    assert sessions.tutor(key) is None


def test_guessing_is_slowed_down_whether_or_not_the_name_exists(app: Flask) -> None:
    """After five wrong passwords the sixth has to wait, even if it were right; the answers tell no name from another."""
    name = with_account(app)
    heard: dict[str, list[tuple[int, str]]] = {}
    for address, guessed in (("192.0.2.1", name), ("192.0.2.2", "nobody at all")):
        client = app.test_client()
        secret = token(client)
        heard[guessed] = []
        for password in [*["wrong password"] * FREE, PASSWORD]:
            form = {"token": secret, "name": guessed, "password": password}
            sent = client.post("/tutor/sign-in", data=form, environ_base={"REMOTE_ADDR": address})
            problem = re.search(r'role="alert"[^>]*>([^<]+)<', sent.text)
            assert problem
            heard[guessed].append((sent.status_code, problem[1]))
        assert int(sent.headers["Retry-After"]) >= 1
    assert heard[name] == heard["nobody at all"]
    assert [status for status, _ in heard[name]] == [*[403] * FREE, 429]


def test_the_wait_grows_up_to_a_bound_and_ends_with_a_right_password() -> None:
    """A name waits a minute at most; an address goes on to a quarter of an hour, whichever names it tries."""
    now = [0.0]
    throttle = Throttle(clock=lambda: now[0])
    waits = []
    for number in range(30):
        while wait := throttle.attempt("victim", f"192.0.2.{number}"):
            waits.append(wait)
            now[0] += wait
    assert waits[:4] == [2, 4, 8, 16]
    assert max(waits) == LONGEST_FOR_NAME
    throttle.succeeded("VICTIM", "192.0.2.1")
    assert throttle.attempt("victim", "198.51.100.1") == 0
    waits = []
    for number in range(30):
        while wait := throttle.attempt(f"name {number}", "203.0.113.7"):
            waits.append(wait)
            now[0] += wait
    assert max(waits) == LONGEST_FOR_ADDRESS


def test_guesses_side_by_side_gain_nothing() -> None:
    """Fifty at one moment: as many are looked at as one after another would be."""
    throttle = Throttle(clock=lambda: 0.0)
    with ThreadPoolExecutor(16) as pool:
        waits = list(pool.map(lambda _: throttle.attempt("victim", "192.0.2.1"), range(50)))
    assert waits.count(0) == FREE


def test_many_names_do_not_fill_the_memory() -> None:
    """The oldest counts are dropped."""
    throttle = Throttle(clock=lambda: 0.0)
    for number in range(12_000):
        throttle.attempt(f"name {number}", f"address {number}")
    assert len(throttle._counts) <= 10_000


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org", "/\\example.org"])
def test_the_door_leads_to_no_other_site(app: Flask, wanted: str) -> None:
    """Before and after signing in."""
    client = app.test_client()
    form = {"token": token(client), "name": with_account(app), "password": PASSWORD, "next": wanted}
    assert client.post("/tutor/sign-in", data=form).headers["Location"] == "/tutor/"
    assert client.get("/tutor/sign-in", query_string={"next": wanted}).headers["Location"] == "/tutor/"


def test_the_cookie_never_travels_in_the_open_once_the_page_came_over_https(app: Flask) -> None:
    """Secure over https, and not over http, where nobody could sign in; HttpOnly and SameSite in both."""
    for base, secure in (("https://localhost", True), ("http://localhost", False)):
        cookie = app.test_client().get("/", base_url=base).headers["Set-Cookie"]
        assert ("Secure" in cookie) is secure
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(("proxy", "believed"), [("127.0.0.1", True), ("192.0.2.1", False), ("", False)])
def test_only_the_named_proxy_is_believed(app: Flask, proxy: str, believed: bool) -> None:  # noqa: FBT001
    """What it says of https and of the sender: from anywhere else the same words change nothing."""
    seen: list[str] = []
    app.before_request(lambda: seen.append(request.remote_addr or ""))
    with served(app, **_trusting(proxy)) as address:
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.9"}
        with urlopen(Request(f"{address}/", headers=headers), timeout=10) as answer:  # noqa: S310  (an address of this machine)
            assert ("Secure" in answer.headers["Set-Cookie"]) is believed
    assert seen == ["198.51.100.9" if believed else "127.0.0.1"]


def test_tutors_pages_are_kept_by_no_browser(app: Flask) -> None:
    """Going back after signing out shows nothing."""
    client = signed_in(app, "admin")
    for rule, path in tutors_rules(app):
        if "GET" in (rule.methods or set()):
            assert client.get(path, buffered=True).headers["Cache-Control"] == "no-store", path


def test_an_unreadable_file_of_accounts_is_told_in_a_sentence(app: Flask) -> None:
    """Tutors hear it; trainees go on asking."""
    client = signed_in(app)
    for path in app.extensions["genomics-tutor records"].path.parent.glob("tutors.sqlite*"):
        path.write_bytes(b"no database at all" * 100)
    sent = client.get("/tutor/")
    assert sent.status_code == 503
    assert "data folder" in sent.text
    assert app.test_client().get("/").status_code == 200
