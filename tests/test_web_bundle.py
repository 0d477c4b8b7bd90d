"""A bundle holds all that a machine without a network needs, and starts only from what was packed."""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import sqlite3
import stat
import sys
import tarfile
import zipfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from web.cli import cli
from web.lab import bundle as bundles
from web.lab import wheels
from web.lab.bundle import BundleError, write_bundle
from web.lab.targets import PYTHONS, TARGETS
from web.lab.wheels import Wheel, WheelsError, needed_wheels, pinned

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from web.lab.targets import Target

INDEX = {
    "click": ("click-8.5.0-py3-none-any.whl", ['colorama>=0.4; platform_system == "Windows"']),
    "colorama": ("colorama-0.4.6-py2.py3-none-any.whl", []),
    "numpy": ("numpy-2.0.0-{python}-{python}-{platform}.whl", []),
    "pip": ("pip-26.0-py3-none-any.whl", []),
}
"""A package index: the file and the requirements of each package's only version."""


def write_wheel(path: Path, requires: Sequence[str] = ()) -> Path:
    """A wheel that holds nothing but its metadata."""
    name, version = path.name.split("-")[:2]
    with zipfile.ZipFile(path, "w") as archive:
        lines = [f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", *(f"Requires-Dist: {one}\n" for one in requires)]
        archive.writestr(zipfile.ZipInfo(f"{name}-{version}.dist-info/METADATA"), "".join(lines))
    return path


class FakeIndex:
    """Fetches from `INDEX`, and reads conditions as pip does: always as on Linux."""

    def __init__(self) -> None:
        """Nothing asked for yet."""
        self.asked: list[tuple[list[str], bool]] = []

    def __call__(self, requirements: Sequence[str], target: Target, python: str, into: Path, *, alone: bool = False) -> None:
        """Put the wheels of these packages into the folder."""
        self.asked.append((list(requirements), alone))
        for one in requirements:
            name = one.partition(">")[0].partition(";")[0].strip()
            if name not in INDEX:
                message = f"pip found no wheels for {target.name}: {name}"
                raise WheelsError(message)
            file, requires = INDEX[name]
            write_wheel(into / file.format(python=f"cp{python.replace('.', '')}", platform=target.tags[0]), requires)


@pytest.fixture
def program(tmp_path: Path) -> Wheel:
    """The program's own wheel, which needs two packages."""
    (tmp_path / "dist").mkdir()
    needs = ["click>=8", "numpy>=1", 'torch>=2; extra == "build"']
    return Wheel.read(write_wheel(tmp_path / "dist" / "genomics_tutor-0.1.0-py3-none-any.whl", needs))


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """An empty folder for wheels."""
    folder = tmp_path / "house"
    folder.mkdir()
    return folder


def made(name: str, program: Wheel, house: Path, out: Path, pythons: Sequence[str] = ("3.11", "3.12")) -> Path:
    """A bundle for a kind of machine, from the fake index."""
    target, index = TARGETS[name], FakeIndex()
    carried = {python: needed_wheels(program, target, python, house, index) for python in pythons}
    index(["pip"], target, pythons[-1], house)
    return write_bundle(target, carried, program, Wheel.read(house / "pip-26.0-py3-none-any.whl"), out)


def test_what_windows_alone_needs_is_carried_though_it_is_fetched_elsewhere(program: Wheel, house: Path) -> None:
    """A requirement under a condition is read for the machine that the bundle is for, to the end of the chain."""
    assert [one.name for one in needed_wheels(program, TARGETS["linux"], "3.12", house, FakeIndex())] == [
        "click",
        "genomics-tutor",
        "numpy",
    ]
    index = FakeIndex()
    on_windows = needed_wheels(program, TARGETS["windows"], "3.12", house, index)
    assert [one.name for one in on_windows] == ["click", "colorama", "genomics-tutor", "numpy"]
    assert index.asked[-1] == (["colorama>=0.4"], True)
    assert next(one.path.name for one in on_windows if one.name == "numpy") == "numpy-2.0.0-cp312-cp312-win_amd64.whl"


def test_each_version_of_python_gets_the_wheels_made_for_it(program: Wheel, house: Path) -> None:
    """Wheels of several versions lie in one folder and are not mixed up; torch is never among them."""
    for python in PYTHONS:
        found = needed_wheels(program, TARGETS["macos"], python, house, FakeIndex())
        assert next(one.path.name for one in found if one.name == "numpy").startswith(f"numpy-2.0.0-cp{python.replace('.', '')}-")
        assert "torch" not in {one.name for one in found}


def test_a_file_that_is_no_wheel_is_named(house: Path) -> None:
    """So that it can be deleted."""
    broken = house / "click-8.5.0-py3-none-any.whl"
    broken.write_bytes(b"half a download")
    with pytest.raises(WheelsError, match=r"click-8\.5\.0.*delete it"):
        Wheel.read(broken)


def test_the_archive_holds_every_part_and_its_digest(program: Wheel, house: Path, tmp_path: Path) -> None:
    """Each file stands in SHA256SUMS with its digest; the scripts can be run; no address of a package index is left."""
    archive = made("linux", program, house, tmp_path / "out")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "unpacked", filter="data")
    top = tmp_path / "unpacked" / "genomics-tutor"
    inside = {path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file()}
    sums = dict(reversed(line.split("  ")) for line in (top / "program" / "SHA256SUMS").read_text().splitlines())
    assert set(sums) == inside - {"program/SHA256SUMS"}
    assert {name: hashlib.sha256((top / name).read_bytes()).hexdigest() for name in sums} == sums
    assert {"start.sh", "GUIDE.html", "program/start.py", "program/requirements-3.11.txt", "program/requirements-3.12.txt"} <= inside
    assert (top / "start.sh").stat().st_mode & stat.S_IXUSR
    assert "for version in 3.12 3.11; do" in (top / "start.sh").read_text()
    assert json.loads((top / "program" / "bundle.json").read_bytes())["pythons"] == ["3.11", "3.12"]
    written = "".join((top / name).read_text() for name in inside if not name.endswith(".whl"))
    assert "@" not in written.replace("@media", "").replace("@echo", "").replace("$@", "")
    assert "index-url" not in written


