"""One try to send what is owed: when it is claimed, and what comes of it."""

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from bridges.pace import Pace
from bridges.protocol import Bridge, HoldsBack, NotOwed, Part
from feed_core.errors import Gone, MessageGone, Unavailable, Unknown
from feed_core.models.deliveries import Delivery
from feed_core.services import deliveries, members, presence
from feed_core.services.outstanding import Owed
from feed_core.states import DeliveryKind, DeliveryState
from feed_core.store import Work

Render = Callable[[Delivery], Awaitable[Part | None]]
Settle = Callable[[Work, int], Awaitable[None]]
Outcome = Settle | str  # what is written down, or under which id it arrived

logger = structlog.get_logger(__name__)


class Attempt:
    """One delivery on its way through a bridge."""

    def __init__(
        self,
        bridge: Bridge,
        render: Render,
        pace: Pace,
        owed: Owed,
        claim: Callable[[Owed], Awaitable[bool]],
    ) -> None:
        """`claim` marks it as being sent, and says whether it was still owed."""
        self._bridge, self._render, self._pace = bridge, render, pace
        self._owed, self._delivery, self._claim = owed, owed.delivery, claim
        self._part: Part | None = None
        self._known: Outcome | None = None  # what comes of it, where nothing has to be sent
        self._claimed: bool | None = None

    async def prepare(self) -> None:
        """Render it, before it is claimed: a stop meanwhile leaves no doubt whether it was sent."""
        if self._owed.place is None:
            self._known = _failed("nowhere to send it")
        elif self._owed.edits is None:
            try:
                self._part = await self._render(self._delivery)
            except Exception:
                logger.exception("not_rendered", delivery_id=self._delivery.id)
                self._known = partial(deliveries.not_taken, problem="not rendered")
            else:
                self._known = None if self._part is not None else _failed("nothing left")

    async def make(self) -> Outcome | None:
        """Claim and send it; None when it was owed no more."""
        place, part, edits = self._owed.place, self._part, self._owed.edits
        late = isinstance(self._bridge, HoldsBack) and part is not None
        if not late and not await self._go():
            return None
        if self._known is not None or place is None:
            return self._known
        if edits is not None:
            return await self._edit(place, edits)
        assert part is not None
        try:
            outcome = await self._send(place, part)
        except NotOwed:
            return None
        return outcome if await self._go() else None

    async def _go(self) -> bool:
        """Claim it, once; whether it may be sent."""
        if self._claimed is None:
            self._claimed = await self._claim(self._owed)
        return self._claimed

    async def _may_go(self) -> None:
        if not await self._go():
            raise NotOwed

    async def _edit(self, place: str, message_id: str) -> Outcome:
        # Rendered after it is claimed: what changes from now on is owed anew.
        delivery = self._delivery
        try:
            part = await self._render(delivery)
            if part is None and delivery.kind != DeliveryKind.REMOVED:
                return _failed("nothing left")
            async with asyncio.timeout(self._pace.limit):
                await self._bridge.edit(place, message_id, part, under=self._owed.under)
        except Gone:
            return partial(_gone, delivery=delivery)
        except MessageGone as gone:
            return _failed(gone.code)
        except Unavailable as outage:
            return partial(deliveries.not_taken, problem=outage.code)
        except TimeoutError:
            return partial(deliveries.not_taken, problem="no answer")
        except Exception:
            logger.exception("not_edited", delivery_id=delivery.id)
            return partial(deliveries.not_taken, problem="not edited")
        return message_id

    async def _send(self, place: str, part: Part) -> Outcome:
        delivery = self._delivery
        maybe_taken = False
        for pause in (*(self._pace.repeats if self._bridge.repeatable else ()), None):
            try:
                async with asyncio.timeout(self._pace.limit):
                    return await self._post(place, part)
            except NotOwed:
                raise
            except Gone:
                return partial(_gone, delivery=delivery)
            except MessageGone as gone:
                return _failed(gone.code)
            except (Unknown, TimeoutError):
                maybe_taken = True
            except Unavailable as outage:
                if not maybe_taken:
                    return partial(deliveries.not_taken, problem=outage.code)
            except Exception:
                logger.exception("bridge_stumbled", delivery_id=delivery.id)
                maybe_taken = True
            if pause is not None:
                await asyncio.sleep(pause)
        if not self._claimed:  # it was held back all the time
            return partial(deliveries.not_taken, problem="no answer")
        logger.warning("unknown_whether_sent", delivery_id=delivery.id)
        return partial(deliveries.ended, state=DeliveryState.UNKNOWN, problem="no answer")

    async def _post(self, place: str, part: Part) -> str:
        key, under = key_of(self._delivery), self._owed.under
        if isinstance(self._bridge, HoldsBack):
            return await self._bridge.send_late(
                place, part, key=key, under=under, may_go=self._may_go
            )
        return await self._bridge.send(place, part, key=key, under=under)


def key_of(delivery: Delivery) -> str:
    """The delivery's key on its platform: always the same, 22 characters."""
    return urlsafe_b64encode(delivery.uid.bytes).rstrip(b"=").decode()


def _failed(problem: str) -> Settle:
    return partial(deliveries.ended, state=DeliveryState.FAILED, problem=problem)


async def _gone(work: Work, delivery_id: int, *, delivery: Delivery) -> None:
    await deliveries.ended(work, delivery_id, state=DeliveryState.FAILED, problem=Gone.code)
    if delivery.identity_id is not None:
        await members.lost(work, identity_id=delivery.identity_id)
    if delivery.room_id is not None:
        await presence.lost(work, delivery.room_id)
