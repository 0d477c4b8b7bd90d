"""`index build` and `index info`, as a person meets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from fakes import FakeEncoder

from corpus import load_course
from index import commands
from index.commands import index_commands, progress_bar, ready_index
from index.encoder import EncoderUnreadableError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class _Settings:
    course: Path
    index: Path
    model: Path | None = None


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> _Settings:
    """A course of one unit, and an encoder that costs nothing."""
    monkeypatch.setattr(commands, "chosen_encoder", lambda _: FakeEncoder())
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "unit.md").write_text("# Inheritance\n\nHuntington disease is dominant.\n\n## Penetrance\n\nIt is complete.\n")
    return _Settings(tmp_path / "course", tmp_path / "index")


def _run(settings: _Settings, *arguments: str) -> Result:
    return CliRunner().invoke(index_commands, arguments, obj=settings)


def test_build_says_how_much_is_indexed_and_info_that_it_fits(settings: _Settings) -> None:
    """On standard output; nothing of a progress bar where there is no terminal."""
    built = _run(settings, "build")
    assert (built.exit_code, built.stderr) == (0, "")
    assert "2 passages of 2 sections" in built.stdout
    told = _run(settings, "info")
    assert told.stdout.count("(up to date)") == 2
    assert "passages: 2" in told.stdout


def test_info_says_when_the_course_has_changed(settings: _Settings) -> None:
    """And what to run."""
    _run(settings, "build")
    (settings.course / "unit.md").write_text("# Inheritance\n\nHuntington disease is autosomal dominant.\n")
    assert "genomics-tutor index build" in _run(settings, "info").stdout


def test_a_course_that_cannot_be_read_is_status_1(settings: _Settings) -> None:
    """One sentence, no traceback."""
    done = _run(_Settings(settings.course / "none", settings.index), "build")
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments", [("info",), ("build",)])
def test_an_installation_that_is_broken_is_status_3(settings: _Settings, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str]) -> None:
    """No index for `info`, no encoder for `build`."""

    def broken(_: Path | None) -> FakeEncoder:
        message = "The encoder is gone; install again."
        raise EncoderUnreadableError(message)

    monkeypatch.setattr(commands, "chosen_encoder", broken)
    done = _run(settings, *arguments)
    assert done.exit_code == 3
    assert done.stderr.count("\n") == 1


def test_a_command_that_needs_an_index_builds_it_first_and_says_so(
    settings: _Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Once: the second time it is there, and nothing is made ready to be encoded."""
    course = load_course(settings.course)
    assert len(ready_index(settings, course, FakeEncoder()).passages) == 2
    assert capsys.readouterr().err == "Building the index (there is no index).\n"
    monkeypatch.setattr(commands, "ways_into", pytest.fail)
    assert len(ready_index(settings, course, FakeEncoder()).passages) == 2
    assert capsys.readouterr().err == ""


def test_a_bar_is_drawn_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """And reaches its end even where there is nothing to do."""
    with progress_bar("Indexing") as progress:
        assert progress is None
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    for steps in ([(0, 4), (2, 4), (4, 4)], [(0, 0)]):
        with progress_bar("Indexing") as progress:
            assert progress is not None
            for step in steps:
                progress(*step)
        assert "100%" in capsys.readouterr().err
