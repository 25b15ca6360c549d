from datetime import time, timedelta

import pytest

from agents.digest_wishes import read
from feed_core.models.digests import Length
from tests.agents.world import World

BEFORE = (time(8), time(19))


def times(typed: str) -> list[str]:
    return [f"{it:%H:%M}" for it in read(typed).times(BEFORE)]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("digest at 7 pm, not 8", ["19:00"]),
        ("at 9 instead of 8", ["09:00"]),
        ("not at eight but at nine", ["09:00"]),
        ("Digest um 18 Uhr, nicht um 19 Uhr", ["18:00"]),
        ("um 9 statt um 8", ["09:00"]),
        ("a las 18:00, no a las 19:00", ["18:00"]),
        ("a las 9 en vez de a las 8", ["09:00"]),
        ("ダイジェストは8時ではなく7時に", ["07:00"]),
        ("not at 8", ["19:00"]),
        ("not at 7", ["08:00"]),
        ("drop the 8 o'clock digest", ["19:00"]),
        ("move my digest from 8 to 9", ["09:00"]),
        ("Digest von 8 auf 9 Uhr", ["09:00"]),
        ("mueve el resumen de las 8 a las 9", ["09:00"]),
        ("ダイジェストを8時から9時に変えて", ["09:00"]),
        ("from Monday to Friday at 8", ["08:00"]),
        ("at 7 and 8", ["07:00", "08:00"]),
        ("also at 12:00", ["08:00", "12:00", "19:00"]),
        ("auch um 12 Uhr", ["08:00", "12:00", "19:00"]),
        ("18時にも", ["08:00", "18:00", "19:00"]),
    ],
)
def test_a_time_that_is_left_out_is_none_of_a_digest(typed: str, told: list[str]) -> None:
    assert times(typed) == told


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("move the digest one hour later", 60),
        ("send my digest an hour earlier", -60),
        ("half an hour later, please", 30),
        ("an hour and a half later", 90),
        ("later by 20 minutes", 20),
        ("schick meinen Digest zwei Stunden früher", -120),
        ("den Digest eine halbe Stunde später", 30),
        ("mueve el resumen una hora más tarde", 60),
        ("el resumen media hora antes", -30),
        ("ダイジェストを1時間遅くして", 60),
        ("ダイジェストを一時間半早くして", -90),
        ("eine Viertelstunde früher", -15),
        ("a quarter of an hour later", 15),
        ("at 9, please", 0),
    ],
)
def test_a_digest_moves_by_so_much(typed: str, minutes: int) -> None:
    assert read(typed).later == timedelta(minutes=minutes)


def test_days_go_along_where_all_times_pass_midnight() -> None:
    later = read("two hours later")
    assert later.times([time(23)]) == (time(1),)
    assert later.weekdays((0, 6), [time(23)]) == (0, 1)
    assert later.weekdays((0, 6), [time(23), time(8)]) == (0, 6)
    assert read("an hour earlier").weekdays((0,), [time(0, 30)]) == (6,)
    assert read("on Sundays").weekdays((0,), [time(8)]) == (6,)


@pytest.mark.parametrize(
    ("typed", "cover", "says_empty", "length"),
    [
        ("add a cover picture to my digest", True, None, None),
        ("no cover picture in my digest", False, None, None),
        ("füge meinem Digest ein Titelbild hinzu", True, None, None),
        ("Digest ohne Titelbild", False, None, None),
        ("añade una imagen de portada a mi resumen", True, None, None),
        ("resumen sin portada", False, None, None),
        ("ダイジェストに表紙の絵を付けて", True, None, None),
        ("表紙なしで", False, None, None),
        ("tell me once a week if there is nothing", None, True, None),
        ("don't tell me when there is nothing new", None, False, None),
        ("sag mir einmal pro Woche, wenn es nichts Neues gibt", None, True, None),
        ("avísame una vez por semana si no hay nada nuevo", None, True, None),
        ("何もなければ週に一度教えて", None, True, None),
        ("mach meinen Digest kürzer", None, None, Length.SHORT),
        ("un resumen más largo", None, None, Length.LONG),
        ("ダイジェストを短くして", None, None, Length.SHORT),
        ("7:30 Europe/Berlin cover on tell", True, True, None),
        ("every day at 7 in Long Beach", None, None, None),
        ("tell me at 8", None, None, None),
    ],
)
def test_what_else_a_digest_shall_be_like_is_read(
    typed: str, cover: bool | None, says_empty: bool | None, length: Length | None
) -> None:
    wish = read(typed)
    assert (wish.cover, wish.says_empty, wish.length) == (cover, says_empty, length)


async def test_plain_words_change_of_a_digest_what_they_name_and_nothing_else(
    world: World,
) -> None:
    ana = await world.join("Ana")
    said = [
        ("digest every day at 20:00 in Berlin", "at 20:00 (Europe/Berlin)"),
        ("digest at 7 pm, not 8", "every day at 19:00 (Europe/Berlin)"),
        ("move the digest one hour later", "at 20:00"),
        ("schick den Digest eine Stunde früher", "at 19:00"),
        ("add a cover picture to my digest", "at 19:00 (Europe/Berlin)"),
        ("mueve el resumen una hora más tarde", "at 20:00"),
        ("ダイジェストを1時間早くして", "at 19:00"),
        ("tell me once a week if there is nothing", "I say so once"),
        ("no cover picture in my digest", "at 19:00"),
        ("no digest between 22:00 and 7:00", "Quiet from 22:00 to 07:00"),
    ]
    answers = {words: (await world.say(ana, words)).text for words, _ in said}

    for words, told in said:
        assert told in answers[words], words
    on_top = [words for words, text in answers.items() if "comes on top" in text]
    assert on_top == [words for words, _ in said][4:8]
