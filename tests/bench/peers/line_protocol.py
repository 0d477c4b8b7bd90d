"""How a measured library is spoken to: a JSON line asks on standard input, a JSON line answers on standard output.

    {"do": "versions"}                                        {"python": …, package: version}
    {"do": "build", "passages": FILE, "folder": DIR}          {}      FILE: a line {"id", "text"} a passage; with "vectors": a .npy
                                                                      of their vectors, (passages, dimension), nothing is encoded
    {"do": "open", "folder": DIR}                             {}
    {"do": "search", "question": …, "k": …}                   {"ids": [id, …]}           best first
    {"do": "search_all", "questions": […], "k": …}            {"ids": [[id, …], …]}      as the library does many at once

It imports next to nothing, so that a start is the library's own. Knows nothing of what is measured.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence


class Peer(Protocol):
    """A library as it is measured."""

    @property
    def packages(self) -> Sequence[str]:
        """The packages whose versions say what it was."""
        ...

    def build(self, ids: list[str], texts: list[str], vectors: list[list[float]] | None, folder: Path) -> None:
        """Index the texts, each under its id, and keep the index in a folder that does not exist yet.

        `vectors`, where given, are the texts' own and save encoding them; a library that cannot take them encodes all the same.
        """
        ...

    def open(self, folder: Path) -> None:
        """Make ready to search the index in the folder."""
        ...

    def search(self, question: str, k: int) -> list[str]:
        """The ids of the `k` best texts for a question, best first."""
        ...

    def search_all(self, questions: list[str], k: int) -> list[list[str]]:
        """The same for many questions at once, in the way that the library's documentation shows."""
        ...


def serve(peer: Peer) -> None:
    """Answer lines until there are no more. What libraries print goes to standard error."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        answers.write(json.dumps(_answer(peer, json.loads(line))) + "\n")
        answers.flush()


def _answer(peer: Peer, asked: dict[str, Any]) -> dict[str, Any]:
    match asked["do"]:
        case "search":
            return {"ids": peer.search(asked["question"], asked["k"])}
        case "search_all":
            return {"ids": peer.search_all(asked["questions"], asked["k"])}
        case "open":
            peer.open(Path(asked["folder"]))
        case "build":
            passages = [json.loads(line) for line in Path(asked["passages"]).read_text(encoding="utf-8").splitlines()]
            vectors = _vectors(asked["vectors"]) if "vectors" in asked else None
            peer.build([one["id"] for one in passages], [one["text"] for one in passages], vectors, Path(asked["folder"]))
        case "versions":
            from importlib.metadata import version  # noqa: PLC0415  # no part of a start

            return {"python": platform.python_version()} | {name: version(name) for name in peer.packages}
    return {}


def _vectors(file: str) -> list[list[float]]:
    import numpy as np  # noqa: PLC0415  # no part of a start

    found: list[list[float]] = np.load(file).tolist()
    return found
