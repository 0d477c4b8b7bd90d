"""Texts become unit vectors: texts that mean much the same lie close together.

`OnnxEncoder` is what serving uses: onnxruntime and tokenizers, nothing else. `SentenceTransformerEncoder` takes any
sentence-transformers model in its place, and is what the shipped encoder is made from and checked against.

>>> encoder = OnnxEncoder(SHIPPED_ENCODER)
>>> a, b = encoder.encode(["How is cystic fibrosis inherited?", "inheritance of cystic fibrosis"])
>>> bool(a @ b > 0.9)
True

Knows nothing of passages, questions or how vectors are searched.
"""

from __future__ import annotations

import hashlib
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

SHIPPED_ENCODER = Path(__file__).parent / "encoder"
"""The folder of the encoder that comes with this package."""

FORMAT = 1
"""Version of the layout of an encoder's folder."""

_THREADS = 2
"""So many texts are encoded side by side, whoever asks; one text is always the work of one thread (two would spin)."""

_TOKENS_AT_A_TIME = 512


class EncoderUnreadableError(Exception):
    """The files of an encoder are missing, altered or not an encoder. The message says which and what to run."""


class Encoder(Protocol):
    """What turns texts into vectors.

    `dimension` is the length of a vector. `digest` (SHA-256, hex) changes with anything that could change a vector: weights,
    tokeniser or settings.
    """

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        ...

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the model, its tokeniser and its settings."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of `texts`, shape (len(texts), dimension), each of length 1; (0, dimension) for none."""
        ...


