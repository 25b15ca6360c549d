"""all-MiniLM-L6-v2 as a graph for ONNX Runtime whose products are of 8-bit integers.

The packaged model keeps its weights in 8 bits and multiplies in 32; here both sides of a product
have 8. The numbers of a layer's input are quantised by row, that is by token: each row is divided
by its largest number. So a text's vector does not depend on the texts beside it. Four channels of
this model are far wider than all others (outlier dimensions: Dettmers et al. 2022, LLM.int8()); so
that they do not cost the others their precision, they are made narrower before a row is
quantised, and their weights larger by as much (Xiao et al. 2023, SmoothQuant).
docs/decisions/0024-the-embedder.md says what that costs in quality.
"""

from __future__ import annotations  # NumPy is named here, imported when used

from typing import TYPE_CHECKING, Any

from memory.onnx_file import Graph, tensors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Array = NDArray[Any]

LAYERS = 6
HEADS = 12
EPSILON = 1e-12
WIDE = {99: 5.0, 63: 2.0, 157: 2.0, 223: 2.0}  # channel: how much narrower it is made
MIDDLE = 128  # what stands for zero among 0 … 255
LOW = 42  # the same after GELU, which gives nothing below -0.17
LEAST = 0.9  # of a row after GELU, so that LOW steps reach down to -0.17
TINY = 1e-6  # of any other row: nothing is divided by zero
MICROSOFT = "com.microsoft"


def graph(model: bytes, *, tokens: int, saturating: bool) -> bytes:
    """The model that turns `ids` (texts, tokens), int64, into unit vectors (texts, 384), float32.

    All texts of a run have the same number of tokens, at most `tokens`. Pooling is the mean. On a
    machine whose products of signed weights are `saturating` these are written as unsigned ones,
    which are exact everywhere, and slower.
    """
    return _Writer(tensors(model), tokens, saturating).model()


def probe() -> tuple[bytes, int]:
    """A model without inputs, and every number of its result (8, 16) where products are exact.

    x86 processors without VNNI add up pairs of 8-bit products in 16 bits, and cut them off there.
    """
    import numpy as np

    asked = Graph()
    left = asked.constant(np.full((8, 64), 255, "uint8"))
    right = asked.constant(np.full((64, 16), 127, "int8"))
    return asked.model(asked.node("MatMulInteger", left, right)), 64 * 255 * 127


