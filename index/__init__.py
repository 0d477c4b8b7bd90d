"""The index: the passages of a course as vectors and as words, kept on disk, and the search over both.

Knows nothing of answers, confidence or web pages.
"""

from index.commands import IndexSettings, failures_told, ready_index
from index.dense import DenseIndex
from index.encoder import Encoder, EncoderUnreadableError, OnnxEncoder, SentenceTransformerEncoder, chosen_encoder, shipped_encoder_digest
from index.fields import Rows
from index.generations import IndexUnusableError, IndexUnwritableError
from index.lexical import LexicalIndex
from index.store import Index, build_index, ensure_index, index_fits, index_in_use, load_index
from index.tokens import tokens

__all__ = [
    "DenseIndex",
    "Encoder",
    "EncoderUnreadableError",
    "Index",
    "IndexSettings",
    "IndexUnusableError",
    "IndexUnwritableError",
    "LexicalIndex",
    "OnnxEncoder",
    "Rows",
    "SentenceTransformerEncoder",
    "build_index",
    "chosen_encoder",
    "ensure_index",
    "failures_told",
    "index_fits",
    "index_in_use",
    "load_index",
    "ready_index",
    "shipped_encoder_digest",
    "tokens",
]
