"""The machine looked at: room on the disk, the right to write, memory, the clock, the port.

Knows nothing of the course or how it is searched.
"""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import shutil
import socket
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from web.lab.findings import fault, fine, unknown
from web.lab.findings import words as _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from web.lab.findings import Finding

_MB = 1_000_000
LEAST_DISK = 200 * _MB
"""Bytes: room for an index built anew beside the old one, and for a year's conversations."""

LEAST_MEMORY = 300 * _MB
"""Bytes that must be free before serving: it takes 200 to 250 MB."""

LEAST_BESIDE = 100 * _MB
"""Bytes that must be free beside a program that serves and has its memory already."""

_TOLERATED = timedelta(days=1)
"""A clock may be off by a time zone."""


def disk(folder: Path) -> Finding:
    """Whether there is room where data are kept."""
    try:
        free = shutil.disk_usage(_existing(folder)).free
    except OSError as error:
        return unknown("disk", _("The free space at %(folder)s cannot be told (%(error)s).", folder=folder, error=error.strerror))
    told = _("%(free)s MB are free at %(folder)s.", free=f"{free / _MB:,.0f}", folder=folder)
    if free >= LEAST_DISK:
        return fine("disk", told)
    return fault("disk", told, _("Free at least %(least)s MB, or give another folder with --data.", least=LEAST_DISK // _MB))


def writing(folder: Path) -> Finding:
    """Whether data can be kept: a file is written and removed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="doctor-") as file:
            file.write(b"written by genomics-tutor doctor")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return fault(
            "writing",
            _("%(folder)s cannot be written (%(error)s).", folder=folder, error=error.strerror),
            _("Give this user the right to write there, or another folder with --data."),
        )
    return fine("writing", _("%(folder)s can be written.", folder=folder))


def memory(*, serving: bool = False) -> Finding:
    """Whether there is memory to serve in, or where this process is `serving`, to go on."""
    free = free_memory()
    if free is None:
        return unknown("memory", _("The free memory cannot be told on this kind of machine."))
    told = _("%(free)s MB of memory are free.", free=f"{free / _MB:,.0f}")
    if free >= (LEAST_BESIDE if serving else LEAST_MEMORY):
        return fine("memory", told)
    if serving:
        return fault("memory", told, _("Close other programs; the pages become slow when memory runs out."))
    return fault("memory", told, _("Close other programs; serving takes 200 to 250 MB."))


def free_memory() -> int | None:
    """Bytes that a program could still take; None where the system does not say."""
    told = Path("/proc/meminfo")
    if told.is_file():
        lines = told.read_text(encoding="ascii").splitlines()
        return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)
    if sys.platform == "win32":
        status = (ctypes.c_ulonglong * 8)()  # MEMORYSTATUSEX: two 32-bit fields, then seven of 64 bits; the third field is what is free
        ctypes.cast(status, ctypes.POINTER(ctypes.c_ulong))[0] = ctypes.sizeof(status)
        return int(status[2]) if ctypes.windll.kernel32.GlobalMemoryStatusEx(status) else None
    return None


def clock(now: datetime, known: Iterable[datetime]) -> Finding:
    """Whether the clock is later than everything that has happened: the course's last revision, the journal's last event."""
    latest = max((moment.astimezone(UTC) for moment in known), default=None)
    told = f"{now.astimezone(UTC):%Y-%m-%d %H:%M}"
    if latest is not None and now < latest - _TOLERATED:
        return fault(
            "clock",
            _("The clock says %(now)s UTC, but something is dated %(latest)s UTC.", now=told, latest=f"{latest:%Y-%m-%d %H:%M}"),
            _("Set the clock; until then the journal's times are wrong."),
        )
    return fine("clock", _("The clock says %(now)s UTC, which is plausible.", now=told))


def port(host: str, number: int, *, serving: bool = False) -> Finding:
    """Whether the pages can be served there, or are already; by this process itself where it is `serving`."""
    if serving:
        return fine("port", _("The pages are being served."))
    if number == 0:
        return fine("port", _("A free port is taken at each start."))
    try:
        with socket.create_server((host, number), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return fine("port", _("Port %(number)s at %(host)s is free.", number=number, host=host))
    except (OSError, OverflowError) as error:
        if _ours(host, number):
            return fine("port", _("The pages are being served at %(host)s, port %(number)s.", host=host, number=number))
        why = getattr(error, "strerror", None) or str(error)
        return fault(
            "port",
            _("Port %(number)s at %(host)s cannot be used (%(why)s).", number=number, host=host, why=why),
            _("Serve with --port 0, which takes a free one, or end the other program."),
        )


def _ours(host: str, number: int) -> bool:
    """Whether what answers there is this program."""
    connection = http.client.HTTPConnection("127.0.0.1" if host in {"", "localhost"} else host, number, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return "units" in json.loads(connection.getresponse().read(4096))
    except (OSError, ValueError, TypeError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _existing(folder: Path) -> Path:
    """The folder, or the nearest around it that exists."""
    return next((one for one in (folder, *folder.absolute().parents) if one.exists()), Path.cwd())
