"""The vectors of a field's texts, with those of texts met before taken over rather than worked out again.

A text is known by a digest. Vectors are kept as they are stored, so a vector taken over equals one made anew, bit for bit,
as long as the encoder gives a text the same vector whatever stands beside it (`OnnxEncoder` does).

Knows nothing of passages, encoders' kinds or files.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import DTypeLike, NDArray

    from index.encoder import Encoder

_DIGEST_BYTES = 16
_TEXTS_AT_A_TIME = 512
"""How many texts go to the encoder in one call: enough of each length to go side by side, few enough for a progress bar to move."""


@dataclass(frozen=True, slots=True)
class FieldVectors:
    """Vectors by field, `arrays[field]` of shape (texts, dimension), and the digests of their texts, (texts, 16) bytes."""

    arrays: Mapping[str, NDArray[np.floating]]
    digests: Mapping[str, NDArray[np.uint8]]

    def digests_to_bytes(self) -> bytes:
        """The digests as a file; `digests_from_bytes` reads it."""
        file = io.BytesIO()
        np.savez(file, **self.digests)  # type: ignore[arg-type]  # its stub takes the names for its own settings
        return file.getvalue()


def digests_from_bytes(data: bytes | memoryview) -> dict[str, NDArray[np.uint8]]:
    """The digests by field that `digests_to_bytes` wrote. Raises ValueError, OSError or KeyError for any other bytes."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def encoded(
    texts: Mapping[str, Sequence[str]],
    stored: Mapping[str, DTypeLike],
    encoder: Encoder,
    kept: FieldVectors | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FieldVectors:
    """The vectors of `texts` by field, in the type `stored[field]`; those of texts in `kept` are taken from there.

    `progress` is told (texts encoded, texts to encode): at the beginning, after each call of the encoder.
    """
    digests = {name: _digests(rows) for name, rows in texts.items()}
    known: dict[str, dict[bytes, NDArray[np.floating]]] = {name: _known(kept, name, stored[name]) for name in texts}
    missing: list[tuple[str, bytes, str]] = []
    for name, rows in texts.items():
        new = {digest.tobytes(): text for digest, text in zip(digests[name], rows, strict=True)}
        missing += [(name, digest, text) for digest, text in new.items() if digest not in known[name]]
    for start in range(0, len(missing), _TEXTS_AT_A_TIME):
        if progress:
            progress(start, len(missing))
        part = missing[start : start + _TEXTS_AT_A_TIME]
        for (name, digest, _), vector in zip(part, encoder.encode([text for *_, text in part]), strict=True):
            known[name][digest] = vector.astype(stored[name])
    if progress:
        progress(len(missing), len(missing))
    arrays = {}
    for name, rows in texts.items():
        arrays[name] = np.empty((len(rows), encoder.dimension), stored[name])
        for row, digest in enumerate(digests[name]):
            arrays[name][row] = known[name][digest.tobytes()]
    return FieldVectors(arrays, digests)


def _digests(texts: Sequence[str]) -> NDArray[np.uint8]:
    whole = b"".join(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES).digest() for text in texts)
    return np.frombuffer(whole, np.uint8).reshape(len(texts), _DIGEST_BYTES)


def _known(kept: FieldVectors | None, name: str, stored: DTypeLike) -> dict[bytes, NDArray[np.floating]]:
    if kept is None or name not in kept.arrays or kept.arrays[name].dtype != stored:
        return {}
    return {digest.tobytes(): vector for digest, vector in zip(kept.digests[name], kept.arrays[name], strict=True)}
