from itertools import pairwise

import pytest

from agents.makers.beats import beats, german_syllables, run_together, spanish_syllables
from agents.makers.japanese import morae, phrases
from agents.makers.languages import Language, language_of
from agents.makers.making import Source
from agents.makers.reading import read

GERMAN = (
    "Haus 1 Regen 2 fällt 1 Küche 2 niemand 2 Museum 3 Familie 4 Galerie 3 Ferien 3 Nation 3 "
    "Geist 1 geirrt 2 beenden 3 Bäume 2 freuen 2 sehen 2 Theater 3 Seele 2 Quelle 2 Idee 2 "
    "Großmutter 3 Schmetterling 3 Januar 3 Feuer 2 Lilie 3 Studium 3 zwei 1 Oase 3"
)
SPANISH = (
    "casa 2 lluvia 2 tejado 3 día 2 río 2 agua 2 guitarra 3 que 1 poeta 3 cielo 2 muy 1 rey 1 "
    "canción 2 ciudad 2 país 2 ahora 3 hoy 1 oír 2 pingüino 3 búho 2 reina 2 abuela 3 ruido 2 "
    "guerra 2 mayo 2 tierra 2 había 3"
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("rain on the tin roof", "en"),
        ("lol what", "en"),
        ("eggs, milk, bread, coffee", "en"),
        ("Der Regen fällt auf das Dach", "de"),
        ("Katze auf der Mauer", "de"),
        ("Frühling", "de"),
        ("La lluvia cae sobre el tejado", "es"),
        ("buenos días", "es"),
        ("el mar", "es"),
        ("古い屋根に雨が降って", "ja"),
        ("雨の夜", "ja"),
        ("我独自走在路上", "other"),
        ("La pluie tombe sur le toit de la maison, et personne ne dort", "other"),
        ("A chuva não para, e todos dormem com os gatos", "other"),
        ("المطر يهطل على السطح", "other"),
        ("🎉", "other"),
        ("", "other"),
        ("\x00" * 9, "other"),
    ],
)
def test_a_language_is_told_by_script_and_small_words(text: str, language: str) -> None:
    assert language_of([text]) == language


def pairs(listed: str) -> list[tuple[str, int]]:
    words = listed.split()
    return [(it, int(count)) for it, count in zip(words[::2], words[1::2], strict=True)]


@pytest.mark.parametrize(("word", "count"), pairs(GERMAN))
def test_german_syllables_are_counted_by_rule(word: str, count: int) -> None:
    assert german_syllables(word) == count


@pytest.mark.parametrize(("word", "count"), pairs(SPANISH))
def test_spanish_syllables_are_counted_by_rule(word: str, count: int) -> None:
    assert spanish_syllables(word) == count


def test_spanish_words_run_together_where_vowels_meet() -> None:
    words = read(
        [Source(1, "", "", "La luna está en la cocina y hace ruido, a veces")], seed=0
    ).words

    lost = [run_together(a, b, Language.SPANISH) for a, b in pairwise(words)]
    assert lost == [0, 1, 1, 0, 0, 1, 1, 0, 0, 0]


def test_japanese_is_counted_in_morae_of_its_reading() -> None:
    reading = read([Source(1, "", "", "東京タワーで今日はちょっと待った。")], seed=0)

    assert reading.language is Language.JAPANESE
    counted = {it.text: beats(it, reading.language) for it in reading.words}
    assert counted == {"東京タワーで": 8, "今日は": 3, "ちょっと": 3, "待った": 3}
    assert morae("キャット") == 3


def test_a_japanese_phrase_knows_how_it_ends() -> None:
    found = {it.text: (it.leads, it.open, it.noun) for it in phrases("古い靴に雨が降る、秋の夜")}

    assert found == {
        "古い": (True, False, False),
        "靴に": (False, True, False),
        "雨が": (False, True, False),
        "降る": (False, False, False),
        "秋の": (True, False, False),
        "夜": (False, False, True),
    }
