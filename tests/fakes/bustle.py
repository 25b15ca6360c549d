"""A community in which a bit of everything goes on, drawn from a seed and written row by row."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import SQLModel

from benchmarks.digest_claiming import people
from feed_core.models.caught_up import CaughtUp
from feed_core.models.creations import Creation, Edge
from feed_core.models.curation import Bookmark, Follow, Followed, Mute, Opinion, Wanted
from feed_core.models.digests import Digest, DigestEntry, DigestSettings, Length, Section
from feed_core.models.reactions import Comment, Reaction
from feed_core.models.threads import ThreadEntry
from feed_core.states import (
    CommentState,
    CreationState,
    DigestState,
    Permission,
    ReactionKind,
    Visibility,
)
from feed_core.store import Store

WORDS = ("rain", "moth", "kettle", "lamp", "comet", "heron", "salt", "fog")
WEEKS = timedelta(weeks=3)


async def bustle(store: Store, *, seed: int, members: int = 24, pieces: int = 160) -> None:
    """Fill the database with what people made, said, liked, muted, followed and got in digests."""
    dice = random.Random(seed)
    numbers = range(1, members + 1)
    await people(store, numbers)
    async with store.work() as work:
        made = [_creation(dice, it, pieces, work.now, numbers) for it in range(1, pieces + 1)]
        for rows in (made, _remixes(dice, made), _said(dice, made, numbers, work.now)):
            work.db.add_all(rows)
            await work.db.flush()
        work.db.add_all(_tastes(dice, made, numbers, work.now))
        await work.db.flush()
        for member in numbers:
            await work.db.flush()
            work.db.add_all(_digests(dice, member, made, work.now))
            await work.db.flush()


def _ago(dice: random.Random, now: datetime, most: timedelta = WEEKS) -> datetime:
    return now - most * dice.random()


def _creation(
    dice: random.Random, number: int, pieces: int, now: datetime, members: Sequence[int]
) -> Creation:
    at = now - WEEKS * (1 - 0.8 * number / pieces)
    words = " ".join(dice.choices(WORDS, k=3))
    author = dice.choice(members)
    return Creation(
        id=number,
        author_id=author,
        title=words.capitalize(),
        body=dice.choice(WORDS),
        tags=dice.sample(WORDS, k=dice.randrange(3)),
        state=dice.choices(
            (CreationState.PUBLISHED, CreationState.WITHDRAWN, CreationState.HELD), (20, 1, 1)
        )[0],
        visibility=dice.choices((Visibility.EVERYONE, Visibility.ONLY_ME), (12, 1))[0],
        consent_recommend=dice.choices((Permission.YES, Permission.NO), (9, 1))[0],
        content_hash=f"{number}",
        created_at=at,
        published_at=at,
        edited_at=_ago(dice, now, now - at) if dice.random() < 0.1 else None,
    )


def _remixes(dice: random.Random, made: Sequence[Creation]) -> list[SQLModel]:
    rows: list[SQLModel] = []
    belongs: dict[int, set[int]] = {}
    for child in made[10:]:
        if dice.random() < 0.3 and child.id is not None and child.published_at is not None:
            parents = {dice.randrange(1, child.id) for _ in range(dice.randrange(1, 3))}
            roots = {it for parent in parents for it in (parent, *belongs.get(parent, ()))}
            belongs[child.id] = roots
            rows += [Edge(child_id=child.id, parent_id=it) for it in sorted(parents)]
            rows += [
                ThreadEntry(
                    thread_id=it, creation_id=child.id, depth=1, joined_at=child.published_at
                )
                for it in sorted(roots)
            ]
    return rows


def _said(
    dice: random.Random, made: Sequence[Creation], members: Sequence[int], now: datetime
) -> list[SQLModel]:
    return [
        Comment(
            creation_id=dice.choice(made).id or 0,
            author_id=dice.choice(members),
            state=dice.choices((CommentState.PUBLISHED, CommentState.HELD), (15, 1))[0],
            body=" ".join(dice.choices(WORDS, k=2)),
            created_at=at,
        )
        for at in sorted(_ago(dice, now) for _ in range(2 * len(made)))
    ]


def _tastes(
    dice: random.Random, made: Sequence[Creation], members: Sequence[int], now: datetime
) -> list[SQLModel]:
    rows: dict[tuple[object, ...], SQLModel] = {}
    for who in members:
        for it in dice.sample(made, k=12):
            number, at = it.id or 0, _ago(dice, now)
            rows[1, who, number] = Reaction(
                creation_id=number, member_id=who, kind=ReactionKind.LIKE, created_at=at
            )
        for it in dice.sample(made, k=3):
            number = it.id or 0
            rows[2, who, number] = Bookmark(member_id=who, creation_id=number, created_at=now)
            wanted = dice.choice(tuple(Wanted))
            rows[3, who, number] = Opinion(
                member_id=who, creation_id=number, wanted=wanted, created_at=now
            )
        for table, count in ((Follow, 4), (Mute, 2)):
            for _ in range(dice.randrange(count)):
                kind = dice.choice((Followed.MEMBER, Followed.TAG, Followed.THREAD))
                if table is Mute and dice.random() < 0.4:
                    kind = Followed.WORD
                subject = {
                    Followed.MEMBER: str(dice.choice(members)),
                    Followed.THREAD: str(dice.choice(made).id),
                }.get(kind, dice.choice(WORDS))
                rows[table, who, kind, subject] = table(
                    member_id=who, kind=kind, subject=subject, created_at=now
                )
        if dice.random() < 0.3:
            rows[6, who] = CaughtUp(member_id=who, at=_ago(dice, now, timedelta(days=4)))
        if dice.random() < 0.5:
            length = dice.choice(tuple(Length))
            rows[7, who] = DigestSettings(
                member_id=who, length=length, says_empty=dice.random() < 0.5
            )
    return list(rows.values())


def _digests(
    dice: random.Random, member: int, made: Sequence[Creation], now: datetime
) -> list[SQLModel]:
    rows: list[SQLModel] = []
    for days in range(1, 1 + dice.randrange(4)):
        number = 10_000 + member * 10 + days
        at = now - timedelta(days=days)
        rows.append(
            Digest(
                id=number,
                member_id=member,
                local_date=at.date(),
                slot=f"{at:%Y-%m-%dT%H:%M}",
                identity_id=member,
                state=DigestState.COMPOSED,
                due_at=at,
                composed_at=at,
            )
        )
        older = [it for it in made if it.published_at is not None and it.published_at < at]
        rows += [
            DigestEntry(
                digest_id=number,
                position=position,
                section=Section.FOR_YOU,
                creation_id=it.id or 0,
                reason="fresh",
                later=dice.random() < 0.1,
            )
            for position, it in enumerate(dice.sample(older, k=4), start=1)
        ]
    return rows