@dataclass(frozen=True, slots=True)
class Provenance:
    """`encoder.json`: what an encoder's folder holds and where it comes from.

    `files` maps the name of each file that must be there to its SHA-256 (hex); `source` says, for people, what it was made from.
    """

    format: int
    dimension: int
    max_tokens: int
    pooling: str
    files: dict[str, str]
    source: dict[str, str]

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of everything that a vector depends on: the files and the settings, not the words about them."""
        told = [self.format, self.dimension, self.max_tokens, self.pooling, sorted(self.files.items())]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()


class OnnxEncoder:
    """The encoder in a folder of `model.onnx`, `tokenizer.json` and `encoder.json`.

    A text's vector never depends on its neighbours: texts go side by side through a network in which each has numbers of its own, so
    an index built a piece at a time equals one built at once, bit for bit. It may be used by several threads at a time.
    """

    def __init__(self, folder: Path) -> None:
        """Read the encoder in `folder`. Raises EncoderUnreadableError."""
        try:
            self._provenance = _provenance(folder)
            for name, wanted in self._provenance.files.items():
                with (folder / name).open("rb") as file:
                    if hashlib.file_digest(file, "sha256").hexdigest() != wanted:
                        raise _unreadable(folder, f"{name} is damaged")
            tokenizer = (folder / "tokenizer.json").read_bytes()
        except OSError as error:
            raise _unreadable(folder, f"{Path(error.filename or folder).name} is missing or cannot be read") from error
        except (ValueError, TypeError, AttributeError) as error:
            raise _unreadable(folder, "encoder.json is damaged") from error
        try:
            self._tokenizer = onnx_tokenizer(tokenizer, self._provenance.max_tokens)
            # By its path: a session made from bytes keeps them for as long as it lives, 23 MB.
            self._session = onnx_session(folder / "model.onnx")
            # A server has a hundred threads, and onnxruntime keeps buffers for each that it has ever run in.
            self._pool = ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1), "encoder")
        except Exception as error:  # both libraries raise bare Exception subclasses of their own
            raise _unreadable(folder, "its model cannot be loaded") from error

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._provenance.dimension

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the model, its tokeniser and its settings."""
        return self._provenance.digest

    @property
    def provenance(self) -> Provenance:
        """What the folder holds and where it comes from."""
        return self._provenance

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of `texts`, shape (len(texts), dimension), each of length 1; (0, dimension) for none."""
        # Half a surrogate pair is no character: the tokeniser refuses it, so it is read as the question mark it is shown as.
        readable = [text.encode("utf-8", "replace").decode() for text in texts]
        ids = [tokens.ids for tokens in self._tokenizer.encode_batch(readable)]
        vectors = np.empty((len(texts), self.dimension), np.float32)
        groups = _of_one_length(ids)
        for rows, encoded in zip(groups, self._pool.map(lambda rows: self._run([ids[row] for row in rows]), groups), strict=True):
            vectors[rows] = encoded
        return vectors

    def _run(self, ids: list[list[int]]) -> NDArray[np.float32]:
        (vectors,) = self._session.run(None, {"input_ids": np.array(ids, np.int64)})
        return np.asarray(vectors, np.float32)


def _of_one_length(ids: Sequence[Sequence[int]]) -> list[list[int]]:
    """The rows of `ids` in groups that can go through the network side by side without padding, as many tokens as pay at a time.

    A matrix is read from memory once for a group: short texts take less than half the time that they take one by one.
    """
    by_length: dict[int, list[int]] = {}
    for row, tokens in enumerate(ids):
        by_length.setdefault(len(tokens), []).append(row)
    groups = []
    for length, rows in by_length.items():
        most = max(1, _TOKENS_AT_A_TIME // length)
        groups += [rows[first : first + most] for first in range(0, len(rows), most)]
    return groups


class SentenceTransformerEncoder:
    """Any sentence-transformers model, a folder or a name that is already on this machine; a GPU is used if there is one.

    On a GPU, or with many texts at a time, the last digits of a vector depend on the batch: an index is then equal to a
    full build within about 1e-6, not bit for bit.
    """

    def __init__(self, model: str | Path) -> None:
        """Load `model`. Raises EncoderUnreadableError if sentence-transformers is not installed or cannot load it."""
        try:
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # 20 seconds and 400 MB that serving never pays
        except ImportError as error:
            message = "A sentence-transformers model needs more than serving does; install genomics-tutor[build]."
            raise EncoderUnreadableError(message) from error
        try:
            self._model = SentenceTransformer(str(model))
            self._digest = _model_digest(self._model)
            self._dimension = len(self._model.encode("x"))
        except Exception as error:  # it raises whatever the hub, torch or the tokeniser raise
            message = f"{model}: sentence-transformers cannot load it; give the folder of a sentence-transformers model."
            raise EncoderUnreadableError(message) from error

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._dimension

    @property
    def digest(self) -> str:
        """SHA-256 (hex) of the weights, the vocabulary and the order of its parts."""
        return self._digest

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The vectors of `texts`, shape (len(texts), dimension), each of length 1; (0, dimension) for none."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        readable = [text.encode("utf-8", "replace").decode() for text in texts]
        vectors = self._model.encode(readable, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, np.float32)


def chosen_encoder(model: Path | None = None) -> Encoder:
    """The encoder of `model`, a sentence-transformers folder, or without one the encoder that we ship. Raises EncoderUnreadableError."""
    return OnnxEncoder(SHIPPED_ENCODER) if model is None else SentenceTransformerEncoder(model)


def shipped_encoder_digest() -> str:
    """The digest that the shipped encoder has by its `encoder.json` alone; its files are not looked at. Raises EncoderUnreadableError."""
    return _provenance(SHIPPED_ENCODER).digest


def _provenance(folder: Path) -> Provenance:
    """What `encoder.json` says. Raises EncoderUnreadableError."""
    try:
        provenance = Provenance(**json.loads((folder / "encoder.json").read_bytes()))
    except OSError as error:
        raise _unreadable(folder, "encoder.json is missing or cannot be read") from error
    except (ValueError, TypeError) as error:
        raise _unreadable(folder, "encoder.json is damaged") from error
    if not isinstance(provenance.files, dict):
        raise _unreadable(folder, "encoder.json is damaged")
    if provenance.format != FORMAT:
        raise _unreadable(folder, f"encoder.json has format {provenance.format}, not {FORMAT}")
    return provenance


def _unreadable(folder: Path, what: str) -> EncoderUnreadableError:
    return EncoderUnreadableError(
        f"{folder}: {what}; install genomics-tutor again, or make the encoder anew with “genomics-tutor index export-encoder”.",
    )


def onnx_tokenizer(data: bytes, max_tokens: int) -> Any:
    """The tokeniser in the bytes of a `tokenizer.json`, cutting texts at `max_tokens` and padding none."""
    from tokenizers import Tokenizer  # noqa: PLC0415  # commands that encode nothing start without it

    tokenizer = Tokenizer.from_buffer(data)
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def onnx_session(model: bytes | Path) -> Any:
    """An onnxruntime session of a model, one thread a text, for use by several threads.

    From version 1.29 on, onnxruntime for Linux and macOS reports to its maker over the network unless this variable is set before it is
    imported; on Windows it reports to the system's own tracing, which the call switches off.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime  # noqa: PLC0415  # commands that encode nothing start without it

    onnxruntime.disable_telemetry_events()

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # a plan is kept for each length of text otherwise: memory for nothing
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model if isinstance(model, bytes) else str(model), options, providers=["CPUExecutionProvider"])


def _model_digest(model: Any) -> str:
    """SHA-256 (hex) of a sentence-transformers model as loaded, wherever it came from."""
    digest = hashlib.sha256(repr([type(part).__name__ for part in model]).encode())
    digest.update(repr(model.max_seq_length).encode())
    digest.update(json.dumps(sorted(model.tokenizer.get_vocab().items())).encode())
    for name, tensor in model.state_dict().items():
        digest.update(name.encode())
        digest.update(tensor.detach().float().cpu().numpy().tobytes())
    return digest.hexdigest()