class _Writer:
    def __init__(self, stored: Mapping[str, Array], tokens: int, saturating: bool) -> None:
        import numpy as np

        self._np, self._stored, self._tokens = np, stored, tokens
        self._saturating = saturating
        # In the order of the model: query, key, value, output, intermediate, output; each layer.
        names = [it for it in stored if it.startswith("val_") and it.endswith("_q")]
        self._weights = sorted(names, key=lambda it: int(it.split("_")[1]))
        self._graph = Graph()
        self._last = self._constant(-1, "int64", shape=(1,))
        self._middle = self._constant(MIDDLE, "uint8")
        self._low = self._constant(LOW, "uint8")
        narrowed = np.ones(384, "float32")
        narrowed[list(WIDE)] = [1 / it for it in WIDE.values()]
        self._narrow, self._narrowed = self._graph.constant(narrowed), narrowed

    def model(self) -> bytes:
        write = self._graph.node
        x = self._embedded(self._graph.input("ids", integers=True, dimensions=2))
        for layer in range(LAYERS):
            x = self._attended(x, layer)
            x = self._thought(x, layer)
        mean = write("ReduceMean", x, self._constant(1, "int64", shape=(1,)), keepdims=0)
        return self._graph.model(write("LpNormalization", mean, axis=-1, p=2))

    def _embedded(self, ids: str) -> str:
        """Words by their rows of 8 bits, and places; all tokens are of the first type."""
        write, name = self._graph.node, "inner.embeddings."
        words = self._graph.constant(self._stored[f"{name}word_embeddings.weight_q"])
        scales = self._graph.constant(self._stored[f"{name}word_embeddings.weight_scale"])
        types = self._stored[f"{name}token_type_embeddings.weight"]
        places = self._read(f"{name}position_embeddings.weight_q")[: self._tokens] + types[0]
        start = self._constant(0, "int64", shape=(1,))
        length = write("Shape", ids, start=1, end=2)
        place = write("Slice", self._graph.constant(places), start, length, start)
        word = write("Cast", write("Gather", words, ids), to=1)
        word = write("Mul", word, write("Gather", scales, ids))
        return self._normal(write("Add", word, place), f"{name}LayerNorm")

    def _attended(self, x: str, layer: int) -> str:
        write, name = self._graph.node, f"inner.encoder.layer.{layer}.attention."
        weights = self._weights[layer * 6 :]
        parts = [f"{name}self.{it}.bias" for it in ("query", "key", "value")]
        seen = self._product(x, weights[:3], parts, narrow=True)
        split = self._graph.nodes("Split", seen, outputs=3, axis=-1, num_outputs=3)
        heard = write("MultiHeadAttention", *split, domain=MICROSOFT, num_heads=HEADS)
        heard = self._product(heard, weights[3:4], [f"{name}output.dense.bias"])
        return self._normal(write("Add", x, heard), f"{name}output.LayerNorm")

    def _thought(self, x: str, layer: int) -> str:
        write, name = self._graph.node, f"inner.encoder.layer.{layer}."
        weights = self._weights[layer * 6 :]
        inner = self._product(x, weights[4:5], [f"{name}intermediate.dense.bias"], narrow=True)
        inner = write("Gelu", inner, domain=MICROSOFT)
        inner = self._product(inner, weights[5:6], [f"{name}output.dense.bias"], positive=True)
        return self._normal(write("Add", x, inner), f"{name}output.LayerNorm")

    def _product(
        self,
        x: str,
        weights: list[str],
        biases: list[str],
        *,
        narrow: bool = False,
        positive: bool = False,
    ) -> str:
        """What a dense layer, or several side by side, make of x; see the head of this file."""
        np, write = self._np, self._graph.node
        if narrow:
            x = write("Mul", x, self._narrow)
        zero, least = (self._low, LEAST) if positive else (self._middle, TINY)
        step = self._constant(1 / (255 - (LOW if positive else MIDDLE)), "float32")
        size = x if positive else write("Abs", x)
        size = write("ReduceMax", size, self._last, keepdims=1)
        size = write("Max", size, self._constant(least, "float32"))
        rows = write("QuantizeLinear", write("Div", x, size), step, zero)
        whole = np.concatenate([self._read(it) for it in weights], axis=1)
        if narrow:
            whole /= self._narrowed[:, None]
        scales = np.abs(whole).max(axis=0) / 127
        whole = np.rint(whole / scales)
        if self._saturating:
            columns, middle = self._graph.constant((whole + MIDDLE).astype("uint8")), self._middle
        else:
            columns, middle = self._graph.constant(whole.astype("int8")), ""
        scale = self._graph.constant(scales.astype("float32"))
        factors = rows, columns, step, scale, zero, middle
        product = write("MatMulIntegerToFloat", *factors, domain=MICROSOFT)
        bias = self._graph.constant(np.concatenate([self._stored[it] for it in biases]))
        return write("Add", write("Mul", product, size), bias)

    def _normal(self, x: str, name: str) -> str:
        gain = self._graph.constant(self._stored[f"{name}.weight"])
        bias = self._graph.constant(self._stored[f"{name}.bias"])
        return self._graph.node("LayerNormalization", x, gain, bias, axis=-1, epsilon=EPSILON)

    def _read(self, name: str) -> Array:
        """A tensor that is kept in 8 bits, in 32."""
        values: Array = self._stored[name] * self._stored[f"{name.removesuffix('_q')}_scale"]
        return values

    def _constant(self, value: float, kind: str, *, shape: tuple[int, ...] = ()) -> str:
        return self._graph.constant(self._np.full(shape, value, kind))