def test_the_bundle_for_windows_is_a_zip_with_a_batch_file(program: Wheel, house: Path, tmp_path: Path) -> None:
    """The batch file has the line ends that cmd wants."""
    with zipfile.ZipFile(made("windows", program, house, tmp_path / "out")) as packed:
        batch = packed.read("genomics-tutor/start.bat")
        assert "genomics-tutor/program/wheels/colorama-0.4.6-py2.py3-none-any.whl" in packed.namelist()
    assert batch.count(b"\n") == batch.count(b"\r\n") > 10
    assert batch.isascii()


def test_the_same_wheels_give_the_same_archive(program: Wheel, house: Path, tmp_path: Path) -> None:
    """Byte for byte, for both kinds of archive."""
    for name in ("windows", "linux"):
        assert made(name, program, house, tmp_path / "a").read_bytes() == made(name, program, house, tmp_path / "b").read_bytes()


def test_every_wheel_is_pinned_by_version_and_digest(program: Wheel, house: Path) -> None:
    """As pip's --require-hashes wants it."""
    lines = pinned(needed_wheels(program, TARGETS["linux"], "3.12", house, FakeIndex())).splitlines()
    digest = hashlib.sha256(program.path.read_bytes()).hexdigest()
    assert f"genomics-tutor==0.1.0 --hash=sha256:{digest}" in lines
    assert all(" --hash=sha256:" in line for line in lines)


