"""Words typed where a creation's number is asked for: what they mean, or what they may mean."""

from collections.abc import Sequence
from contextlib import suppress

from pydantic import JsonValue

from agents.act import Act, Effect
from agents.answer import Call
from agents.finding import find
from agents.offers import LONGEST
from agents.parameters import Kind, Parameter
from agents.references import CreationRef
from agents.turn import Turn
from feed_core.errors import Refusal
from feed_core.services.sight import see


async def understood(turn: Turn, found: Act[object], call: Call, parameter: str) -> Call | None:
    """The call with numbers in place of the words, where each can mean one creation only.

    What others would see is not done on a guess: then it is asked about.
    """
    wanted = found.parameter(parameter)
    if wanted.kind is not Kind.CREATION or found.effect is Effect.PUBLISH:
        return None
    if _several(wanted, call.arguments[parameter]):
        return None
    numbers: list[JsonValue] = []
    for piece in _pieces(wanted, call.arguments[parameter]):
        if (number := _number(piece)) is None:
            meant = await find(turn, str(piece))
            if len(meant) != 1:
                return None
            number = meant[0]
        numbers.append(number)
    if not numbers:
        return None
    value: JsonValue = numbers if wanted.many else numbers[0]
    return Call(call.act, {**call.arguments, parameter: value})


async def candidates(
    turn: Turn, wanted: Parameter, typed: JsonValue
) -> list[tuple[str, JsonValue]]:
    """What the first of the words that are no number may mean: labels and values."""
    if several := _several(wanted, typed):
        return [(f"#{it} {title}"[:LONGEST], it) for it, title in await _seen(turn, several)]
    if wanted.kind is not Kind.CREATION:
        return []
    pieces = _pieces(wanted, typed)
    unclear = next((at for at, it in enumerate(pieces) if _number(it) is None), None)
    if unclear is None:
        return []
    meant = await find(turn, str(pieces[unclear]))
    offers: list[tuple[str, JsonValue]] = []
    for number, title in await _seen(turn, meant):
        value: list[JsonValue] = [*pieces[:unclear], number, *pieces[unclear + 1 :]]
        label = f"#{number} {title}"[:LONGEST]
        offers.append((label, value if wanted.many else number))
    return offers


async def _seen(turn: Turn, numbers: Sequence[int]) -> list[tuple[int, str]]:
    """Those that the member may see, with their titles."""
    found = []
    async with turn.store.read() as view:
        for number in numbers:
            with suppress(Refusal):
                found.append((number, (await see(view, number, reader=turn.reader)).title))
    return found


def _several(wanted: Parameter, typed: JsonValue) -> list[int]:
    """The creations that were named where one is wanted; none if it is not that."""
    if wanted.many or wanted.kind not in (Kind.CREATION, Kind.POST):
        return []
    numbers = [_number(it.strip()) for it in str(typed).split(",")]
    known = [it for it in numbers if it is not None]
    return known if len(known) == len(numbers) > 1 else []


def _pieces(wanted: Parameter, typed: JsonValue) -> Sequence[JsonValue]:
    if isinstance(typed, list):
        return typed
    if not wanted.many:
        return [typed]
    return [it.strip() for it in str(typed).split(",") if it.strip()]


def _number(piece: JsonValue) -> int | None:
    try:
        return CreationRef.read(piece).id
    except ValueError:
        return None
