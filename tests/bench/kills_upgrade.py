"""A newer copy of a bundle started for the first time: installed, the data of the older copy taken over, brought up to date, served.

The bundle is a real one but for one thing: the wheel that it installs holds the small course's index and leads to the libraries of this Python, so that
installing takes seconds. By turns the newer copy lies beside the older one and over it. Knows nothing of other kinds of work.
"""

from __future__ import annotations

import ensurepip
import hashlib
import json
import platform
import shutil
import sqlite3
import sys
import sysconfig
import threading
import time
import zipfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kills_home import FILE, PASSWORD, QUESTION, SYLLABUS, Fault, edited, rows
from kills_left import half_written, left_over
from kills_program import NOWHERE, Browser, NotStartedError, Program
from kills_work import Moments

from assistant.tutor_answers import TutorAnswers, WrittenAnswer
from web.tutors.accounts import Accounts
from web.tutors.records import Records

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "tests" / "data_format_1"
EVENTS = 5000
WHEEL = "genomics_tutor_here-1.0-py3-none-any.whl"


@dataclass(slots=True, eq=False)
class Upgrading:
    """First starts of a newer copy; each in a folder of its own."""

    folder: Path
    index: Path
    name: str = "upgrade"
    _made: int = field(default=0, init=False)
    _program: Program | None = field(default=None, init=False)
    _asked: set[str] = field(default_factory=set, init=False)

    @property
    def place(self) -> Path:
        """The folder of this upgrade."""
        return self.folder / f"upgrade-{self._made}"

    @property
    def beside(self) -> bool:
        """Whether the newer copy lies beside the older one, not over it."""
        return self._made % 2 == 1

    @property
    def top(self) -> Path:
        """The folder of the newer copy."""
        return self.place / ("newer" if self.beside else "older")

    @property
    def data(self) -> Path:
        """Where everything lies that can be left behind."""
        return self.place

    def quiet(self) -> Moments:
        """Do it whole; when it may be killed."""
        self._begin()
        start = time.monotonic()
        self._start_and_ask()
        took = time.monotonic() - start
        self._kill()
        return Moments(0, took + 0.5)

    def cut(self, seconds: float) -> bool:
        """Do it and kill everything after so long; False if it had ended."""
        self._begin()
        thread = threading.Thread(target=self._start_and_ask, daemon=True)
        thread.start()
        time.sleep(seconds)
        killed = self._kill()
        thread.join(30)
        return killed

    def faults(self) -> Iterator[Fault]:
        """Start again and look; what is wrong."""
        try:
            self._serve()
            yield from self._wrong()
        except (NotStartedError, *NOWHERE) as error:
            yield Fault("broken", f"no start: {error}")
        finally:
            self._kill()

    def _wrong(self) -> Iterator[Fault]:
        asked = self._ask()
        if asked["status"] != 200 or asked.get("state") != "covered":
            yield Fault("broken", f"no answer: {asked}")
        data, wanted = self.top / "data", {f"event-{number}" for number in range(EVENTS)}
        for folder in {data, self.place / "older" / "data"}:
            yield from (Fault("broken", words) for words in half_written(folder))
            lost = wanted - {row[0] for row in rows(folder / "journal.sqlite", "SELECT id FROM event")}
            if lost:
                yield Fault("lost", f"{len(lost)} events of {folder}")
        lost = self._asked - {row[0] for row in rows(data / "journal.sqlite", "SELECT id FROM event")}
        if lost:
            yield Fault("lost", f"events since: {sorted(lost)}")
        for name, table, number in (("conversations", "turn", 2), ("answers", "revision", 1), ("tutors", "account", 1)):
            if len(rows(data / f"{name}.sqlite", f"SELECT 1 FROM {table}")) != number:  # noqa: S608
                yield Fault("lost", f"rows of {name}.sqlite")
        if (data / "secret_key").read_text(encoding="ascii") != "k" * 64:
            yield Fault("lost", "the key of the cookies")
        strange = left_over(data) + [path.name for path in (*self.top.glob(".*"), *(self.top / "program").glob("environment-*"))]
        strange += sorted(path.name for path in (self.top / "program").glob("env-*"))[1:]
        yield from (Fault("broken", f"left over: {one}") for one in strange)

    def _start_and_ask(self) -> None:
        try:
            self._serve()
            self._asked.add(self._ask()["event"])
        except (NotStartedError, *NOWHERE):
            return

    def _serve(self) -> None:
        command = [sys.executable, str(self.top / "program" / "start.py"), "--no-browser"]
        self._program = Program.run(command, self.place / "start.log")
        self._program.wait_for_address()

    def _ask(self) -> dict[str, str]:
        assert self._program
        return Browser(self._program.address).tell("/api/v1/ask", {"question": QUESTION})

    def _kill(self) -> bool:
        program, self._program = self._program, None
        return program is not None and program.kill()

    def drop(self) -> None:
        """Remove the upgrade before."""
        if self._made:
            shutil.rmtree(self.place)

    def _begin(self) -> None:
        """An older copy with its data, and a newer one beside or over it."""
        self.drop()
        self._made += 1
        self._asked.clear()
        if not (self.folder / "newer").exists():
            older_copy(self.folder / "older")
            newer_copy(self.folder / "newer", self.index)
        shutil.copytree(self.folder / "older", self.place / "older")
        shutil.copytree(self.folder / "newer", self.top, dirs_exist_ok=True)


