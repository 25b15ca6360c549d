import pytest

from agents.makers.syllables import syllables

# Counted by ear, before the rules were written down for them.
COUNTED = {
    1: """rain roof tin night song key drum the a of sea moon light dark snow fire leaf stone bird
        wind cloud star home house door room bread milk glass dust rust bone heart hand eye mouth
        breath dream sleep clock train road bridge wave whale tree moss thorn grass wheat fish
        walked laughed loved danced burned kissed years leaves stars waves clothes whose queue
        tongue vague don't can't they've she'd world girl loud quiet's prayed climbed stretched""",
    2: """gutter window kitchen garden river ocean harbour winter summer morning evening shadow
        mirror silence music poem lion quiet being going singing wanted planted wooden broken
        little table apple candle bottle rhythm neon fluid cruel ruin chaos create happy empty
        lonely letter paper pocket button finger shoulder thunder lightning raindrop moonlight
        sometimes someone nowhere hopeless careful isn't couldn't wouldn't kitchen's roses houses
        wishes dances oceans something people""",
    3: """nobody umbrella piano radio idea area violet November yesterday tomorrow together
        beautiful wonderful family memory history animal elephant butterfly grandmother
        satellite telephone photograph museum poetry disappear remember remembered forgotten
        unfinished invented arriving whispering everything everyone another banana potato horizon
        volcano library hesitate celebrate""",
    4: """January February invisible ordinary photography imagining catastrophe reality society
        impossible material avocado television watermelon caterpillar carefully's everybody
        necessary""",
    5: """imagination refrigerator university hippopotamus anniversary vocabulary""",
}
COUNTED[1] = COUNTED[1].replace(" quiet's", "")
COUNTED[4] = COUNTED[4].replace(" carefully's", "")


def test_at_least_nineteen_of_twenty_english_words_are_counted_right() -> None:
    pairs = [(word, count) for count, line in COUNTED.items() for word in line.split()]
    wrong = [(word, count, syllables(word)) for word, count in pairs if syllables(word) != count]

    assert len(pairs) >= 200
    assert len(wrong) <= len(pairs) * 0.05, wrong


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("Küche", 2),
        ("Straße", 2),
        ("corazón", 3),
        ("Привет", 2),
        ("θάλασσα", 3),
        ("東京", 2),
        ("とうきょう", 4),
        ("안녕하세요", 5),
        ("well-known", 2),
        ("café", 2),
    ],
)
def test_other_writing_is_counted_by_its_own_rules(word: str, count: int) -> None:
    assert syllables(word, english=word in {"well-known", "café"}) == count


@pytest.mark.parametrize("word", ["שלום", "مرحبا", "2024", "3rd", "", "—"])
def test_what_does_not_tell_its_vowels_has_no_count(word: str) -> None:
    assert syllables(word) is None
