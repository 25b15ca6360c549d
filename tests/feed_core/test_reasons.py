"""Every reason is true, and its count is what anybody would count."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from sqlmodel import col, select

from feed_core.because import Because
from feed_core.bus import Bus
from feed_core.models.creations import Creation, Edge
from feed_core.models.curation import Bookmark, Follow, Followed, Opinion, Wanted
from feed_core.models.reactions import Comment, Reaction
from feed_core.models.threads import ThreadEntry
from feed_core.services import curation, personal, reactions, seen
from feed_core.services.curation import Subject
from feed_core.services.live import Live
from feed_core.services.reasons import MANY, NEW, Reason
from feed_core.services.recipes import FOR_YOU
from feed_core.services.seen import START
from feed_core.services.sight import Reader
from feed_core.services.tagging import tag_of
from feed_core.services.timeline import Item
from feed_core.store import Store, View
from tests.fakes.clock import FixedClock
from tests.fakes.community import join, opened
from tests.fakes.meaning import FirstWords
from tests.feed_core.pieces import of, put, remark

TITLES = ("Rain", "Fog", "Salt", "Soup", "Comet", "Moss")
TAGS = ("haiku", "sea", "Night")


class Community:
    """People who do things at random, and what they then see."""

    def __init__(self, store: Store, bus: Bus, clock: FixedClock, seed: int) -> None:
        self.store, self.clock = store, clock
        self.rng = np.random.default_rng(seed)
        self.live = Live(store, FirstWords(store))
        bus.subscribe(self.live.hear)
        self.members: list[int] = []
        self.pieces: list[int] = []

    async def live_on(self, steps: int) -> None:
        """So many things happen, one after the other."""
        for name in range(9):
            self.members.append((await join(self.store, f"member {name}"))[0])
        for _ in range(6):
            await self.create(self.one(self.members))
        for _ in range(steps):
            self.clock.go_on(timedelta(hours=float(self.rng.exponential(2.0))))
            await self.something(self.one(self.members))

    def one(self, among: Sequence[int]) -> int:
        return int(among[int(self.rng.integers(len(among)))])

    async def create(self, member: int) -> None:
        title = f"{TITLES[self.rng.integers(len(TITLES))]} {len(self.pieces)}"
        tags = [it for it in TAGS if self.rng.random() < 0.3]
        sources = of(self.one(self.pieces)) if self.pieces and self.rng.random() < 0.3 else None
        self.pieces.append(await put(self.store, member, title, tags=tags, sources=sources))

    async def something(self, member: int) -> None:
        piece, reader = self.one(self.pieces), Reader(member)
        what = self.rng.random()
        if what < 0.25:
            return await self.create(member)
        if what < 0.4:
            page = await self.page(member, limit=4)
            ids = [it.creation.id or 0 for it in page]
            async with self.store.work() as work:
                await seen.note(work, ids, member_id=member)
            return None
        async with self.store.work() as work:
            if what < 0.6:
                await reactions.react(work, creation_id=piece, reader=reader)
            elif what < 0.7:
                await curation.save(work, creation_id=piece, reader=reader)
            elif what < 0.8:
                await remark(work, creation_id=piece, reader=reader, body="oh")
            elif what < 0.85:
                wanted = list(Wanted)[self.rng.integers(3)]
                await curation.want(work, creation_id=piece, reader=reader, wanted=wanted)
            elif what < 0.88:
                (await work.db.get_one(Creation, piece)).edited_at = work.now
            else:
                maker = (await work.db.get_one(Creation, piece)).author_id
                subjects = [
                    Subject(Followed.THREAD, str(piece)),
                    Subject(Followed.TAG, TAGS[self.rng.integers(3)]),
                    *([Subject(Followed.MEMBER, str(maker))] if maker != member else []),
                ]
                subject = subjects[self.rng.integers(len(subjects))]
                await curation.follow(work, subject=subject, reader=reader)
        return None

    async def page(self, member: int, *, limit: int = 30) -> Sequence[Item]:
        window = await self.live.window()
        async with self.store.read() as view:
            found = await personal.page(
                view, window, reader=Reader(member), recipe=FOR_YOU, limit=limit
            )
        return found.items


class Witness:
    """Counts again, in the plainest way, what a reason says."""

    def __init__(self, view: View, member: int) -> None:
        self.view, self.me = view, member

    async def agrees(self, item: Item) -> bool:
        piece, why = item.creation, item.reason
        looked = await self.looked(piece.id or 0)
        match why.kind:
            case Because.LATER:
                return False  # no feed puts anything off
            case Because.OWN:
                return piece.author_id == self.me
            case Because.EDITED:
                known = piece.author_id == self.me  # their own edits are no news to them
                return bool(not known and piece.edited_at and looked and looked < piece.edited_at)
            case Because.TALKED_ABOUT:
                return looked is not None and why.count == len(
                    [it for it in await self.comments(piece) if it.created_at > looked]
                )
            case Because.REMIXED:
                made = [
                    it
                    for it in await self.descendants(piece)
                    if it.author_id != self.me and looked and it.created_at > looked
                ]
                return (why.subject, why.count) == (max(it.id or 0 for it in made), len(made))
            case Because.REMIX_OF_YOURS:
                own = [it.id for it in await self.parents(piece) if it.author_id == self.me]
                return why.subject in own and why.count == len(own)
            case Because.FOLLOWED:
                follows = await self.follows(Followed.MEMBER)
                return why == Reason(Because.FOLLOWED, piece.author_id, 1) and (
                    str(piece.author_id) in follows
                )
            case Because.FOLLOWED_THREAD:
                threads = {str(it) for it in await self.threads(piece)}
                found = threads & await self.follows(Followed.THREAD)
                return str(why.subject) in found and why.count == len(found)
            case Because.FOLLOWED_TAG:
                tags = {tag_of(it) for it in piece.tags} & await self.follows(Followed.TAG)
                return why.tag in tags and why.count == len(tags)
            case Because.MORE_LIKE:
                return why.subject in {it.id for it in await self.wanted_more()} and why.count >= 1
            case Because.SAVED:
                kept = [it for it in await self.kept() if it.author_id == piece.author_id]
                kept = [it for it in kept if it.id != piece.id]
                if why.tag:
                    assert why.tag in map(tag_of, piece.tags)
                    kept = [it for it in kept if why.tag in map(tag_of, it.tags)]
                return why.subject == piece.author_id and why.count == len(kept)
            case Because.MAKER_YOU_LIKE:
                liked = [it for it in await self.liked() if it.author_id == piece.author_id]
                return why.subject == piece.author_id and why.count == len(liked)
            case Because.LIKE_WHAT_YOU_LIKE:
                told = [*await self.liked(), *await self.kept(), *await self.talked()]
                word = piece.title.split()[0]
                alike = {
                    it.id
                    for it in [*told, *await self.wanted_more()]
                    if it.title.split()[0] == word and it.author_id != self.me
                }
                return why.subject in alike and why.count == len(alike)
            case Because.KINDRED:
                return 1 <= why.count <= len(await self.others_who_like(piece))
            case Because.SURPRISE:
                return looked is None
            case Because.LIKED_BY_MANY:
                return why.count == item.likes >= MANY
            case Because.FRESH:
                return piece.published_at is not None and (
                    self.view.now - piece.published_at <= NEW
                )
            case Because.UNSEEN:
                return looked is None
            case Because.THERE:
                return False  # a feed has a better one

    async def looked(self, creation_id: int) -> datetime | None:
        moments = []
        shown = (await seen.of(self.view, self.me)).when(np.array([creation_id]))[0]
        if shown:
            moments.append(START + timedelta(microseconds=int(shown)))
        for table, member in (
            (Reaction, Reaction.member_id),
            (Bookmark, Bookmark.member_id),
            (Opinion, Opinion.member_id),
            (Comment, Comment.author_id),
        ):
            moments += await self.view.db.exec(
                select(table.created_at).where(table.creation_id == creation_id, member == self.me)
            )
        return max(moments, default=None)

    async def comments(self, piece: Creation) -> list[Comment]:
        found = select(Comment).where(Comment.creation_id == piece.id, Comment.author_id != self.me)
        return list(await self.view.db.exec(found))

    async def descendants(self, piece: Creation) -> list[Creation]:
        found = {piece.id or 0}
        grown = set(found)
        while grown:
            edges = select(Edge.child_id).where(col(Edge.parent_id).in_(grown))
            grown = set(await self.view.db.exec(edges)) - found
            found |= grown
        wanted = select(Creation).where(col(Creation.id).in_(found - {piece.id}))
        return list(await self.view.db.exec(wanted))

    async def parents(self, piece: Creation) -> list[Creation]:
        edges = select(Edge.parent_id).where(Edge.child_id == piece.id)
        return list(await self.view.db.exec(select(Creation).where(col(Creation.id).in_(edges))))

    async def follows(self, kind: Followed) -> set[str]:
        wanted = select(Follow.subject).where(Follow.member_id == self.me, Follow.kind == kind)
        return set(await self.view.db.exec(wanted))

    async def threads(self, piece: Creation) -> set[int]:
        wanted = select(ThreadEntry.thread_id).where(ThreadEntry.creation_id == piece.id)
        return {piece.id or 0, *await self.view.db.exec(wanted)}

    async def wanted_more(self) -> list[Creation]:
        wanted = select(Creation).join(Opinion, col(Opinion.creation_id) == col(Creation.id))
        mine = wanted.where(Opinion.member_id == self.me, Opinion.wanted == Wanted.MORE)
        return list(await self.view.db.exec(mine))

    async def kept(self) -> list[Creation]:
        wanted = select(Creation).join(Bookmark, col(Bookmark.creation_id) == col(Creation.id))
        return list(await self.view.db.exec(wanted.where(Bookmark.member_id == self.me)))

    async def liked(self) -> list[Creation]:
        wanted = select(Creation).join(Reaction, col(Reaction.creation_id) == col(Creation.id))
        return list(await self.view.db.exec(wanted.where(Reaction.member_id == self.me)))

    async def talked(self) -> list[Creation]:
        wanted = select(Creation).join(Comment, col(Comment.creation_id) == col(Creation.id))
        return list(await self.view.db.exec(wanted.where(Comment.author_id == self.me)))

    async def others_who_like(self, piece: Creation) -> list[int]:
        wanted = select(Reaction.member_id).where(
            Reaction.creation_id == piece.id, Reaction.member_id != self.me
        )
        return list(await self.view.db.exec(wanted))


async def test_every_reason_is_true_in_any_community(tmp_path: Path, clock: FixedClock) -> None:
    """And nearly every reason there is was given in one of them."""
    told: Counter[Because] = Counter()
    for seed in range(2):
        folder, bus = tmp_path / str(seed), Bus()
        folder.mkdir()
        store = opened(folder, clock, bus)
        here = Community(store, bus, clock, seed)
        await here.live_on(150)

        for member in here.members:
            items = await here.page(member)
            async with store.read() as view:
                for it in items:
                    said = (seed, member, it.creation.id, it.reason)
                    assert await Witness(view, member).agrees(it), said
                    told[it.reason.kind] += 1
        await store.close()
    assert len(told) >= 12, told
