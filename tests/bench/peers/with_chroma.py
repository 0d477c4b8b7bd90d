"""Chroma: a persistent collection with its default embedding function, MiniLM through onnxruntime.

The function fetches its model unless the files are there: `make_peers.sh` puts them into the environment, made from the same weights.
Knows nothing of the other libraries.
"""

from __future__ import annotations

import sys
from pathlib import Path

import chromadb
from chromadb.config import Settings
from chromadb.utils.embedding_functions import ONNXMiniLM_L6_V2
from line_protocol import serve

ONNXMiniLM_L6_V2.DOWNLOAD_PATH = Path(sys.prefix) / "onnx_models" / ONNXMiniLM_L6_V2.MODEL_NAME
NAME = "passages"


class Chroma:
    """A collection of passages, found by cosine."""

    packages = ("chromadb", "onnxruntime")

    def build(self, ids: list[str], texts: list[str], vectors: list[list[float]] | None, folder: Path) -> None:
        """Add the texts, as many at a time as Chroma takes."""
        client = _client(folder)
        collection = client.create_collection(NAME, embedding_function=ONNXMiniLM_L6_V2(), configuration={"hnsw": {"space": "cosine"}})
        step = client.get_max_batch_size()
        for first in range(0, len(ids), step):
            part = slice(first, first + step)
            collection.add(ids=ids[part], documents=texts[part], embeddings=vectors[part] if vectors else None)

    def open(self, folder: Path) -> None:
        """Get the collection."""
        self._collection = _client(folder).get_collection(NAME, embedding_function=ONNXMiniLM_L6_V2())

    def search(self, question: str, k: int) -> list[str]:
        """The ids alone; no documents are read."""
        return self.search_all([question], k)[0]

    def search_all(self, questions: list[str], k: int) -> list[list[str]]:
        """`query` takes many texts at a time."""
        found: list[list[str]] = self._collection.query(query_texts=questions, n_results=k, include=[])["ids"]
        return found


def _client(folder: Path) -> chromadb.ClientAPI:
    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))


serve(Chroma())