def test_a_bundle_that_grows_too_large_is_refused(program: Wheel, house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says which versions to leave out, and leaves nothing behind."""
    monkeypatch.setattr(bundles, "LARGEST", 100)
    with pytest.raises(BundleError, match=r"--python \(3\.11, 3\.12 were asked for\)"):
        made("linux", program, house, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_the_command_makes_a_bundle(program: Wheel, house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a wheel and a house of wheels."""
    monkeypatch.setattr(wheels, "fetch_with_pip", FakeIndex())
    options = ["--platform", "windows", "--python", "3.13", "--wheel", str(program.path), "--wheelhouse", str(house)]
    done = CliRunner().invoke(cli, ["--data", str(tmp_path / "data"), "bundle", *options, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["genomics-tutor-0.1.0-windows.zip"]
    refused = CliRunner().invoke(cli, ["bundle", "--platform", "linux", "--python", "2.7", "--out", str(tmp_path)])
    assert refused.exit_code == 2
    assert "3.12" in refused.output


@pytest.fixture
def start(program: Wheel, house: Path, tmp_path: Path) -> ModuleType:
    """The start program of an unpacked bundle for this machine."""
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    with tarfile.open(made("linux", program, house, tmp_path / "out", [here])) as packed:
        packed.extractall(tmp_path / "place", filter="data")
    spec = importlib.util.spec_from_file_location("start", tmp_path / "place" / "genomics-tutor" / "program" / "start.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_altered_file_is_refused_before_anything_is_installed(start: ModuleType) -> None:
    """By name, in both languages."""
    start.verify()
    wheel = next((start.PROGRAM / "wheels").glob("click-*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b"!")
    with pytest.raises(start.CannotStartError, match=r"(?s)click-.*nothing was installed.*重新解压"):
        start.install(start.digest(start.SUMS))
    assert not list(start.PROGRAM.glob("env-*"))


@pytest.mark.parametrize(
    ("change", "message"),
    [({"sys_platform": "other"}, "get the copy for this machine"), ({"machine": "s390x"}, "请使用适合本机的程序包")],
)
def test_a_bundle_for_another_machine_says_so(start: ModuleType, change: dict[str, str], message: str) -> None:
    """And names both."""
    told = json.loads((start.PROGRAM / "bundle.json").read_bytes()) | {"machine": platform.machine(), "sys_platform": sys.platform}
    with pytest.raises(start.CannotStartError, match=message):
        start.check_machine(told | change)


def test_a_python_that_no_part_was_packed_for_is_named(start: ModuleType) -> None:
    """With those that would do."""
    told = json.loads((start.PROGRAM / "bundle.json").read_bytes()) | {"machine": platform.machine(), "sys_platform": sys.platform}
    start.requirements().unlink()
    with pytest.raises(start.CannotStartError, match="install one of these"):
        start.check_machine(told)


def test_an_environment_counts_only_for_the_files_it_was_made_from(start: ModuleType) -> None:
    """A new bundle unpacked over the old one, or another Python, means installing again."""
    told = {"folder": "env-1", "sums": start.digest(start.SUMS), "python": list(sys.version_info[:2])}
    python = start.python_in(start.PROGRAM / "env-1")
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    start.CURRENT.write_text(json.dumps(told))
    assert start.environment() == python
    start.CURRENT.write_text(json.dumps(told | {"sums": "of older files"}))
    assert start.environment() is None
    start.CURRENT.write_text("half a fi")
    assert start.environment() is None


def test_the_data_of_an_older_copy_beside_it_are_taken_over(start: ModuleType) -> None:
    """Whole, with what its database has not yet written back; the older copy keeps its own."""
    old = start.TOP.parent / "older" / "data"
    (old.parent / "program").mkdir(parents=True)
    (old.parent / "program" / "bundle.json").write_text("{}")
    old.mkdir()
    (old / "version.json").write_text("{}")
    (old / "secret_key").write_text("key")
    with closing(sqlite3.connect(old / "journal.sqlite")) as database:
        database.executescript("PRAGMA journal_mode = WAL; CREATE TABLE event (id); INSERT INTO event VALUES (7);")
        start.take_over_data(start.TOP / "data")
    new = start.TOP / "data"
    with closing(sqlite3.connect(new / "journal.sqlite")) as database:
        assert database.execute("SELECT id FROM event").fetchall() == [(7,)]
    assert sorted(path.name for path in new.iterdir()) == ["journal.sqlite", "secret_key", "version.json"]
    assert (old / "secret_key").exists()
    (new / "secret_key").write_text("changed")
    start.take_over_data(new)
    assert (new / "secret_key").read_text() == "changed"


def test_what_starts_that_were_killed_left_is_removed_after_an_hour(start: ModuleType) -> None:
    """Half a copy of the data, half an environment and its name; the environment in use stays, and so does what is still being written."""
    start.CURRENT.write_text(json.dumps({"folder": "env-used"}))
    old = [start.TOP / ".data-old", start.PROGRAM / "env-old", start.PROGRAM / "env-used", start.PROGRAM / "environment-env-old"]
    fresh = [start.TOP / ".data-fresh", start.PROGRAM / "env-fresh"]
    for path in (*old, *fresh):
        path.mkdir()
    for path in old:
        os.utime(path, (0, 0))
    start.remove_left_behind()
    assert [path.name for path in (*old, *fresh) if path.exists()] == ["env-used", ".data-fresh", "env-fresh"]


def test_an_index_is_taken_over_whole_or_not_at_all(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that was broken off does not stand in its place, and the next start removes it."""
    start.COURSE.mkdir()
    data = start.TOP / "data"
    built = start.PROGRAM / "env-1" / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages" / "index" / "built"
    monkeypatch.setattr(start.sysconfig, "get_path", lambda *_: str(built.parent.parent))
    built.mkdir(parents=True)
    (built / "current").write_text("generation")
    (data / ".index-half").mkdir(parents=True)
    os.utime(data / ".index-half", (0, 0))
    seen = []
    copytree = start.shutil.copytree

    def looked_at(*arguments: Path) -> None:
        seen.append((data / "index").exists())
        copytree(*arguments)
        seen.append((data / "index").exists())

    monkeypatch.setattr(start.shutil, "copytree", looked_at)
    start.take_over_index(start.python_in(start.PROGRAM / "env-1"), data)
    assert seen == [False, False]
    assert [path.relative_to(data).as_posix() for path in sorted(data.rglob("*"))] == ["index", "index/current"]


def test_variables_that_would_lead_pip_or_python_elsewhere_are_left_behind(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is installed comes from the bundle alone."""
    for name in ("PIP_INDEX_URL", "PIP_FIND_LINKS", "PYTHONPATH", "PYTHONHOME"):
        monkeypatch.setenv(name, "/elsewhere")
    kept = start.own_variables()
    assert "/elsewhere" not in kept.values()
    assert "PATH" in kept


def test_wheels_of_an_older_bundle_are_removed(start: ModuleType) -> None:
    """Those that this one does not list."""
    (start.PROGRAM / "wheels" / "click-1.0-py3-none-any.whl").write_bytes(b"")
    start.remove_other_wheels()
    assert sorted(path.name.partition("-")[0] for path in (start.PROGRAM / "wheels").iterdir()) == [
        "click",
        "genomics_tutor",
        "numpy",
        "pip",
    ]


def test_the_first_address_that_is_served_is_the_courses(start: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The page for the first tutor's account may be printed after it: no browser opens there, and a second start finds the first."""
    printed = "print('open at http://127.0.0.1:1/'); print('the first account is made at http://127.0.0.1:1/tutor/first')"
    monkeypatch.setattr(start, "program", lambda *_: [sys.executable, "-c", printed])
    shown: list[tuple[str, str]] = []
    monkeypatch.setattr(start, "show", lambda address, **_: shown.append((address, json.loads(start.SERVING.read_bytes())["address"])))
    start.serve(Path(sys.executable), argparse.Namespace(host="127.0.0.1", port="0", data=tmp_path, no_browser=True), "sums")
    assert shown == [("http://127.0.0.1:1/", "http://127.0.0.1:1/")]
