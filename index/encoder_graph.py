"""The shipped encoder's network, written out node by node: a BERT with its matrices in 8 bits.

It is written from the weights rather than traced from torch, because a traced graph changes with every version of torch and
of the optimiser that must then find the attention in it again. Written out it is a page, and lets each matrix be put in 8
bits in the way that costs it least (`index.eight_bits`).

Knows nothing of where weights come from or where the model is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from index.eight_bits import balance, steps_in_blocks, steps_in_pairs, steps_of_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Weights = Mapping[str, NDArray[np.float32]]

Recipe = Literal["rows", "float32", "tensor", "blocks"]
"""How matrices are multiplied: in 8 bits with a scale for each row of the input (what we ship); in 32 bits; in 8 bits with one
scale for the whole input, as presets do; in 8 bits in blocks of 128 of both (`MatMulNBits`). The last three are for comparison."""

_BLOCK = 128
_ORT = "com.microsoft"
_WIDE_PARTS = 4
"""The widest matrix is multiplied in this many parts, each with scales of its own: a few large numbers then cost the steps of a
quarter of the others. For the narrower ones it gains as much and costs more time."""

_LEAST_GELU = 0.17
"""GELU gives nothing below -0.17: with this added its output starts at 0, and no step is spent on negative numbers."""


class Network:
    """A graph under construction: each call of `node` adds one and returns the name of its output."""

    def __init__(self, recipe: Recipe, spread: Weights) -> None:
        """Begin an empty graph; `spread` is the largest magnitude seen in each channel of a matrix' input, by the matrix' name."""
        self._recipe = recipe
        self._spread = spread
        self._nodes: list[Any] = []
        self._constants: dict[tuple[str, tuple[int, ...], bytes], str] = {}
        self._initializers: list[Any] = []
        self._inputs: dict[str, str] = {}

    def constant(self, array: NDArray[Any]) -> str:
        """The name of a constant; equal ones are kept once."""
        from onnx import numpy_helper  # noqa: PLC0415  # needed to export, never to serve

        array = np.ascontiguousarray(array)
        key = (array.dtype.str, array.shape, array.tobytes())
        if key not in self._constants:
            self._constants[key] = f"c{len(self._constants)}"
            self._initializers.append(numpy_helper.from_array(array, self._constants[key]))
        return self._constants[key]

    @staticmethod
    def tensor(array: NDArray[Any]) -> Any:
        """A setting of a node that is an array."""
        from onnx import numpy_helper  # noqa: PLC0415  # needed to export, never to serve

        return numpy_helper.from_array(array)

    def node(self, kind: str, *inputs: str, domain: str = "", outputs: int = 1, **settings: Any) -> Any:
        """Add a node; its output's name, or a list of names where it has several."""
        from onnx import helper  # noqa: PLC0415  # needed to export, never to serve

        names = [f"n{len(self._nodes)}.{number}" for number in range(outputs)]
        self._nodes.append(helper.make_node(kind, inputs, names, domain=domain, **settings))
        return names[0] if outputs == 1 else names

    def model(self, vectors: str, dimension: int, *, watched: bool = False) -> bytes:
        """The finished model: `input_ids` (texts, tokens) to `vectors` (texts, dimension), and if `watched` each matrix' input."""
        from onnx import TensorProto, helper  # noqa: PLC0415  # needed to export, never to serve

        def value(name: str, shape: list[str | int] | None, kind: int = TensorProto.FLOAT) -> Any:
            return helper.make_tensor_value_info(name, kind, shape)

        outputs = {"vectors": vectors} | (self._inputs if watched else {})
        self._nodes += [helper.make_node("Identity", [inner], [outer]) for outer, inner in outputs.items()]
        shapes: dict[str, list[str | int]] = {"vectors": ["texts", dimension]}
        graph = helper.make_graph(
            self._nodes,
            "encoder",
            [value("input_ids", ["texts", "tokens"], TensorProto.INT64)],
            [value(name, shapes.get(name)) for name in outputs],
            self._initializers,
        )
        opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_ORT, 1)]
        return bytes(helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString())

    def linear(self, name: str, rows: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        """`rows` (texts, tokens, in) times the transpose of `weight` (out, in), plus `bias` (out)."""
        self._inputs[name] = rows
        if self._recipe == "float32":
            product = self.node("MatMul", rows, self.constant(weight.T))
        elif self._recipe == "blocks":
            steps, scales = steps_in_blocks(weight, _BLOCK)
            # accuracy_level 4: the input is rounded to 8 bits too, block by block; without it one query takes 45 ms.
            settings = {"K": weight.shape[1], "N": len(weight), "bits": 8, "block_size": _BLOCK, "accuracy_level": 4}
            product = self.node("MatMulNBits", rows, self.constant(steps), self.constant(scales), domain=_ORT, **settings)
        elif self._recipe == "tensor":
            whole, scales = steps_of_rows(weight, 63)  # 7 bits, the usual cure for AVX2
            zeros = self.constant(np.zeros(len(scales), np.int8))
            inputs = (self.constant(whole.T), self.constant(scales), zeros)
            product = self.node("DynamicQuantizeMatMul", rows, *inputs, domain=_ORT)
        else:
            return self._linear_by_rows(name, rows, weight, bias)
        return str(self.node("Add", product, self.constant(bias)))

    def _linear_by_rows(self, name: str, rows: str, weight: NDArray[np.float32], bias: NDArray[np.float32]) -> str:
        if name in self._spread:
            factors = balance(self._spread[name], weight)
            rows, weight = self.node("Mul", rows, self.constant(1 / factors)), weight * factors
        if not name.endswith("narrow"):
            return str(self.node("Add", self._product_by_rows(rows, weight, signed=True), self.constant(bias)))
        bias = bias.copy()
        total = ""
        rows = self.node("Add", rows, self.constant(np.array(_LEAST_GELU, np.float32)))
        slices = self.node("Split", rows, outputs=_WIDE_PARTS, axis=2, num_outputs=_WIDE_PARTS)
        for part, columns in zip(slices, np.split(weight, _WIDE_PARTS, axis=1), strict=True):
            steps, scales = steps_in_pairs(columns)
            bias -= np.float32(_LEAST_GELU) * (steps * scales[:, None]).sum(axis=1)
            product = self._product_by_rows(part, columns, signed=False)
            total = self.node("Add", total, product) if total else product
        return str(self.node("Add", total, self.constant(bias)))

    def _product_by_rows(self, rows: str, weight: NDArray[np.float32], *, signed: bool) -> str:
        """`rows` times the transpose of `weight`, both in 8 bits; `rows` that are not `signed` hold no negative number."""
        steps, scales = steps_in_pairs(weight)
        most, middle = (127, 128) if signed else (255, 0)
        magnitude = self.node("Abs", rows) if signed else rows
        largest = self.node("ReduceMax", magnitude, self.constant(np.array([-1])), keepdims=1)
        step, zero = self.constant(np.array(1 / most, np.float32)), self.constant(np.array(middle, np.uint8))
        whole = self.node("QuantizeLinear", self.node("Div", rows, largest), step, zero)
        zeros = self.constant(np.zeros(len(scales), np.int8))
        inputs = (whole, self.constant(steps.T), step, self.constant(scales), zero, zeros)
        return str(self.node("Mul", self.node("MatMulIntegerToFloat", *inputs, domain=_ORT), largest))

    def norm(self, name: str, rows: str, weights: Weights) -> str:
        """Layer normalisation. onnxruntime's fused SkipLayerNormalization is five times slower on a CPU than this and an Add."""
        scale, shift = self.constant(weights[f"{name}.weight"]), self.constant(weights[f"{name}.bias"])
        return str(self.node("LayerNormalization", rows, scale, shift, axis=-1, epsilon=1e-12))

    def embed(self, weights: Weights, max_tokens: int) -> str:
        """Token ids become rows: word (8 bits, a scale a word) plus place plus the one kind of text there is."""
        words = weights["embeddings.word_embeddings.weight"]
        if self._recipe == "float32":
            word = self.node("Gather", self.constant(words), "input_ids")
        else:
            steps, scales = steps_of_rows(words)
            scale = self.node("Gather", self.constant(scales[:, None]), "input_ids")
            word = self.node("Mul", self.node("Cast", self.node("Gather", self.constant(steps), "input_ids"), to=1), scale)
        places = weights["embeddings.position_embeddings.weight"][:max_tokens] + weights["embeddings.token_type_embeddings.weight"][0]
        first, length = self.constant(np.array([0])), self.node("Shape", "input_ids", start=1, end=2)
        place = self.node("Slice", self.constant(places), first, length, first)
        return self.norm("embeddings.LayerNorm", self.node("Add", word, place), weights)


def encoder_model(  # noqa: PLR0913  # a model's parts, each with its name at every call
    weights: Weights,
    heads: int,
    max_tokens: int,
    recipe: Recipe = "rows",
    spread: Weights | None = None,
    *,
    watched: bool = False,
) -> bytes:
    """The ONNX model of a BERT with `weights` (named as Hugging Face names them), mean pooling and unit length, as bytes.

    It takes texts of one length: nothing is padded and there is no mask. `watched` adds the input
    of every matrix as an output, from which `spread` is taken.
    """
    network = Network(recipe, spread or {})
    rows = network.embed(weights, max_tokens)
    for number in range(sum(name.endswith("intermediate.dense.bias") for name in weights)):
        layer = f"encoder.layer.{number}."
        parts = [f"{layer}attention.self.{part}" for part in ("query", "key", "value")]
        weight, bias = (np.concatenate([weights[f"{part}.{kind}"] for part in parts]) for kind in ("weight", "bias"))
        thirds = network.node("Split", network.linear(f"{number} attend", rows, weight, bias), outputs=3, axis=2, num_outputs=3)
        heard = network.node("MultiHeadAttention", *thirds, domain=_ORT, num_heads=heads)
        heard = network.linear(f"{number} gather", heard, *_dense(weights, f"{layer}attention.output.dense"))
        rows = network.norm(f"{layer}attention.output.LayerNorm", network.node("Add", rows, heard), weights)
        wide = network.node("Gelu", network.linear(f"{number} widen", rows, *_dense(weights, f"{layer}intermediate.dense")), domain=_ORT)
        narrow = network.linear(f"{number} narrow", wide, *_dense(weights, f"{layer}output.dense"))
        rows = network.norm(f"{layer}output.LayerNorm", network.node("Add", rows, narrow), weights)
    # The sum points where the mean does. As a product: onnxruntime's own sums add up in another order where there are several texts.
    ones = network.node(
        "ConstantOfShape", network.node("Shape", "input_ids", start=1, end=2), value=network.tensor(np.array([1], np.float32))
    )
    vectors = network.node("LpNormalization", network.node("MatMul", ones, rows), axis=-1, p=2)
    return network.model(vectors, len(weights["embeddings.LayerNorm.bias"]), watched=watched)


def _dense(weights: Weights, name: str) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return weights[f"{name}.weight"], weights[f"{name}.bias"]
