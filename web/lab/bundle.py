"""A bundle: one archive that a person unpacks on a machine without a network and starts with a double click.

    genomics-tutor/                 unpacked over an older one it brings it up to date; deleted, it leaves nothing behind
        start.sh | start.bat | start.command
        GUIDE.html                  how to start, in English and Chinese
        program/
            start.py                what the script runs: checks, installs, serves, opens the browser
            bundle.json             {"format", "program", "target", "sys_platform", "machine", "pythons"}
            requirements-3.12.txt   for each version of Python: every wheel by version and SHA-256
            wheels/                 the program, all it needs, and pip to install them with
            no-python.txt           what the script says where there is no Python
            SHA256SUMS              of every file above, as sha256sum writes it
        data/                       made at the first start: journal, conversations, key; never in the archive

The same wheels give the same archive, byte for byte. Knows nothing of where wheels come from.
"""

from __future__ import annotations

import gzip
import json
import shutil
import tarfile
import tempfile
import zipfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from web.lab.wheels import pinned, sha256

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from web.lab.targets import Target
    from web.lab.wheels import Wheel

FORMAT = 1
"""Version of the layout, in `bundle.json`."""

LARGEST = 250_000_000
"""Bytes that a bundle may have: it must fit on an old memory stick and through a lab's file share in a minute."""

TOP = "genomics-tutor"
_PARTS = {"linux": "start.sh", "darwin": "start.command", "win32": "start.bat"}
_YEAR = (1980, 1, 1, 0, 0, 0)
_SECONDS = 315_532_800  # the same moment, as tar counts
_RUNNABLE, _PLAIN = 0o755, 0o644


class BundleError(Exception):
    """A bundle cannot be made; the message says why and what to do."""


def write_bundle(target: Target, wheels: Mapping[str, Sequence[Wheel]], program: Wheel, pip: Wheel, out: Path) -> Path:
    """Write the archive for a machine into the folder `out`, and give its path. The archive appears whole or not at all.

    `wheels` maps each version of Python to all that is installed there, the program among them. Raises BundleError.
    """
    carried = {wheel.path.name: wheel for each in wheels.values() for wheel in each} | {pip.path.name: pip}
    size = sum(wheel.path.stat().st_size for wheel in carried.values())
    if size > LARGEST:
        message = (
            f"The bundle for {target.name} would have {size / 1e6:.0f} MB, more than {LARGEST / 1e6:.0f}; "
            f"choose fewer versions of Python with --python ({', '.join(wheels)} were asked for)."
        )
        raise BundleError(message)
    name = f"{TOP}-{program.version}-{target.name}{target.archive}"
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out, prefix="making-") as making:
            top = Path(making) / TOP
            _lay_out(top, target, wheels, program, list(carried.values()))
            archive = Path(making) / name
            (_write_zip if target.archive == ".zip" else _write_tar)(top, archive)
            archive.replace(out / name)
    except OSError as error:
        message = f"{out}: the bundle cannot be written there ({error.strerror or error}); free space, or choose another folder with --out."
        raise BundleError(message) from error
    return out / name


def _lay_out(top: Path, target: Target, wheels: Mapping[str, Sequence[Wheel]], program: Wheel, carried: Sequence[Wheel]) -> None:
    """The folder as it is to be packed."""
    inside = top / "program"
    (inside / "wheels").mkdir(parents=True)
    for wheel in carried:
        place = inside / "wheels" / wheel.path.name
        try:
            place.hardlink_to(wheel.path)
        except OSError:  # another disk, or one without links
            shutil.copyfile(wheel.path, place)
    for python, needed in wheels.items():
        _write(inside / f"requirements-{python}.txt", pinned(needed))
    told = {
        "format": FORMAT,
        "program": str(program.version),
        "target": target.name,
        "sys_platform": target.sys_platform,
        "machine": target.machine,
        "pythons": list(wheels),
    }
    _write(inside / "bundle.json", json.dumps(told, indent=2) + "\n")
    _write(inside / "start.py", _part("start.py"))
    _write(inside / "no-python.txt", _filled("no-python.txt", wheels))
    _write(top / "GUIDE.html", _filled("GUIDE.html", wheels).replace("@VERSION@", str(program.version)))
    script = _PARTS[target.sys_platform]
    text = _filled("start.bat" if script.endswith(".bat") else "start.sh", wheels)
    _write(top / script, text.replace("\n", "\r\n") if script.endswith(".bat") else text)
    (top / script).chmod(_RUNNABLE)
    sums = [f"{sha256(path)}  {path.relative_to(top).as_posix()}\n" for path in _files(top)]
    _write(inside / "SHA256SUMS", "".join(sums))


def _part(name: str) -> str:
    return files("web.lab.parts").joinpath(name).read_text(encoding="utf-8")


def _filled(name: str, wheels: Mapping[str, Sequence[Wheel]]) -> str:
    """A part with the versions of Python filled in: as a list for people, and newest first for the scripts."""
    return _part(name).replace("@PYTHONS@", ", ".join(wheels)).replace("@NEWEST_FIRST@", " ".join(reversed(list(wheels))))


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def _files(top: Path) -> list[Path]:
    return sorted(path for path in top.rglob("*") if path.is_file())


def _mode(path: Path) -> int:
    return _RUNNABLE if path.name.startswith("start.") and path.suffix != ".py" else _PLAIN


def _write_zip(top: Path, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as packed:
        for path in _files(top):
            entry = zipfile.ZipInfo(path.relative_to(top.parent).as_posix(), _YEAR)
            entry.external_attr = (0o100000 | _mode(path)) << 16
            # Wheels are compressed already.
            entry.compress_type = zipfile.ZIP_STORED if path.suffix == ".whl" else zipfile.ZIP_DEFLATED
            with path.open("rb") as source, packed.open(entry, "w") as place:
                shutil.copyfileobj(source, place, 1 << 20)


def _write_tar(top: Path, archive: Path) -> None:
    with archive.open("wb") as file, gzip.GzipFile("", "wb", 1, file, mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as packed:
        for path in _files(top):
            entry = tarfile.TarInfo(path.relative_to(top.parent).as_posix())
            entry.size, entry.mtime, entry.mode = path.stat().st_size, _SECONDS, _mode(path)
            with path.open("rb") as source:
                packed.addfile(entry, source)
