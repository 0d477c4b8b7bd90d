"""The key that signs cookies: made once, kept in the data folder, readable by its owner alone.

Knows nothing of cookies.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from corpus.whole_files import remove_left_behind

if TYPE_CHECKING:
    from pathlib import Path

_NAME = "secret_key"
_LEAST_LENGTH = 32


class SecretKeyError(OSError):
    """The key can be neither read nor made; the message says which folder must be writable."""


def secret_key(data: Path) -> str:
    """The key kept in the data folder; the first caller makes it, whichever process that is."""
    path = data / _NAME
    try:
        data.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"The key that signs cookies cannot be kept at {path} ({error}); make the folder writable or give another with --data."
        raise SecretKeyError(message) from error
    if len(key) < _LEAST_LENGTH:
        message = f"The key that signs cookies at {path} is too short; delete the file and start again."
        raise SecretKeyError(message)
    return key


def _make(path: Path) -> None:
    """Write the whole key beside its place, then link it there: nobody ever reads half a key, and only one is kept."""
    remove_left_behind(path.parent, f"{_NAME}.*")
    fresh = path.with_name(f"{_NAME}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            _put(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)


def _put(fresh: Path, path: Path) -> None:
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if not path.exists():
            fresh.replace(path)
