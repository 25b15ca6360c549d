import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime  # type: ignore[import-untyped]  # it ships no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray
from tokenizers import Tokenizer

from feed_core.errors import ConfigurationError
from memory import minilm
from memory.embedding import TOKENIZER, TOKENS, Embedder, _packaged_model, _session


def test_what_means_the_same_is_near_and_what_does_not_is_far(embedder: Embedder) -> None:
    rain, haiku, tax = embedder.vectors(
        ["I love rainy poems", "a haiku about rain", "tax law for small business"]
    )
    assert rain @ haiku > 0.6
    assert abs(rain @ tax) < 0.2


ODD = [
    "",
    " \n\t",
    "🌧️☔",
    "雨の音" * 3_000,
    "a" * 100_000,
    "\ud83d",
    "\x00",
    "é" * 5,
    "a " * 50_000,
]


def test_odd_and_huge_texts_become_unit_vectors(embedder: Embedder) -> None:
    vectors = embedder.vectors(ODD)
    assert vectors.shape == (len(ODD), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_no_texts_become_no_vectors(embedder: Embedder) -> None:
    assert embedder.vectors([]).shape == (0, embedder.dimension)


@settings(max_examples=15, deadline=None)
@given(texts=st.lists(st.text(max_size=400), max_size=40))
def test_any_texts_keep_their_order(embedder: Embedder, texts: list[str]) -> None:
    together = embedder.vectors(texts)
    assert together.shape == (len(texts), embedder.dimension)
    for text, vector in list(zip(texts, together, strict=True))[:4]:
        assert np.allclose(embedder.vectors([text])[0], vector, atol=1e-5)


def test_long_texts_in_one_call_get_the_vectors_they_get_alone(embedder: Embedder) -> None:
    texts = [f"{word} and the weather of {word} " * 60 for word in ("rain", "snow", "tax", "tin")]
    texts = [text for text in texts for _ in range(2)] + ["tin"]
    together = embedder.vectors(texts)
    for place in (0, 3, 8):
        assert np.allclose(embedder.vectors([texts[place]])[0], together[place], atol=1e-5)


TOLD = ["I love rainy poems", "zeig mir, was neu ist", "雨の音", "tin " * 300, "🎈", ""]


def as_packaged(texts: list[str]) -> list[NDArray[np.float32]]:
    """What the package's own graph gives, whose products are of 32-bit floats."""
    session = onnxruntime.InferenceSession(_packaged_model())
    reader = Tokenizer.from_file(str(TOKENIZER))
    reader.enable_truncation(TOKENS)
    reader.no_padding()
    found = []
    for text in texts:
        ids = np.array([reader.encode(text).ids])
        told = {"input_ids": ids, "attention_mask": ids * 0 + 1, "token_type_ids": ids * 0}
        mean = session.run(None, told)[0][0].mean(axis=0)
        found.append(mean / np.linalg.norm(mean))
    return found


def test_vectors_are_those_of_the_packaged_graph_but_for_rounding(embedder: Embedder) -> None:
    for vector, whole in zip(embedder.vectors(TOLD), as_packaged(TOLD), strict=True):
        assert vector @ whole > 0.996


def test_unsigned_weights_for_processors_that_saturate_give_the_same(embedder: Embedder) -> None:
    model = minilm.graph(_packaged_model().read_bytes(), tokens=TOKENS, saturating=True)
    ids = np.array([embedder._ids(["I love rainy poems"])[0]])
    vector = _session(model).run(None, {"ids": ids})[0][0]
    assert np.allclose(vector, embedder.query_vector("I love rainy poems"), atol=1e-5)


def test_a_query_is_embedded_once(embedder: Embedder) -> None:
    first = embedder.query_vector("what do I like?")
    assert embedder.query_vector(" what do I like? ") is first
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 1.0


async def test_it_is_one_of_langchains_embeddings(embedder: Embedder) -> None:
    assert isinstance(embedder, Embeddings)
    rows = await embedder.aembed_documents(["rain", "snow"])
    assert [len(row) for row in rows] == [384, 384]
    assert await embedder.aembed_query("rain") == embedder.embed_query("rain")
    assert np.allclose(rows, embedder.embed_documents(["rain", "snow"]))


def test_threads_that_load_at_once_share_one_session() -> None:
    fresh = Embedder()
    with ThreadPoolExecutor(max_workers=4) as pool:
        rows = list(pool.map(lambda _: fresh.embed_query("rain"), range(8)))
    assert all(row == rows[0] for row in rows)
    loaded = fresh._loaded
    fresh.load()
    assert fresh._loaded is loaded


@pytest.mark.parametrize("content", [b"", b"not a model", None])
def test_a_wrong_model_file_is_named_in_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "model.onnx"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        Embedder(model=file).load()
    assert caught.value.setting == str(file)
    assert caught.value.problem
    assert caught.value.mend


def test_a_changed_tokenizer_is_named_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_bytes(TOKENIZER.read_bytes() + b" ")
    with pytest.raises(ConfigurationError) as caught:
        Embedder(tokenizer=file).load()
    assert caught.value.setting == str(file)


def test_importing_memory_loads_nothing_heavy() -> None:
    code = (
        "import sys, memory.remembering, memory.embedding, memory.index\n"
        "memory.embedding.Embedder()\n"
        "heavy = {'numpy', 'onnxruntime', 'tokenizers', 'chromadb', 'langchain', 'langgraph'}\n"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