def older_copy(top: Path) -> None:
    """A copy that was used: an environment, and a data folder of format 1."""
    (top / "program" / "env-00000000" / "bin").mkdir(parents=True)
    (top / "program" / "bundle.json").write_text("{}", encoding="utf-8")
    (top / "program" / "environment").write_text(
        json.dumps({"folder": "env-00000000", "sums": "older", "python": [3, 11]}), encoding="utf-8"
    )
    data = top / "data"
    data.mkdir()
    for name in ("journal", "conversations"):
        with closing(sqlite3.connect(data / f"{name}.sqlite")) as database, database:
            database.executescript((SAMPLE / f"{name}.sql").read_text(encoding="utf-8"))
            if name == "journal":
                (body,) = database.execute("SELECT body FROM event LIMIT 1").fetchone()
                events = [(f"event-{number}", "another", "2026-11-22T12:00:00.000+00:00", "question", body) for number in range(EVENTS)]
                database.executemany("INSERT INTO event VALUES (?, ?, ?, ?, ?)", events)
    shutil.copy(SAMPLE / "version.json", data / "version.json")
    (data / "secret_key").write_text("k" * 64, encoding="ascii")
    TutorAnswers(data / "answers.sqlite").save(WrittenAnswer.checked("Who keeps the list?", "The ward."), {})
    Accounts(Records(data / "tutors.sqlite")).add("Test tutor", PASSWORD)


def newer_copy(top: Path, index: Path) -> None:
    """A bundle with the small course as its own, unpacked."""
    program, unit = top / "program", top / "course" / "modules" / FILE
    (program / "wheels").mkdir(parents=True)
    unit.parent.mkdir(parents=True)
    unit.write_bytes(edited("This is the newer copy."))
    (top / "course" / "syllabus.yaml").write_text(SYLLABUS, encoding="utf-8")
    wheel = program / "wheels" / WHEEL
    wheel_of(wheel, index)
    pip = next((Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"))
    shutil.copy(pip, program / "wheels")
    here = f"{sys.version_info[0]}.{sys.version_info[1]}"
    told = {"target": "here", "sys_platform": sys.platform, "machine": platform.machine(), "pythons": [here]}
    (program / "bundle.json").write_text(json.dumps(told), encoding="utf-8")
    (program / f"requirements-{here}.txt").write_text(f"genomics-tutor-here==1.0 --hash=sha256:{_sum(wheel)}\n", encoding="utf-8")
    shutil.copy(ROOT / "web" / "lab" / "parts" / "start.py", program)
    files = sorted(path for path in top.rglob("*") if path.is_file())
    (program / "SHA256SUMS").write_text("".join(f"{_sum(path)}  {path.relative_to(top).as_posix()}\n" for path in files), encoding="utf-8")


def wheel_of(path: Path, index: Path) -> None:
    """A wheel that leads to this Python's libraries, with an index in the place of the shipped one."""
    about = "genomics_tutor_here-1.0.dist-info"
    found = [str(ROOT), *dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))]
    texts = {
        "genomics_tutor_here.pth": "\n".join(found).encode() + b"\n",
        f"{about}/METADATA": b"Metadata-Version: 2.1\nName: genomics-tutor-here\nVersion: 1.0\n",
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nGenerator: kills\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        **{f"index/built/{file.relative_to(index).as_posix()}": file.read_bytes() for file in index.rglob("*") if file.is_file()},
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in texts.items():
            archive.writestr(name, data)
        archive.writestr(f"{about}/RECORD", "".join(f"{name},,\n" for name in (*texts, f"{about}/RECORD")))


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
