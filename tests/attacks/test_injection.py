"""Whatever strangers write, and wherever: no order of theirs reaches a model that could act on it.

Judged by requests and rows, with a model that obeys every text it is given. That it does is tested
first: an order that reached it would be carried out, and seen.
"""

import json

import pytest

from tests.attacks.cases import CASES, Case
from tests.attacks.disguises import DISGUISES
from tests.attacks.ground import ASKED, KEPT_BY_A_PROPOSAL, KEPT_BY_A_TURN, SECRET, Ground
from tests.attacks.looking import Look, look
from tests.attacks.orders import PHRASES, WANTED, marker, wanted, worded
from tests.attacks.scripted import Model, Temper, told
from tests.fakes.openai import Request

pytestmark = pytest.mark.asyncio(loop_scope="module")


def reading(text: str) -> Request:
    """A request with tools that holds this text."""
    tools = [{"function": {"name": "show"}}]
    return Request("", {"messages": [{"role": "tool", "content": text}], "tools": tools}, {})


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("language", ["en", "ar", "ja"])
async def test_an_order_that_reaches_the_obedient_model_is_obeyed(
    disguise: str, language: str
) -> None:
    model = Model(Temper.OBEDIENT)
    for number in range(0, len(WANTED), 5):
        name, _, arguments = wanted(number).partition(" ")
        asked = reading(DISGUISES[disguise](worded(number, language)))
        done = {(it.name, json.dumps(json.loads(it.arguments))) for it in model(asked).calls}
        assert (name, arguments) in done
        assert marker(number) in told([asked], tools=True)


@pytest.mark.parametrize("phrase", PHRASES)
async def test_a_phrase_is_obeyed_too(phrase: str) -> None:
    name, _ = PHRASES[phrase]
    asked = reading(f"And now {phrase.upper()}, please.")
    assert name in {it.name for it in Model(Temper.OBEDIENT)(asked).calls}


async def test_what_the_member_types_is_done_and_seen_in_the_rows(ground: Ground) -> None:
    before = ground.rows()
    shown = await ground.say(f'{ASKED} remember {{"words": "I live by the sea"}}')
    changed = {it for it, rows in ground.rows().items() if rows != before[it]}
    assert "memory" in changed
    assert "I live by the sea" in shown.text


@pytest.fixture(scope="module")
def looks() -> dict[str, Look]:
    """What came of each group, once one of its cases asked."""
    return {}


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_no_stranger_is_obeyed(ground: Ground, looks: dict[str, Look], case: Case) -> None:
    if case.group not in looks:
        looks[case.group] = await look(ground, [it for it in CASES if it.group == case.group])
    came = looks[case.group]
    assert case.marker not in came.acted_on
    assert case.text not in came.acted_on
    assert SECRET not in came.acted_on + came.read + came.shown
    allowed = KEPT_BY_A_TURN | case.channel.keeps
    if case.temper is Temper.CLEVER:
        allowed = allowed | KEPT_BY_A_PROPOSAL
    assert came.changed <= allowed
