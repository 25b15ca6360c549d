"""Questions that members ask about themselves are told from all others."""

import pytest

from memory.own_questions import read
from memory.statements import statements


@pytest.mark.parametrize(
    ("question", "slot"),
    [
        ("where do I live?", "home"),
        ("Do you still remember where I live?", "home"),
        ("which city do I live in", "home"),
        ("Weißt du noch, wo ich wohne?", "home"),
        ("Wo wohne ich?", "home"),
        ("¿Dónde vivo?", "home"),
        ("donde vivo", "home"),
        ("Où est-ce que j'habite ?", "home"),
        ("どこに住んでいますか", "home"),
        ("私はどこに住んでる？", "home"),
        ("what's my job?", "job"),
        ("where do I work?", "job"),
        ("was mache ich beruflich?", "job"),
        ("¿a qué me dedico?", "job"),
        ("私の仕事は何ですか", "job"),
        ("what is my name?", "name"),
        ("wie heiße ich?", "name"),
        ("¿cómo me llamo?", "name"),
        ("私の名前は？", "name"),
        ("how old am I?", "age"),
        ("when is my birthday?", "birthday"),
        ("wann habe ich Geburtstag?", "birthday"),
        ("誕生日はいつですか", "birthday"),
        ("what's my favourite colour?", "favourite colour"),
        ("was ist meine Lieblingsfarbe?", "favourite farb"),
        ("¿cuál es mi color favorito?", "favourite color"),
        ("what is the name of my dog?", "called dog"),
        ("wie heißt mein Hund?", "called hund"),
        ("¿cómo se llama mi gato?", "called gato"),
        ("do I like tea?", "taste tea"),
    ],
)
def test_a_question_about_oneself_names_what_answers_it(question: str, slot: str) -> None:
    asked = read(question)
    assert asked is not None
    assert asked.slot == slot


@pytest.mark.parametrize(
    "other",
    [
        "where does Ana live?",
        "what is my agent called?",
        "what's my favourite creation?",
        "do I have any drafts?",
        "what do I like about 12?",
        "what do you know about me?",
        "what is new?",
        "who are you?",
        "I live in Lisbon",
        "never remember where I live",
        "write a poem about where I live",
        "where do I find my drafts?",
        "wie heißt mein Agent?",
        "",
        "?" * 300,
    ],
)
def test_what_asks_for_something_else_is_left_alone(other: str) -> None:
    assert read(other) is None


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("my favourite colour is teal", "what is my favourite colour?"),
        ("meine Lieblingsfarbe ist Blau", "was ist meine Lieblingsfarbe?"),
        ("mi color favorito es el verde", "¿cuál es mi color favorito?"),
        ("my cat is called Miso", "what's my cat's name?"),
        ("ich wohne in Köln", "wo wohne ich?"),
        ("大阪に住んでいます", "どこに住んでいますか"),
    ],
)
def test_what_was_said_and_what_is_asked_meet_in_one_slot(said: str, question: str) -> None:
    asked = read(question)
    assert asked is not None
    assert [it.slot for it in statements(said)] == [asked.slot]


def test_an_animal_answers_to_what_it_is_and_to_pet() -> None:
    cat, pet, dog = (read(f"what is my {it} called?") for it in ("cat", "pet", "dog"))
    assert cat is not None
    assert pet is not None
    assert dog is not None
    told = {"slot": "have", "text": "I have a cat"}
    assert cat.nearly(**told)
    assert pet.nearly(**told)
    assert not dog.nearly(**told)
    assert not pet.nearly(slot="home", text="I live in a cat sanctuary")
