"""What people say and feel below the posts of rooms that are bound to the feed."""

from collections import deque
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

import structlog

from agents.answer import Answer, Call
from agents.desk import Desk
from agents.feelings import feeling
from agents.turn import Parts, Place, Turn
from bridges.admission import Admission
from bridges.protocol import (
    Felt,
    Happening,
    Incoming,
    Moved,
    Posted,
    Presence,
    Reworded,
    Sender,
    Servers,
    Standing,
    Under,
)
from feed_core import worker
from feed_core.errors import Refusal
from feed_core.models.room_posts import RoomPost
from feed_core.models.rooms import Room
from feed_core.services import (
    binding,
    commenting,
    inbox,
    members,
    post_reactions,
    presence,
    room_posts,
    shown_cards,
)
from feed_core.services.post_reactions import Given
from feed_core.services.room_posts import Origin
from feed_core.services.shown_cards import Spot
from feed_core.services.sight import Reader
from feed_core.states import ReactionKind

REMEMBERED = 1_000  # messages that were deleted lately

logger = structlog.get_logger(__name__)


class Rooms:
    """Takes in what happens in rooms, for all platforms alike."""

    def __init__(self, parts: Parts, desk: Desk, admission: Admission) -> None:
        self._parts, self._desk, self._admission = parts, desk, admission
        # What is deleted at once may be gone before it was said.
        self._deleted: deque[tuple[str, str, str]] = deque(maxlen=REMEMBERED)

    async def hears(self, incoming: Incoming) -> bool:
        """Whether something that was not said to the bot concerns it: below a post, in a room that
        listens."""
        found = await self._under(incoming.place.platform, incoming.under)
        return found is not None and binding.of(found[1]).listening

    def was_deleted(self, incoming: Incoming) -> bool:
        """Whether its sender took a message away before it was said on a creation."""
        if incoming.under is None:
            return False
        place = incoming.place.platform, incoming.under.place_id
        return incoming.gone or (*place, incoming.message_id) in self._deleted

    async def listens(self, place: Place) -> bool:
        """Whether what people say to each other in this room may be read."""
        async with self._parts.store.read() as view:
            room = await members.find_room(
                view, platform=place.platform, external_id=place.room or place.id
            )
        return room is not None and binding.of(room).listening

    async def posts(self, platform: str) -> list[Posted]:
        """The cards that were posted lately in bound rooms of a platform, newest first."""
        async with self._parts.store.read() as view:
            found = await post_reactions.recent(view, platform=platform)
            return [
                Posted(Under(room.external_id, [post.message_id or ""]), room.server_id, view.now)
                for post, room in found
            ]

    async def comment(self, turn: Turn, incoming: Incoming) -> Answer | None:
        """Say on a creation what was said below its post, once; None when it was said elsewhere.

        Raises:
            Refusal: it is not shown, or not yet.
        """
        words = incoming.text.strip()
        if not words or words.startswith("/") or not incoming.message_id:
            return None
        found = await self._under(incoming.place.platform, incoming.under)
        if found is None:
            return None
        post, room = found
        assert room.id is not None
        origin = Origin(room.id, incoming.message_id)
        if self.was_deleted(incoming):
            await self._unsay(room, origin)  # it may have been said before a stop
            return Answer()
        # Without a row in the inbox: a stop in between is no reason to ask, it is said once anyway.
        here = replace(turn, origin=origin, room_id=room.id, inbox_id=None)
        call = Call("comment", {"creation": post.creation_id, "words": words})
        await self._desk.do(here, call)
        if self.was_deleted(incoming):
            await self._unsay(room, origin)
        return Answer()

    async def notice(self, happening: Happening) -> None:
        """Take in what nobody is answered for. Never raises."""
        try:
            match happening:
                case Felt():
                    await self._feel(happening)
                case Standing():
                    await self._compare(happening)
                case Reworded():
                    await self._reword(happening)
                case Moved(platform, before, after):
                    async with self._parts.store.work() as work:
                        await presence.moved(work, platform=platform, before=before, after=after)
                case Presence(platform, server_id, there):
                    change = presence.returned if there else presence.left
                    async with self._parts.store.work() as work:
                        await change(work, platform=platform, server_id=server_id)
                case Servers(platform, server_ids):
                    async with self._parts.store.work() as work:
                        await presence.only_in(work, platform=platform, server_ids=server_ids)
        except Refusal as refusal:
            logger.info("not_taken_in", kind=type(happening).__name__, code=refusal.code)
        except Exception:  # what happens next must still be taken in
            logger.exception("not_taken_in", kind=type(happening).__name__)

    async def _feel(self, felt: Felt) -> None:
        platform = felt.place.platform
        if felt.place.private:
            await self._feel_alone(felt)
            return
        found = await self._under(platform, felt.under, anywhere=True)
        if found is None or found[0].comment_id is not None:
            return
        post, room = found
        added = {it for emoji in felt.added if (it := feeling(emoji))}
        removed = {it for emoji in felt.removed if (it := feeling(emoji))} - added
        if removed:
            async with self._parts.store.work() as work:
                known = await members.find_account(
                    work, platform=platform, external_id=felt.sender.id
                )
                if known is not None:
                    given = [Given(known.id, kind) for kind in removed]
                    await post_reactions.take_back(work, post, given)
        if added:
            place = replace(felt.place, id=room.external_id, name="", parent="", parent_name="")
            await self._give(post, room, Incoming("", felt.sender, place), added)

    async def _feel_alone(self, felt: Felt) -> None:
        """Take in what somebody feels about a card in their own chat."""
        added = {it for emoji in felt.added if (it := feeling(emoji))}
        async with self._parts.store.work() as work:
            await shown_cards.feel(
                work,
                Spot(felt.place.platform, felt.under.place_id),
                felt.under.message_ids[0],
                account=felt.sender.id,
                added=added,
                removed={it for emoji in felt.removed if (it := feeling(emoji))} - added,
            )

    async def _give(
        self,
        post: RoomPost,
        room: Room,
        by: Incoming,
        kinds: Collection[ReactionKind],
        *,
        paced: bool = True,
    ) -> None:
        async with self._parts.store.work() as work:
            admitted = await self._admission.admit(work, by, paced=paced)
        async with self._parts.store.work() as work:
            account = await members.find_account(
                work, platform=room.platform, external_id=by.sender.id
            )
            assert account is not None
            reader = Reader(admitted.member_id, room.id)
            for kind in kinds:
                await post_reactions.give(
                    work, post, reader=reader, identity_id=account.id, kind=kind
                )

    async def _compare(self, seen: Standing) -> None:
        """Take in what stands on a card now, after a time in which nobody listened."""
        found = await self._under(seen.platform, seen.post.under)
        if found is None or found[0].comment_id is not None:
            return
        post, room = found
        said: dict[Sender, set[ReactionKind]] = {}
        for sender, emoji in seen.given:
            if kind := feeling(emoji):
                said.setdefault(sender, set()).add(kind)
        here: set[Given] = set()
        async with self._parts.store.read() as view:
            known = await post_reactions.known(view, post.id or 0)
            before = await post_reactions.known(view, post.id or 0, before=seen.post.at)
            accounts = {
                it: await members.find_account(view, platform=seen.platform, external_id=it.id)
                for it in said
            }
        place = Place(
            room.platform,
            room.external_id,
            private=False,
            open=room.public,
            server_id=room.server_id,
            server=room.server,
        )
        for sender, kinds in said.items():
            account = accounts[sender]
            if account is not None:
                here |= {Given(account.id, kind) for kind in kinds}
                kinds = {it for it in kinds if Given(account.id, it) not in known}
            if kinds:
                with suppress(Refusal):  # others' emoji count all the same
                    incoming = Incoming("", sender, place)
                    await self._give(post, room, incoming, kinds, paced=False)
        if seen.whole and before - here:
            async with self._parts.store.work() as work:
                await post_reactions.take_back(work, post, before - here)

    async def _reword(self, reworded: Reworded) -> None:
        found = await self._under(reworded.platform, reworded.under)
        if found is None or not found[0].born_here:
            if reworded.text is None:
                await self._remember_deleted(reworded.platform, reworded.under)
            return
        post, room = found
        assert room.id is not None
        assert post.comment_id is not None
        if reworded.text is None:
            await self._unsay(room, Origin(room.id, post.message_id or ""))
            return
        async with self._parts.store.read() as view:
            said = await room_posts.comment_of(view, Origin(room.id, post.message_id or ""))
        assert said is not None
        content = commenting.content(
            creation_id=post.creation_id, author_id=said.author_id, body=reworded.text
        )
        decision = await worker.judge(self._parts.check, content)
        async with self._parts.store.work() as work:
            await commenting.amend(
                work, comment_id=post.comment_id, checked=content, decision=decision
            )

    async def _unsay(self, room: Room, origin: Origin) -> None:
        async with self._parts.store.work() as work:
            said = await room_posts.comment_of(work, origin)
            if said is not None and said.id is not None:
                reader = Reader(said.author_id, room.id)
                await commenting.withdraw(work, comment_id=said.id, reader=reader)

    async def _under(
        self, platform: str, under: Under | None, *, anywhere: bool = False
    ) -> tuple[RoomPost, Room] | None:
        """The post below which something happened, in a bound room or `anywhere`."""
        if under is None:
            return None
        async with self._parts.store.read() as view:
            found = await room_posts.under(
                view,
                platform=platform,
                place_id=under.place_id,
                message_ids=under.message_ids,
            )
        return found if found is not None and (anywhere or found[1].bound) else None

    async def _remember_deleted(self, platform: str, under: Under) -> None:
        """What is being said this moment looks here; what a stop interrupts, at its row."""
        for it in under.message_ids:
            self._deleted.append((platform, under.place_id, it))
        async with self._parts.store.work() as work:
            await inbox.deleted(
                work, platform=platform, place_id=under.place_id, message_ids=under.message_ids
            )
