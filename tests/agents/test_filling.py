"""What plain words say about an act's parameters."""

from pydantic import JsonValue

from agents.acts.listing import all_acts
from agents.filling import read_arguments
from tests.agents.world import World

TITLES = ["Rain on the tin roof", "The gutter", "Moth", "A haiku about cats", "The night harbour"]
RAIN, GUTTER, MOTH, CATS, HARBOUR = 1, 2, 3, 4, 5


CASES: list[tuple[str, str, dict[str, JsonValue]]] = [
    ("show", "show me number 4", {"creation": 4}),
    ("show", "open #12", {"creation": 12}),
    ("show", "let me see the rain one", {"creation": RAIN}),
    ("show", "I want to see the gutters", {"creation": GUTTER}),
    ("show", "show me the Moth", {"creation": MOTH}),
    ("show", "show me the one about nothing that is there", {}),
    ("show", "show it at 7:30 pm", {"creation": HARBOUR}),
    ("like", "I love number 12", {"creation": 12}),
    ("summarise", "what do people say on 3?", {"thread": 3}),
    (
        "remix",
        "remix 1 and 2 as an erasure poem",
        {"sources": [1, 2], "how": "as an erasure poem"},
    ),
    ("remix", "remix the rain one as a haiku", {"sources": [RAIN], "how": "as a haiku"}),
    ("remix", "make a haiku out of 4", {"sources": [4], "how": "make a haiku out of 4"}),
    (
        "remix",
        "remix 1, #2, 3 in the style of a letter",
        {"sources": [1, 2, 3], "how": "in the style of a letter"},
    ),
    (
        "remix",
        "mix the gutter and the moth into a song",
        {"sources": [GUTTER, MOTH], "how": "into a song"},
    ),
    (
        "remix",
        "remix the rain thread",
        {"sources": [RAIN], "thread": True, "how": "remix the rain thread"},
    ),
    (
        "remix",
        "remix 4 as a 5-7-5 haiku in 3 lines",
        {"sources": [4], "how": "as a 5-7-5 haiku in 3 lines"},
    ),
    ("visibility", "make number 6 private", {"creation": 6, "visibility": "only_me"}),
    ("visibility", "nobody but me should see 8", {"creation": 8, "visibility": "only_me"}),
    ("visibility", "mach Nummer 3 öffentlich", {"creation": 3, "visibility": "everyone"}),
    ("publish", "publish d1 for me", {"draft": "1"}),
    (
        "create",
        "publish this privately: all of it",
        {"words": "all of it", "visibility": "only_me"},
    ),
    ("remix", "remix something", {"how": "remix something"}),
    ("remember", "remember that I love haiku", {"words": "I love haiku"}),
    ("remember", "Please remember that I love haiku", {"words": "I love haiku"}),
    ("remember", "REMEMBER: two cats", {"words": "two cats"}),
    ("remember", "don't forget that I am left-handed", {"words": "I am left-handed"}),
    ("remember", "merk dir, dass ich Katzen liebe", {"words": "ich Katzen liebe"}),
    ("remember", "recuerda que me gusta el mar", {"words": "me gusta el mar"}),
    ("remember", "remember that", {}),
    ("meme", "make a meme: 3 cats / 2 dogs", {"words": "3 cats / 2 dogs"}),
    ("meme", "a meme of 4: me / also me", {"words": "me / also me", "creation": "4"}),
    (
        "meme",
        "make a meme with speech bubbles of #12: the choice / no",
        {"words": "the choice / no", "creation": "12", "template": "speech"},
    ),
    ("paint", "paint rain on a tin roof", {"prompt": "rain on a tin roof"}),
    ("paint", "can you paint a lighthouse", {"prompt": "a lighthouse"}),
    ("paint", "paint me a picture of the sea", {"prompt": "the sea"}),
    ("paint", "I want a picture of a cat", {"prompt": "a cat"}),
    ("paint", "generate something: desert at dusk", {"prompt": "desert at dusk"}),
    ("create", "publish this: The kettle: it sings", {"words": "The kettle: it sings"}),
    ("create", "here you go: wet leaves", {"words": "wet leaves"}),
    ("create", "publish this poem of mine", {}),
    (
        "comment",
        "comment on 4: what a lovely line",
        {"creation": 4, "words": "what a lovely line"},
    ),
    (
        "comment",
        "tell the maker of 12 that it made me laugh",
        {"creation": 12, "words": "it made me laugh"},
    ),
    ("comment", "reply to 7: I counted 3 birds", {"creation": 7, "words": "I counted 3 birds"}),
    ("comment", "comment on 4", {"creation": 4}),
    ("publish", "yes, publish d2", {"draft": "2"}),
    ("publish", "publish it", {}),
    ("edit", "edit my draft", {}),
    ("edit", "edit number 12: so it goes", {"piece": "#12", "words": "so it goes"}),
    (
        "create",
        "publish this: only me and everyone, a meme",
        {"words": "only me and everyone, a meme"},
    ),
    ("edit", "edit d1: The kettle: it hums", {"piece": "d1", "words": "The kettle: it hums"}),
    ("restore", "restore 2", {"draft": "2"}),
    ("forget", "forget m3", {"memory": "3"}),
    ("forget", "forget that", {}),
    ("digest set", "digest at 7:30 on weekdays", {"when": "digest at 7:30 on weekdays"}),
    (
        "digest set",
        "send it to Telegram at 8",
        {"where": "telegram", "when": "send it to Telegram at 8"},
    ),
    ("link", "link my Discord", {}),
    ("link", "my link code is AB12-CD34", {"code": "AB12-CD34"}),
    ("feed", "show my feed 3", {}),
    ("mine", "what did I publish?", {}),
]


async def test_the_words_fill_the_parameters(world: World) -> None:
    ana = await world.join("Ana")
    for title in TITLES:
        await world.do(ana, "create", words=title)
    acts = all_acts()

    for act, text, expected in CASES:
        found = acts.get(act)
        assert found is not None
        call = await read_arguments(ana, found, text)
        assert {name: it for name, it in call.arguments.items() if it} == expected, text


async def test_where_several_may_be_meant_the_words_are_left_to_be_asked_about(
    world: World,
) -> None:
    ana = await world.join("Ana")
    for title in ("Rain in May", "Rain in June", "Snow"):
        await world.do(ana, "create", words=title)
    show = all_acts().get("show")
    assert show is not None
    assert (await read_arguments(ana, show, "show rain in May")).arguments == {"creation": 1}
    unclear = await read_arguments(ana, show, "show the rain one")
    assert unclear.arguments == {"creation": "show the rain one"}

    asked = await world.desk.do(ana, unclear)

    assert (asked.text, asked.private) == ("Which one do you mean?", True)
    labels = [it.label for it in asked.buttons]
    assert labels == ["#2 Rain in June", "#1 Rain in May", "Other…"]
    shown = await world.press(ana, asked, "#1 Rain in May")
    assert [it.ref for it in shown.cards] == ["#1"]


async def test_what_one_may_not_see_is_not_found_by_its_title(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await world.do(ana, "draft", words="Zebra")
    show = all_acts().get("show")
    assert show is not None
    assert (await read_arguments(ben, show, "show the zebra")).arguments == {}
