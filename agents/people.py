"""Members as others point at them."""

from dataclasses import dataclass

from agents.turn import Turn
from feed_core.errors import Refusal
from feed_core.services import makers, members


@dataclass(eq=False)
class NothingMade(Refusal):
    """They have made nothing that who asked may see."""

    name: str
    code = "nothing_made"


async def maker(turn: Turn, account: str, name: str) -> str:
    """How an act takes whoever has this account on the turn's platform; `name` is shown of them.

    Raises:
        NothingMade: they are no member, or made nothing yet that may be seen.
    """
    async with turn.store.read() as view:
        known = await members.find_account(view, platform=turn.place.platform, external_id=account)
        if known is None or not await makers.made_something(
            view, known.member_id, reader=turn.reader
        ):
            raise NothingMade(name)
    return f"member {known.member_id}"
