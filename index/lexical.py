"""Texts as words, weighed by BM25: the rarer a word in the course, and the fuller a text is of it, the higher its score.

bm25s works the weights out once, when an index is built; a search only adds up the columns of the words asked for, so
serving does not import it (0.3 to 0.6 s).

>>> index = LexicalIndex.build([tokens("Cystic fibrosis"), tokens("Sickle cell disease")])
>>> index.scores(tokens("sickle cells")).argmax().item()
1

Knows nothing of vectors, and nothing of what its rows stand for.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

__all__ = ["LexicalIndex", "LexicalUnreadableError", "tokens"]

_K1 = 1.5
_B = 0.75
"""How soon a repeated word stops counting, and how much a long text is held back: bm25s' own values, not tuned to any test set."""


class LexicalUnreadableError(Exception):
    """The bytes are no lexical index."""


@dataclass(frozen=True, slots=True)
class LexicalIndex:
    """BM25 weights by word: column `word` of a sparse matrix of texts by words.

    `vocabulary` maps a word to its column. The texts that hold word c are `rows[starts[c]:starts[c + 1]]` (ascending), and
    `weights` (>= 0, higher is a better match) stands beside `rows`. `size` is the number of texts.
    """

    size: int
    vocabulary: Mapping[str, int]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    weights: NDArray[np.float32]

    @classmethod
    def build(cls, texts: Iterable[Sequence[str]]) -> LexicalIndex:
        """The index of `texts`, each given as its tokens; row n is the nth text. Same texts, same index."""
        listed = list(texts)
        words = sorted({word for text in listed for word in text})
        vocabulary = {word: column for column, word in enumerate(words)}
        if not words:
            return cls(len(listed), {}, np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(0, np.float32))
        import bm25s  # noqa: PLC0415  # 0.6 s that only a build pays

        ids = [[vocabulary[word] for word in text] for text in listed]
        matrix = bm25s.BM25(k1=_K1, b=_B, method="lucene", csc_backend="numpy").build_index_from_ids(
            unique_token_ids=list(range(len(words))),
            corpus_token_ids=ids,
            show_progress=False,
        )
        starts, rows, weights = (np.asarray(matrix[name]) for name in ("indptr", "indices", "data"))
        column = np.repeat(np.arange(len(words)), np.diff(starts))
        order = np.lexsort((rows, column))
        return cls(len(listed), vocabulary, starts.astype(np.int64), rows[order].astype(np.int32), weights[order].astype(np.float32))

    def scores(self, query: Iterable[str]) -> NDArray[np.float32]:
        """The BM25 score of every text against the tokens `query`, shape (size,); 0 or more, higher is better, 0 is no shared word.

        A token given twice counts twice.
        """
        total = np.zeros(self.size, np.float32)
        for word in query:
            column = self.vocabulary.get(word)
            if column is not None:
                part = slice(self.starts[column], self.starts[column + 1])
                total[self.rows[part]] += self.weights[part]  # a text stands once in a column
        return total

    def texts_with(self, word: str) -> NDArray[np.int32]:
        """The rows of the texts that hold the token `word`, ascending; none for a word that no text holds."""
        column = self.vocabulary.get(word)
        return self.rows[:0] if column is None else self.rows[self.starts[column] : self.starts[column + 1]]

    def idf(self, word: str) -> float:
        """How rare the token `word` is: 0 in every text, up to log(1 + 2 size + 1), about, in none. Higher is rarer."""
        holders = len(self.texts_with(word))
        return math.log(1 + (self.size - holders + 0.5) / (holders + 0.5))

    def to_bytes(self) -> bytes:
        """The index as bytes; the same index gives the same bytes. No pickle."""
        words = "\n".join(self.vocabulary).encode()  # in the order of their columns; a token holds no white space
        file = io.BytesIO()
        np.savez(
            file,
            size=np.int64(self.size),
            words=np.frombuffer(words, np.uint8),
            starts=self.starts,
            rows=self.rows,
            weights=self.weights,
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes | memoryview) -> LexicalIndex:
        """The index that `to_bytes` gave. Raises LexicalUnreadableError."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                words = arrays["words"].tobytes().decode().split("\n")
                starts, rows, weights = arrays["starts"], arrays["rows"], arrays["weights"]
                size = int(arrays["size"])
        except Exception as error:  # a damaged zip raises whatever its parts raise
            message = "These bytes are no lexical index; build it again with “genomics-tutor index build”."
            raise LexicalUnreadableError(message) from error
        vocabulary = {word: column for column, word in enumerate(words)} if len(starts) > 1 else {}
        if len(vocabulary) + 1 != len(starts) or len(rows) != len(weights) or starts[-1] != len(rows) or (rows >= size).any():
            message = "The parts of this lexical index do not fit together; build it again with “genomics-tutor index build”."
            raise LexicalUnreadableError(message)
        return cls(size, vocabulary, starts, rows, weights)
