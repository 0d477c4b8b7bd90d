"""Fixtures that several tests share: four real units with the shipped encoder, opened once; a browser over the small course."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import address, base_url, browser_type_launch_args, complaints, visit  # noqa: F401  (the fixtures of the tests in a browser)
from web_fakes import fake_app

from assistant.opening import open_assistant
from web.settings import Settings

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient

    from assistant import Assistant

REAL_COURSE = Path(__file__).parent.parent / "corpus"
UNITS = ("1.6", "2.8", "3.4", "3.9")


@pytest.fixture(scope="session")
def four_units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course of four real units with the real syllabus and glossary."""
    folder = tmp_path_factory.mktemp("course")
    for name in ("syllabus.yaml", "glossary.yaml"):
        shutil.copy(REAL_COURSE / name, folder / name)
    for path in (REAL_COURSE / "modules").glob("*/*.md"):
        if any(f'unit: "{unit}"' in path.read_text(encoding="utf-8") for unit in UNITS):
            (folder / "modules" / path.parent.name).mkdir(parents=True, exist_ok=True)
            shutil.copy(path, folder / "modules" / path.parent.name / path.name)
    return folder


@pytest.fixture(scope="session")
def four_units_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the index of the four units lies, for this run of the tests."""
    return tmp_path_factory.mktemp("index")


@pytest.fixture(scope="session")
def assistant(four_units: Path, four_units_index: Path) -> Assistant:
    """The assistant over the four units, with the real encoder."""
    settings = Settings.read({"course": four_units, "index": four_units_index, "data": four_units_index}, {})
    return open_assistant(settings)


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    """The pages over the small course."""
    return fake_app(tmp_path)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript."""
    return app.test_client()
