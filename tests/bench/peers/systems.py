"""What is compared: each library's environment and script.

Knows nothing of what is measured.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ONE_THREAD: Mapping[str, str] = {"OMP_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class System:
    """A library as it is started: `environment` is its folder, `arguments` are its script's, COURSE standing for the course's folder.

    `settings` are further ways to run it, by name, each as variables: questions are timed in every way, and the quickest counts.
    """

    environment: str
    script: str
    arguments: tuple[str, ...] = ()
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


_TORCH = {"one thread": ONE_THREAD}
"""torch shares a question out to all processors, which gains little and loses much as soon as one of them has other work."""

SYSTEMS: Mapping[str, System] = {
    "ours": System("ours", "with_ours.py", ("COURSE",)),
    "ours, question read": System("ours", "with_ours.py", ("COURSE", "--read")),
    "txtai": System("txtai", "with_txtai.py", (), _TORCH),
    "LangChain + FAISS": System("langchain", "with_langchain.py", (), _TORCH),
    "LlamaIndex + FAISS": System("llamaindex", "with_llama_index.py", (), _TORCH),
    "Haystack + FAISS": System("haystack", "with_haystack.py", (), _TORCH),
    "Chroma": System("chroma", "with_chroma.py"),
}
