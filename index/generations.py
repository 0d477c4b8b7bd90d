"""Generations of an index: folders written once, checked whenever they are read, and swapped by one rename.

    <index>/current            "<generation> <SHA-256 of its manifest>"
    <index>/<generation>/      manifest.json and the files that it names, each with its SHA-256

A generation is never changed once `current` names it. Its name is used once, so builds running side by side write in
different folders; the last to replace `current` wins. What was in use before is removed then; what a crash left behind is
removed by a later build, after an hour, when no build can still be writing it.

Knows nothing of what the files hold.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import mmap
import os
import re
import secrets
import shutil
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.whole_files import LEFT_BEHIND_SECONDS, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

_POINTER = "current"
_MANIFEST = "manifest.json"
_NAME = re.compile(r"generation-[0-9a-f]{16}")


class IndexUnusableError(Exception):
    """There is no index, or not the one asked for, or its files are not what was written. Building it again helps."""


class IndexUnwritableError(Exception):
    """The index cannot be written where it should be; what was there is untouched."""


def unusable(folder: Path, what: str) -> IndexUnusableError:
    """The error for an index in `folder` that must be built again because of `what`."""
    return IndexUnusableError(f"{folder}: {what}; build it with “genomics-tutor index build”.")


@dataclass(frozen=True, slots=True)
class Generation:
    """A finished generation. `about` is what its writer said of it; `files` maps each file's name to its SHA-256 (hex)."""

    folder: Path
    about: Mapping[str, Any]
    files: Mapping[str, str]

    def read(self, name: str) -> memoryview:
        """The bytes of a file, read from disk as they are needed. Raises IndexUnusableError unless they are what was written."""
        path = self.folder / name
        if name not in self.files:
            raise unusable(self.folder.parent, f"{name} is missing from the index")
        try:
            with path.open("rb") as file:
                empty = os.fstat(file.fileno()).st_size == 0  # which cannot be mapped
                data = memoryview(b"" if empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except OSError as error:
            raise unusable(self.folder.parent, f"{name} of the index cannot be read ({error.strerror})") from error
        # The digest is of the mapped bytes themselves, so what is checked is what is used.
        if hashlib.sha256(data).hexdigest() != self.files[name]:
            raise unusable(self.folder.parent, f"{name} of the index is damaged")
        return data

    def read_array(self, name: str) -> NDArray[Any]:
        """The array in a file, read-only and read from disk as it is needed. Raises IndexUnusableError."""
        data = self.read(name)
        try:
            head = io.BytesIO(data[:256])
            if np.lib.format.read_magic(head) != (1, 0):
                raise unusable(self.folder.parent, f"{name} of the index is of another version")
            shape, _, kind = np.lib.format.read_array_header_1_0(head)
            array: NDArray[Any] = np.frombuffer(data, kind, offset=head.tell()).reshape(shape)
        except ValueError as error:
            raise unusable(self.folder.parent, f"{name} of the index is no array") from error
        return array


def let_go(array: NDArray[Any]) -> None:
    """Let the system have back what an array that is read from disk as needed has in memory; used again, it is read again."""
    held: object = array
    while isinstance(held, np.ndarray):
        held = held.base
    held = held.obj if isinstance(held, memoryview) else held
    if isinstance(held, mmap.mmap) and hasattr(held, "madvise"):  # Windows has none, and takes back what it wants
        held.madvise(mmap.MADV_DONTNEED)


def current(folder: Path) -> Generation:
    """The generation in use in `folder`. Raises IndexUnusableError."""
    name, digest = _pointer(folder)
    try:
        manifest = (folder / name / _MANIFEST).read_bytes()
    except OSError as error:
        raise unusable(folder, f"{_MANIFEST} of the index cannot be read ({error.strerror})") from error
    if hashlib.sha256(manifest).hexdigest() != digest:
        raise unusable(folder, f"{_MANIFEST} of the index is damaged")
    try:
        told = json.loads(manifest)
        return Generation(folder / name, dict(told["about"]), dict(told["files"]))
    except (ValueError, KeyError, TypeError) as error:
        raise unusable(folder, "the index is of another version") from error


def _pointer(folder: Path) -> tuple[str, str]:
    try:
        name, digest = (folder / _POINTER).read_text("ascii").split()
    except FileNotFoundError as error:
        raise unusable(folder, "there is no index") from error
    except (OSError, ValueError) as error:
        raise unusable(folder, f"the file “{_POINTER}” of the index cannot be read") from error
    if not _NAME.fullmatch(name):
        raise unusable(folder, f"the file “{_POINTER}” of the index is damaged")
    return name, digest


class FreshGeneration:
    """A generation being written; nobody reads it before `put_in_place`."""

    def __init__(self, folder: Path) -> None:
        """A folder for it within `folder`, which is made if need be. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder / f"generation-{secrets.token_hex(8)}"
        self._folder.mkdir()
        self._files: dict[str, str] = {}
        self._manifest = b""
        self._in_place = False

    @property
    def in_place(self) -> bool:
        """Whether it is the generation in use: it must not be removed then."""
        return self._in_place

    @property
    def folder(self) -> Path:
        """Where it is written."""
        return self._folder

    def write(self, name: str, data: bytes) -> None:
        """Write a file, down to the disk. Raises OSError."""
        _write(self._folder / name, data)
        self._files[name] = hashlib.sha256(data).hexdigest()

    def write_array(self, name: str, array: NDArray[Any]) -> None:
        """Write an array as a .npy file. Raises OSError."""
        file = io.BytesIO()
        np.lib.format.write_array(file, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
        self.write(name, file.getvalue())

    def finish(self, about: Mapping[str, Any]) -> Generation:
        """Write the manifest; the generation as a reader will find it. Raises OSError."""
        told = {"about": dict(about), "files": self._files}
        self._manifest = (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()
        _write(self._folder / _MANIFEST, self._manifest)
        return Generation(self._folder, told["about"], dict(self._files))

    def put_in_place(self) -> None:
        """Make it the generation in use, then remove the one it replaces. Raises OSError, and then the old one stays in use."""
        folder, name = self._folder.parent, self._folder.name
        try:
            replaced, _ = _pointer(folder)
        except IndexUnusableError:
            replaced = ""
        sync_folder(self._folder)
        beside = folder / f"{_POINTER}-{name}"
        try:
            _write(beside, f"{name} {hashlib.sha256(self._manifest).hexdigest()}\n".encode("ascii"))
            _replace(beside, folder / _POINTER)
        except OSError:
            beside.unlink(missing_ok=True)
            raise
        self._in_place = True
        with suppress(OSError):  # it is in use, whether or not the disk can be told to hurry
            sync_folder(folder)
        _clean(folder, name, replaced)


@contextmanager
def fresh(folder: Path) -> Iterator[FreshGeneration]:
    """A generation to write in; it is removed again if the block fails. Raises IndexUnwritableError for any fault of the disk."""
    generation = None
    try:
        generation = FreshGeneration(folder)
        yield generation
    except BaseException as error:
        if generation is not None and not generation.in_place:
            shutil.rmtree(generation.folder, ignore_errors=True)
        if not isinstance(error, OSError):
            raise
        why = "the disk is full" if error.errno in {errno.ENOSPC, errno.EDQUOT} else error.strerror or str(error)
        message = f"{folder}: the index cannot be written there ({why}); free space, or choose another folder with --index."
        raise IndexUnwritableError(message) from error


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _replace(source: Path, target: Path) -> None:
    for wait in (0.02, 0.1, 0.5):  # Windows refuses while another process happens to read the target
        with suppress(PermissionError):
            source.replace(target)
            return
        time.sleep(wait)
    source.replace(target)


def _clean(folder: Path, in_use: str, replaced: str) -> None:
    """Remove what this build replaced and what crashes left. What cannot be removed (Windows: still open) waits for a later build."""
    with suppress(OSError):
        for path in folder.iterdir():
            name = path.name.removeprefix(f"{_POINTER}-")
            if name == in_use or not _NAME.fullmatch(name):
                continue
            if name == replaced or time.time() - path.stat().st_mtime > LEFT_BEHIND_SECONDS:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
