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

if TYPE_CHECKING:
    from collections.abc import Iterable

    from web.lab.findings import Finding

_MB = 1_000_000
LEAST_DISK = 200 * _MB
"""Bytes: room for an index built anew beside the old one, and for a year's conversations."""

LEAST_MEMORY = 300 * _MB
"""Bytes that must be free: serving takes 200 to 250 MB."""

_TOLERATED = timedelta(days=1)
"""A clock may be off by a time zone."""


def disk(folder: Path) -> Finding:
    """Whether there is room where data are kept."""
    try:
        free = shutil.disk_usage(_existing(folder)).free
    except OSError as error:
        return unknown("disk", f"The free space at {folder} cannot be told ({error.strerror}).")
    told = f"{free / _MB:,.0f} MB are free at {folder}."
    return (
        fine("disk", told)
        if free >= LEAST_DISK
        else fault("disk", told, f"Free at least {LEAST_DISK // _MB} MB, or give another folder with --data.")
    )


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
            f"{folder} cannot be written ({error.strerror}).",
            "Give this user the right to write there, or another folder with --data.",
        )
    return fine("writing", f"{folder} can be written.")


def memory() -> Finding:
    """Whether there is memory to serve in."""
    free = free_memory()
    if free is None:
        return unknown("memory", "The free memory cannot be told on this kind of machine.")
    told = f"{free / _MB:,.0f} MB of memory are free."
    return fine("memory", told) if free >= LEAST_MEMORY else fault("memory", told, "Close other programs; serving takes 200 to 250 MB.")


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
    told = f"The clock says {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if latest is not None and now < latest - _TOLERATED:
        return fault(
            "clock",
            f"{told}, but something is dated {latest:%Y-%m-%d %H:%M} UTC.",
            "Set the clock; until then the journal's times are wrong.",
        )
    return fine("clock", f"{told}, which is plausible.")


def port(host: str, number: int) -> Finding:
    """Whether the pages can be served there, or are already."""
    if number == 0:
        return fine("port", "A free port is taken at each start.")
    try:
        with socket.create_server((host, number), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return fine("port", f"Port {number} at {host} is free.")
    except (OSError, OverflowError) as error:
        if _ours(host, number):
            return fine("port", f"The pages are being served at {host}, port {number}.")
        why = getattr(error, "strerror", None) or str(error)
        return fault(
            "port",
            f"Port {number} at {host} cannot be used ({why}).",
            "Serve with --port 0, which takes a free one, or end the other program.",
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
