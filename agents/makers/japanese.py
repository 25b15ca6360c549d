"""Japanese writing taken apart: phrases (bunsetsu) with their sound, by the dictionary Sudachi.

A phrase is a word with the particles and endings that lean on it; a sound is written in katakana,
in which every sign is one mora but the small vowels and ャュョ, that join the sign before them.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

LEANING = frozenset({"助詞", "助動詞", "接尾辞"})  # particles, endings, suffixes
MARKS = frozenset({"補助記号", "空白", "記号"})
GLIDES = frozenset("ァィゥェォャュョヮ")
SPOKEN = {"ワタクシ": "ワタシ", "ニッポン": "ニホン"}  # the everyday reading of what has several


class Token(Protocol):
    """What Sudachi says of one word."""

    def surface(self) -> str:
        """As it is written."""

    def part_of_speech(self) -> tuple[str, ...]:
        """Its kind in UniDic's terms, from the general to the special; the sixth is its form."""

    def reading_form(self) -> str:
        """How it sounds, in katakana."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase: how it is written and sounds, and how it ends.

    `leads` says that a noun must follow ("古い", "雨の"); `open` that it ends in a particle and
    something should follow; `noun` that it ends in a noun.
    """

    text: str
    sound: str
    leads: bool
    open: bool
    noun: bool


def phrases(text: str) -> list[Phrase]:
    """The phrases of a text without marks."""
    found: list[list[Token]] = []
    for token in _dictionary().tokenizer().tokenize(text):  # one tokenizer serves one thread
        kind = token.part_of_speech()
        if kind[0] in MARKS:
            continue
        if found and _leans(token, found[-1][-1]):
            found[-1].append(token)
        else:
            found.append([token])
    return [_phrase(tokens) for tokens in found]


def morae(sound: str) -> int:
    """How many morae a sound in katakana has."""
    return sum(sign not in GLIDES for sign in sound)


def _leans(token: Token, before: Token) -> bool:
    kind, last = token.part_of_speech(), before.part_of_speech()
    if kind[0] in LEANING or (kind[1] == "非自立可能" and last[1] == "接続助詞"):
        return True  # … て いる
    if last[0] == "接頭辞" or (kind[0] == "名詞" and last[0] == "名詞"):
        return last[1] != "普通名詞" or last[2] != "副詞可能"  # compounds, but not "今日 東京"
    if last[1] == "数詞" or kind[1] == "数詞":
        return last[1] == "数詞"
    if token.surface() in {"すぎ", "すぎる"}:
        return True
    return kind[0] in {"動詞", "形状詞"} and last[2] == "サ変可能"


def _phrase(tokens: list[Token]) -> Phrase:
    last = tokens[-1]
    kind, form = last.part_of_speech(), last.part_of_speech()[5]
    surface = last.surface()
    attributive = kind[0] == "連体詞" or (kind[0] == "助詞" and surface == "の") or surface == "な"
    attributive = attributive or (kind[0] == "形容詞" and form.startswith("連体形"))
    return Phrase(
        text="".join(it.surface() for it in tokens),
        sound="".join(_sound(it) for it in tokens),
        leads=attributive,
        open=kind[0] == "助詞"
        and not attributive
        and surface not in {"よ", "ね", "か", "わ", "ぞ"},
        noun=kind[0] in {"名詞", "代名詞"},
    )


def _sound(token: Token) -> str:
    surface, sound = token.surface(), token.reading_form()
    if all("ァ" <= it <= "ヿ" for it in surface):
        return surface
    if all("ぁ" <= it <= "ゖ" or it == "ー" for it in surface):
        return "".join(chr(ord(it) + 0x60) if it != "ー" else it for it in surface)
    return SPOKEN.get(sound, sound)


@cache
def _dictionary() -> Any:
    # The dictionary is mapped, not read; it is opened when the first Japanese text comes.
    from sudachipy import Dictionary

    return Dictionary(dict="small")
