import pytest

from feed_core.models.memories import MemoryKind
from memory.likeness import overlap, same_claim
from memory.statements import own_words, slot_of, statements
from memory.words import stems

FACT, TASTE = MemoryKind.FACT, MemoryKind.TASTE


@pytest.mark.parametrize(
    ("said", "kind", "slot"),
    [
        ("I love haiku", TASTE, "taste haiku"),
        ("I really don't like haiku any more!", TASTE, "taste haiku"),
        ("I can't stand rhymes", TASTE, "taste rhym"),
        ("my favourite colour is blue", TASTE, "favourite colour"),
        ("I'm a nurse in Porto", FACT, "am"),
        ("I work as a teacher in Graz", FACT, "job"),
        ("my daughter is called Mio", FACT, "called daughter"),
        ("no, my daughter is not Mia but Mio", FACT, "called daughter"),
        ("Actually I moved to Lisbon.", FACT, "home"),
        ("I no longer live in Porto", FACT, "home"),
        ("I am 34", FACT, "age"),
        ("I play the piano", FACT, ""),
        ("I'm allergic to nuts", FACT, "am"),
        ("ich wohne in Köln", FACT, "home"),
        ("meine Tochter heißt Mia", FACT, "called tochter"),
        ("ich mag keinen Tee", TASTE, "taste tee"),
        ("ich trinke gern Tee", TASTE, "taste tee"),
        ("mein Lieblingstier ist die Katze", TASTE, "favourite tier"),
        ("me gusta la lluvia", TASTE, "taste lluvia"),
        ("ya no vivo en Madrid", FACT, "home"),
        ("mi hija se llama Ana", FACT, "called hija"),
        ("j'habite à Lyon", FACT, "home"),
        ("j'adore le jazz", TASTE, "taste jazz"),
        ("私は東京に住んでいます", FACT, "home"),
        ("猫が大好きです", TASTE, "taste 猫"),
        ("娘の名前はミオです", FACT, "called 娘"),
    ],
)
def test_what_people_say_of_themselves_is_found(said: str, kind: MemoryKind, slot: str) -> None:
    (claim,) = statements(said)
    assert (claim.kind, claim.slot) == (kind, slot)
    assert claim.text in said
    assert slot_of(claim.text) == slot


@pytest.mark.parametrize(
    "said",
    [
        *("do you think I love haiku?", "コーヒーは好きですか", "I would love a poem"),
        *("if I lived in Rome, I'd paint", "I love the rain one", "I like #3", "I love it"),
        *("I want to start a jam", "I'm a bit tired", "I have a question about 12", "I love you"),
        *("> I live in Paris", 'she said "I live in Paris"', "```\nI live in Paris\n```"),
        *("“I live in Paris” is a fine title", "please publish my poem", "I like this", "remix 3"),
        *("draft: I love rain", "show my feed", "x" * 5_000),
        *("maybe I live in a dream", "vielleicht mag ich Tee", "", "🎈", "I I I I", "my", "私"),
    ],
)  # fmt: skip
def test_what_they_ask_wish_or_quote_is_not(said: str) -> None:
    assert statements(said) == []


def test_several_things_said_at_once_are_told_apart() -> None:
    said = "Hi! I live in Lisbon and I love rain. I hate spiders, my dog is called Rex! Is it late?"
    assert [it.text for it in statements(said)] == [
        *("I live in Lisbon", "I love rain", "I hate spiders", "my dog is called Rex"),
    ]
    assert len(statements("I love rain. " * 500)) == 8


def test_corrections_are_known_as_such() -> None:
    for said in ("Actually I live in Rome", "ich wohne jetzt in Bonn", "ahora vivo en Vigo"):
        assert statements(said)[0].corrects
    assert not statements("I live in Rome")[0].corrects


def test_ones_own_words_are_what_is_not_quoted() -> None:
    said = own_words('my friend wrote:\n> I live in Paris\nand "I hate tea". I love it.')
    assert "Paris" not in said
    assert "hate" not in said
    assert "I love it" in said


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("I love short haiku poems", "I like short haiku poems", True),
        ("I love haiku poems", "I don't love haiku poems", False),
        ("ich mag Tee", "ich mag keinen Tee", False),
        ("I have two cats", "I have 2 cats", True),
        ("I have two cats", "I have three cats", False),
        ("I am 34", "I am 35", False),
    ],
)
def test_claims_that_differ_in_a_negation_or_a_number_are_not_one(
    one: str, other: str, same: bool
) -> None:
    assert (same_claim(one, other) and overlap(set(stems(one)), set(stems(other)))) is same
