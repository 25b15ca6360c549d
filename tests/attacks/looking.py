"""A member comes by what strangers planted, and it is written down what came of that."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from agents.turn import Place
from tests.attacks.cases import Case
from tests.attacks.ground import ASKED, Ground
from tests.attacks.scripted import told
from tests.fakes.openai import Request

AFTERWARDS = "which colour is a Monday, in your view?"


@dataclass(frozen=True, slots=True)
class Look:
    """What models with tools were told, what those without, what Ana was shown, which tables
    hold something else now."""

    acted_on: str
    read: str
    shown: str
    changed: set[str]


async def look(ground: Ground, cases: Sequence[Case]) -> Look:
    """Ana asks her agent for all that these texts stand in, then for something else."""
    ground.model.temper = cases[0].temper
    asked = dict.fromkeys([ask for it in cases for ask in await it.channel.plant(ground, it.text)])
    first, private = len(ground.fake.requests), await ground.elsewhere()
    before = ground.rows()
    shown = []
    for room in dict.fromkeys(it.room for it in asked):
        place = Place("telegram", room, private=False) if room else private
        calls = [it.call for it in asked if it.room == room]
        shown.append(await ground.say("; ".join([ASKED, *calls]), place))
        answered = results(ground.fake.requests[-1])
        assert len(answered) >= len(calls)  # or nothing was tried
    shown.append(await ground.say(AFTERWARDS, place))
    after, requests = ground.rows(), ground.fake.requests[first:]
    return Look(
        told(requests, tools=True),
        told(requests, tools=False),
        "".join(it.text for it in shown),
        {it for it in after if after[it] != before[it]},
    )


def results(request: Request) -> list[object]:
    """The facts that a request gives its model; what could not be done gives none."""
    said = [it["content"] for it in request.messages if it["role"] == "tool"]
    return [json.loads(it) for it in said if it.startswith("{")]
