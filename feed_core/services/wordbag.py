"""Texts as vectors without a model: a hashed bag of words, rare words weighing more."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

DIMENSION = 1024
CHARACTERS = 2_000  # what a text is about stands at its beginning
WORD = re.compile(r"\w+")
UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)


def word_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """One vector of length 1 (0 for a text without words) for each text, shape (texts, 1024).

    Words are hashed with a sign, so that collisions cancel out on average (Weinberger et al. 2009,
    "Feature hashing for large scale multitask learning"), and weighed by 1 + ln(count) times the
    logarithm of how few texts have them, so the same text differs from one call to the next.
    """
    found = np.zeros((len(texts), DIMENSION), dtype=np.float32)
    said = [Counter(_words(text)) for text in texts]
    known_by = Counter(word for words in said for word in words)
    rarity = {word: np.log((1 + len(texts)) / count) for word, count in known_by.items()}
    hashed = {word: crc32(word.encode("utf-8", "replace")) for word in known_by}
    for row, words in enumerate(said):
        for word, count in words.items():
            place, odd = divmod(hashed[word] % (2 * DIMENSION), 2)
            found[row, place] += (1 - 2 * odd) * (1 + np.log(count)) * rarity[word]
    length = np.linalg.norm(found, axis=1, keepdims=True)
    found /= np.where(length > 0, length, 1)
    return found


def _words(text: str) -> list[str]:
    """The words of a text, casefolded; pairs of characters where words are not set apart."""
    folded = unicodedata.normalize("NFKC", text[:CHARACTERS]).casefold()
    words: list[str] = []
    for word in WORD.findall(folded):
        if UNSPACED.search(word) and len(word) > 2:
            words.extend(word[n : n + 2] for n in range(len(word) - 1))
        else:
            words.append(word)
    return words
