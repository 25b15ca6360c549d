from enum import StrEnum
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from agents.act import Act, Acts, Effect, act
from agents.acts.create import remix
from agents.acts.listing import all_acts
from agents.answer import Answer, Call
from agents.parameters import MOST, Doc, Kind
from agents.references import LARGEST, CreationRef, DraftRef, MemoryRef
from agents.turn import Turn
from feed_core.errors import BadArgument, MissingArgument


class Flavour(StrEnum):
    SWEET = "sweet"
    SOUR = "sour"


@act("bake", effect=Effect.OWN, examples=["bake <a cake>", "an oven please"])
async def bake(
    turn: Turn,
    what: Annotated[str, Doc("what to bake")],
    pieces: Annotated[int, Doc("how many")] = 1,
    flavour: Annotated[Flavour, Doc("how it tastes")] = Flavour.SWEET,
    hot: Annotated[bool, Doc("served hot")] = False,
    of: Annotated[list[CreationRef], Doc("made of these")] = [],  # noqa: B006  # never written to
) -> Answer:
    """Bake something."""
    return Answer(text=what)


def made(parameters: str) -> Act[Any]:
    names: dict[str, Any] = {"Annotated": Annotated, "Doc": Doc, "Turn": Turn, "Answer": Answer}
    names |= {"list": list, "dict": dict}
    exec(f"async def f(turn: Turn, {parameters}) -> Answer:\n    'Do it.'", names)
    built: Act[Any] = act("do", effect=Effect.READ, examples=[])(names["f"])
    return built


def test_the_signature_is_the_whole_description() -> None:
    kinds = {it.name: (it.kind, it.required, it.many) for it in bake.parameters}
    assert kinds == {
        "what": (Kind.TEXT, True, False),
        "pieces": (Kind.NUMBER, False, False),
        "flavour": (Kind.CHOICE, False, False),
        "hot": (Kind.SWITCH, False, False),
        "of": (Kind.CREATION, False, True),
    }
    assert bake.summary == "Bake something."
    assert bake.parameter("flavour").choices == ("sweet", "sour")
    assert bake.examples == ["bake a cake", "an oven please"]
    assert bake.leads == ["bake"]


def test_the_json_schema_tells_a_model_types_words_and_what_is_needed() -> None:
    schema = remix.schema
    assert schema["required"] == ["sources"]
    assert schema["additionalProperties"] is False
    sources = schema["properties"]["sources"]
    assert sources["items"] == {"type": "integer", "minimum": 1}
    assert (sources["minItems"], sources["maxItems"]) == (1, MOST)
    assert all(it["description"] for it in schema["properties"].values())


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("1, #2 and 3", [1, 2, 3]),
        ("1,2", [1, 2]),
        ("1 2  3", [1, 2, 3]),
        ("#7", [7]),
        ("4 AND 5 und 6 y 7", [4, 5, 6, 7]),
        ("8 & 9 + 10; 11", [8, 9, 10, 11]),
        (5, [5]),
        ([1, "#2"], [1, 2]),
        ("https://discord.com/channels/1/2/33", [33]),
    ],
)
def test_a_list_is_read_however_it_is_typed(typed: JsonValue, numbers: list[int]) -> None:
    assert remix.parse({"sources": typed})["sources"] == [CreationRef(it) for it in numbers]


@pytest.mark.parametrize("typed", ["", " , ", []])
def test_an_empty_list_is_a_missing_argument(typed: JsonValue) -> None:
    with pytest.raises(MissingArgument) as missing:
        remix.parse({"sources": typed})
    assert missing.value.parameter == "sources"


@pytest.mark.parametrize(
    ("arguments", "parameter"),
    [
        ({"sources": "rain"}, "sources"),
        ({"sources": "1, rain"}, "sources"),
        ({"sources": 0}, "sources"),
        ({"sources": -3}, "sources"),
        ({"sources": True}, "sources"),
        ({"sources": None}, "sources"),
        ({"sources": 1.5}, "sources"),
        ({"sources": LARGEST + 1}, "sources"),
        ({"sources": {"id": 1}}, "sources"),
        ({"sources": list(range(1, MOST + 2))}, "sources"),
        ({"sources": 1, "how": 7}, "how"),
        ({"sources": 1, "how": None}, "how"),
        ({"sources": 1, "thread": "perhaps"}, "thread"),
        ({"sources": 1, "turn": {"member_id": 2}}, "turn"),
        ({"sources": 1, "runtime": None}, "runtime"),
    ],
)
def test_what_cannot_be_read_is_named(arguments: dict[str, JsonValue], parameter: str) -> None:
    with pytest.raises(BadArgument) as bad:
        remix.parse(arguments)
    assert bad.value.parameter == parameter
    assert bad.value.act == "remix"


