import pytest
from hypothesis import given
from hypothesis import strategies as st

from feed_core.services.languages import Language, guess


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The rain was on the roof and it was loud", "en"),
        ("Der Regen fällt auf das Dach und ich höre zu", "de"),
        ("La lluvia cae en el tejado y no para", "es"),
        ("La pluie tombe sur le toit et je dors", "fr"),
        ("La pioggia cade sul tetto e non mi lascia dormire", "it"),
        ("A chuva cai no telhado e não para", "pt"),
        ("De regen valt op het dak en ik slaap niet", "nl"),
        ("Regnet faller på taket och jag sover inte", "sv"),
        ("Deszcz pada na dach i nie mogę się położyć", "pl"),
        ("Bir yağmur ve bu çatı için", "tr"),
        ("Дождь стучит по крыше", "ru"),
        ("Дощ стукає, і я її чую", "uk"),
        ("Η βροχή πέφτει στη στέγη", "el"),
        ("הגשם יורד על הגג", "he"),
        ("المطر يهطل على السطح", "ar"),
        ("باران می‌بارد و من چای می‌خورم", "fa"),
        ("बारिश छत पर गिरती है", "hi"),
        ("雨落在屋顶上", "zh"),
        ("雨が屋根に降っている", "ja"),
        ("비가 지붕에 내린다", "ko"),
        ("ฝนตกบนหลังคา", "th"),
        ("Mưa rơi trên mái nhà", "vi"),
    ],
)
def test_a_language_is_told_by_its_script_or_its_small_words(text: str, language: str) -> None:
    assert guess(text, otherwise="xx") == language


@pytest.mark.parametrize("text", ["", "Moth", "12 34", "🎈🎈", "rain rain rain", "la", "\u200b"])
def test_what_does_not_tell_is_in_the_members_own_language(text: str) -> None:
    assert guess(text, otherwise="pt") == "pt"


@given(st.text())
def test_any_text_is_in_some_language(text: str) -> None:
    assert guess(text, otherwise="en").isalpha()


def test_discord_can_offer_every_language() -> None:
    assert len(Language) <= 25
