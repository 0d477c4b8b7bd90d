"""Templates kept as compiled, and routes whose addresses are put together when they are asked for."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from jinja2 import BytecodeCache

from web import compiled_templates
from web.routes import Route

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Flask]:
    """Opens an app over one template, `page.html`, as a start does; what is compiled is kept in the same folder."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)

    def start(text: str, **options: object) -> Flask:
        (tmp_path / "templates").mkdir(exist_ok=True)
        (tmp_path / "templates" / "page.html").write_text(text, "utf-8")
        app = Flask("web", root_path=str(tmp_path))
        app.jinja_options = dict(options)
        compiled_templates.init_app(app)
        return app

    return start


def shown(app: Flask, **values: object) -> str:
    return app.jinja_env.get_template("page.html").render(**values)


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "templates" / "__pycache__").glob("page.html.*.pyc"))


def test_a_template_is_compiled_once_for_many_starts(opened: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(opened("Hello {{ name }}"), name="Li") == "Hello Li"
    assert len(kept(tmp_path)) == 1
    again = opened("Hello {{ name }}")
    monkeypatch.setattr(again.jinja_env, "compile", lambda *_, **__: pytest.fail("compiled again"))
    assert shown(again, name="<Wang>") == "Hello &lt;Wang&gt;"


def test_a_template_that_has_changed_is_compiled_anew(opened: Callable[..., Flask]) -> None:
    assert shown(opened("one")) == "one"
    assert shown(opened("two")) == "two"


def test_other_settings_make_other_code(opened: Callable[..., Flask]) -> None:
    text = "{% if true %}\nline\n{% endif %}\n"
    assert shown(opened(text)) == "\nline\n"
    assert shown(opened(text, trim_blocks=True)) == "line\n"


@pytest.mark.parametrize("harm", [b"", b"nothing like it", None])
def test_what_is_damaged_is_compiled_anew(opened: Callable[..., Flask], tmp_path: Path, harm: bytes | None) -> None:
    assert shown(opened("text")) == "text"
    [path] = kept(tmp_path)
    path.write_bytes(path.read_bytes()[:-9] if harm is None else harm)
    assert shown(opened("text")) == "text"


def test_a_folder_that_cannot_be_written_is_no_fault(opened: Callable[..., Flask], tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "__pycache__").write_text("in the way", "utf-8")
    assert shown(opened("text")) == "text"


def test_nothing_is_kept_where_python_keeps_nothing(opened: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert shown(opened("text")) == "text"
    assert kept(tmp_path) == []


def test_the_pages_use_it(app: Flask) -> None:
    assert isinstance(app.jinja_env.bytecode_cache, BytecodeCache)


def test_an_address_is_put_together_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    app, made = Flask("web"), list[str]()
    compiled = Route.__mro__[1]._compile_builder  # type: ignore[attr-defined]
    monkeypatch.setattr(Route.__mro__[1], "_compile_builder", lambda self, *given: (made.append(self.rule), compiled(self, *given))[1])
    app.url_rule_class = Route
    app.add_url_rule("/unit/<name>", "unit")
    app.add_url_rule("/other", "other")
    assert made == []
    with app.test_request_context():
        assert [app.url_for("unit", name="1.6", page=2), app.url_for("unit", name="α")] == ["/unit/1.6?page=2", "/unit/%CE%B1"]
    assert made == ["/unit/<name>"]