@given(
    st.one_of(
        st.text(),
        st.integers(),
        st.floats(),
        st.booleans(),
        st.none(),
        st.lists(st.text()),
        st.binary(),
    )
)
def test_any_value_is_a_reference_or_a_refusal(value: Any) -> None:
    for kind in (CreationRef, DraftRef, MemoryRef):
        try:
            assert 1 <= kind.read(value).id <= LARGEST
        except ValueError as refused:
            assert kind.what in str(refused)


def test_half_a_surrogate_pair_is_replaced_since_no_database_takes_it() -> None:
    assert remix.parse({"sources": 1, "how": "a\ud83dz"})["how"] == "a?z"


def test_each_kind_of_number_is_read_with_its_own_letter_only() -> None:
    assert (DraftRef.read("d3"), MemoryRef.read("M4"), str(DraftRef(3))) == (
        DraftRef(3),
        MemoryRef(4),
        "d3",
    )
    for kind, typed in ((DraftRef, "m3"), (MemoryRef, "d3"), (CreationRef, "d3"), (DraftRef, "#3")):
        with pytest.raises(ValueError, match="by its number"):
            kind.read(typed)


def test_a_stored_call_holds_what_was_given_and_reads_back_as_the_same() -> None:
    call = remix.call([CreationRef(3), CreationRef(4)], how="as a haiku")
    assert call == Call("remix", {"sources": [3, 4], "how": "as a haiku"})
    assert remix.parse(call.arguments)["sources"] == [CreationRef(3), CreationRef(4)]


@pytest.mark.parametrize(
    "parameters",
    [
        "it: Annotated[dict, Doc('x')]",
        "it: Annotated[str | int, Doc('x')] = 1",
        "it: Annotated[str | int | None, Doc('x')] = None",
        "it: Annotated[str | None, Doc('x')] = 'x'",
        "it: Annotated[list[dict], Doc('x')]",
        "it: Annotated[float, Doc('x')]",
    ],
)
def test_a_type_that_no_face_can_ask_for_is_refused_when_the_act_is_made(parameters: str) -> None:
    with pytest.raises(TypeError, match="no face"):
        made(parameters)


@pytest.mark.parametrize(
    "parameters",
    [
        "it: str",
        f"it: Annotated[str, Doc('{'x' * 101}')]",
        "runtime: Annotated[str, Doc('x')]",
        "model_x: Annotated[str, Doc('x')]",
        "Big: Annotated[str, Doc('x')]",
        ", ".join(f"a{n}: Annotated[str, Doc('x')]" for n in range(26)),
    ],
)
def test_what_the_narrowest_platform_cannot_show_is_refused(parameters: str) -> None:
    with pytest.raises(ValueError, match="do"):
        made(parameters)


@pytest.mark.parametrize("name", ["", "Remix", "a b c", "x-y", "ä", "a" * 33])
def test_an_act_has_one_or_two_small_words_for_a_name(name: str) -> None:
    with pytest.raises(ValueError, match="small letters"):
        act(name, effect=Effect.READ, examples=[])(bake.function)


def test_two_acts_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="one name"):
        Acts([bake, bake])


def test_every_act_fits_its_faces() -> None:
    acts = list(all_acts())
    assert len(acts) > 25
    for it in acts:
        assert len(it.examples) >= 3, it.name
        assert all(example == example.strip() for example in it.examples)
    tools = [it.name.replace(" ", "_") for it in acts]
    assert len(set(tools)) == len(tools)
    by_hand = {it.name for it in acts if it.effect is Effect.ACCOUNT}
    assert by_hand == {
        *("link", "unlink", "agent leash", "agent resume"),
        *("invite", "invitations"),
        *("data export", "data erase"),
    }
