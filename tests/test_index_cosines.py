"""Many vectors compared at once in 8 bits: how exact it is, and what is no such file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from index.cosines import Cosines, cosines_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

OFF_BY = 0.006


def unit_rows(count: int, dimension: int, seed: int) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(count, dimension)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


@given(count=some.integers(1, 300), half=some.integers(1, 200), seed=some.integers(0, 2**32 - 1))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
def test_cosines_are_those_of_32_bits_nearly(tmp_path: Path, count: int, half: int, seed: int) -> None:
    """Of any number of vectors, of any even length."""
    vectors, question = unit_rows(count, 2 * half, seed), unit_rows(1, 2 * half, seed + 1)[0]
    file = tmp_path / "vectors.onnx"
    file.write_bytes(cosines_file(vectors))
    cosines = Cosines(file)
    assert len(cosines) == count
    found = cosines.with_(question)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, vectors @ question, atol=max(OFF_BY, 0.03 / np.sqrt(half)))


def test_at_the_length_of_the_encoders_vectors_they_are_off_by_little(tmp_path: Path) -> None:
    vectors, questions = unit_rows(3000, 384, 1), unit_rows(20, 384, 2)
    (tmp_path / "vectors.onnx").write_bytes(cosines_file(vectors.astype(np.float16)))
    cosines = Cosines(tmp_path / "vectors.onnx")
    for question in (*questions, *vectors[:5]):
        np.testing.assert_allclose(cosines.with_(question), vectors @ question, atol=OFF_BY)
    assert [int(cosines.with_(vector).argmax()) for vector in vectors[:50]] == list(range(50))


def test_a_question_of_zeros_is_near_nothing(tmp_path: Path) -> None:
    (tmp_path / "vectors.onnx").write_bytes(cosines_file(unit_rows(3, 8, 1)))
    assert not Cosines(tmp_path / "vectors.onnx").with_(np.zeros(8, np.float32)).any()


@pytest.mark.parametrize("data", [b"", b"not a model", cosines_file(unit_rows(2, 4, 1))[:-20]])
def test_another_file_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "vectors.onnx").write_bytes(data)
    with pytest.raises(Exception, match=r"(?i)model|protobuf|fail"):
        Cosines(tmp_path / "vectors.onnx")
