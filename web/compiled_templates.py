"""Templates kept as they were compiled, where Python keeps its modules as it compiled them: `__pycache__` beside the source.

Jinja takes a quarter of a second to compile those of the first page. A template that has changed, or was compiled by another Jinja, Python
or with other settings, is compiled anew; where nothing can be written, each start compiles. Like Python's own files, these are trusted:
whoever can write there can change the program. Knows nothing of what templates say.
"""

from __future__ import annotations

import hashlib
import marshal
import sys
from contextlib import suppress
from importlib.metadata import version
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import BytecodeCache

from corpus.whole_files import write_whole

if TYPE_CHECKING:
    from flask import Flask
    from jinja2.bccache import Bucket


class CompiledTemplates(BytecodeCache):
    """Templates of one folder, compiled; a file is SHA-256 of what the code depends on, and the code as `marshal` writes it."""

    def __init__(self, folder: Path, settings: str) -> None:
        """`settings` names all that makes other code of the same template."""
        self._folder = folder
        self._made_by = f"{version('jinja2')}\0{settings}\0".encode() + MAGIC_NUMBER

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002  # Jinja's signature
        """The template's name: each has a file of its own."""
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled before, if it is this template's."""
        with suppress(OSError, ValueError, EOFError, TypeError):
            kept = self._file(bucket).read_bytes()
            digest = self._digest(bucket)
            if kept.startswith(digest):
                bucket.code = marshal.loads(kept[len(digest) :])  # noqa: S302  # the program's own code, as Python's caches are

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, unless Python is told to keep nothing. A folder that cannot be written is no fault."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                write_whole(self._file(bucket), self._digest(bucket) + marshal.dumps(bucket.code))

    def _file(self, bucket: Bucket) -> Path:
        return Path(cache_from_source(f"{self._folder / bucket.key}.py"))

    def _digest(self, bucket: Bucket) -> bytes:
        return hashlib.sha256(self._made_by + bucket.checksum.encode()).digest()


def init_app(app: Flask) -> None:
    """Give the app's templates their compiled form. To be called when all is in place that changes how they are compiled."""
    environment = app.jinja_env
    settings = repr((sorted(app.jinja_options.items()), sorted(environment.extensions)))
    environment.bytecode_cache = CompiledTemplates(Path(app.root_path, app.template_folder or ""), settings)
