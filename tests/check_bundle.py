"""Check bundles without running them: whole, complete for the machine that each is for, and scripts that can be read there.

    python tests/check_bundle.py ARCHIVE ...

pip resolves every requirement for the target's platform from the bundle's own wheels, with no index ("download", for the "install" of an
older pip takes this machine's Python for the target's); conditions that pip reads as on this machine (it knows no better) are followed by
ourselves as well. There is no cmd here, so the batch file is looked through: line ends, labels, brackets, and nothing but ASCII, which
every code page reads alike.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from web.lab.bundle import LARGEST
from web.lab.targets import TARGETS, Target
from web.lab.wheels import Wheel, needed_wheels

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ALWAYS = {"GUIDE.html", "program/start.py", "program/bundle.json", "program/no-python.txt"}


def faults(archive: Path, place: Path) -> Iterator[str]:
    """What is wrong with a bundle, once it is unpacked in `place`."""
    if archive.stat().st_size > LARGEST:
        yield f"it has {archive.stat().st_size / 1e6:.0f} MB"
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(place)  # noqa: S202  (archives made a moment ago, by this program)
    else:
        with tarfile.open(archive) as packed:
            packed.extractall(place, filter="data")
    top = place / "genomics-tutor"
    sums = dict(reversed(line.split("  ")) for line in (top / "program" / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    packed_files = {path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file()} - {"program/SHA256SUMS"}
    yield from (f"{name} is not in SHA256SUMS" for name in sorted(packed_files - set(sums)))
    yield from (f"{name} is missing" for name in sorted((set(sums) | ALWAYS) - packed_files))
    yield from (
        f"{name} is damaged" for name in packed_files & set(sums) if hashlib.sha256((top / name).read_bytes()).hexdigest() != sums[name]
    )
    told = json.loads((top / "program" / "bundle.json").read_bytes())
    target = TARGETS[told["target"]]
    for python in told["pythons"]:
        yield from (f"Python {python}: {one}" for one in incomplete(top / "program", target, python))
    yield from (
        f"{path.name} names a package index"
        for path in top.rglob("*.txt")
        if re.search(r"index-url|find-links|://", path.read_text("utf-8"))
    )
    if target.sys_platform == "win32":
        yield from (f"start.bat: {one}" for one in batch_faults((top / "start.bat").read_bytes()))


def incomplete(program: Path, target: Target, python: str) -> Iterator[str]:
    """What a machine of that kind would miss."""
    house = program / "wheels"

    def none(requirements: Sequence[str], _target: Target, _python: str, _into: Path, *, alone: bool = False) -> None:
        if alone:
            missing.extend(requirements)
            raise StopIteration

    missing: list[str] = []
    own = Wheel.read(next(house.glob("genomics_tutor-*.whl")))
    wanted = (program / f"requirements-{python}.txt").read_text(encoding="utf-8")
    try:
        needed = needed_wheels(own, target, python, house, none)
    except StopIteration:
        yield f"no wheel for {', '.join(missing)}"
        return
    yield from (f"{one.path.name} is not pinned" for one in needed if f"{one.name}=={one.version} " not in wanted)
    platforms = [part for tag in target.tags for part in ("--platform", tag)]
    with tempfile.TemporaryDirectory() as nowhere:
        command = [
            sys.executable,
            "-m",
            "pip",
            "--isolated",
            "download",
            "--quiet",
            "--dest",
            nowhere,
            "--no-index",
            "--find-links",
            str(house),
        ]
        command += ["--only-binary=:all:", "--require-hashes", *platforms, "--python-version", python, "--implementation", "cp"]
        done = subprocess.run(
            [*command, "-r", str(program / f"requirements-{python}.txt")],
            capture_output=True,
            text=True,
            check=False,
            env={"PIP_CONFIG_FILE": "/dev/null"},
        )
    if done.returncode:
        yield f"pip: {done.stderr.strip()[-400:]}"


def batch_faults(batch: bytes) -> Iterator[str]:
    """What cmd would stumble over."""
    text = batch.decode("utf-8")
    if not text.isascii():
        yield "a character that is not ASCII"
    if batch.count(b"\n") != batch.count(b"\r\n"):
        yield "a line end that is not CRLF"
    labels = set(re.findall(r"(?m)^:(\w+)", text))
    yield from (f"goto {one}, which is nowhere" for one in re.findall(r"goto (\w+)", text) if one not in labels)
    code = re.sub(r'(?m)^rem .*$|"[^"\r\n]*"', "", text)
    if code.count("(") != code.count(")"):
        yield "a bracket without its other half"


def main(archives: Sequence[str]) -> int:
    """Print what is wrong with each bundle; 0 if nothing is."""
    wrong = 0
    for name in archives:
        with tempfile.TemporaryDirectory() as place:
            found = list(faults(Path(name), Path(place)))
        print(f"{Path(name).name}: {'; '.join(found) or 'complete'}")
        wrong += bool(found)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
