"""Whatever refers to a member is removed with them, or stays without a name and for a reason."""

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from feed_core.models.creations import Creation
from feed_core.models.jams import JamEntry
from feed_core.models.members import Link, Member
from feed_core.models.reactions import Comment
from feed_core.services import erasing
from feed_core.states import CommentState, CreationState
from feed_core.store import Store
from tests.fakes.community import join
from tests.feed_core.test_merging import ELSEWHERE, furnish, references, rows

pytestmark = pytest.mark.anywhere

GONE = {(str(table.__tablename__), column) for table, column in erasing.OWN} | {
    ("identity", "member_id")
}


async def erase(store: Store, member_id: int) -> None:
    async with store.work() as work:
        await erasing.begin(work, member_id=member_id)
    async with store.read() as view:
        made = await erasing.creations(view, member_id)
        said = await erasing.comments(view, member_id)
    for it in made:
        async with store.work() as work:
            await erasing.withdraw(work, creation_id=it, member_id=member_id)
    for it in said:
        async with store.work() as work:
            await erasing.unsay(work, comment_id=it, member_id=member_id)
    async with store.work() as work:
        await erasing.finish(work, member_id=member_id)


def test_every_reference_to_a_member_is_removed_or_stays_for_a_reason() -> None:
    assert set(references()) == GONE | erasing.STAYS.keys() | ELSEWHERE
    assert not GONE & erasing.STAYS.keys()


async def test_nothing_is_left_but_numbers_and_others_lose_nothing(store: Store) -> None:
    ben, _ = await join(store, "Ben")
    ana, _ = await join(store, "Ana")
    await furnish(store, ana, ben)
    async with store.work() as work:
        work.db.add(Link(gone_id=ana, keep_id=ben, expires_at=work.now))
        work.db.add(Link(gone_id=ben, keep_id=ana, expires_at=work.now))
    columns = {it: references()[it] for it in references() if it not in ELSEWHERE - GONE}
    others = {it: await rows(store, column, ben) for it, column in columns.items()}

    await erase(store, ana)
    await erase(store, ana)  # as after a stop: nothing is left to do

    for it in GONE:
        assert await rows(store, columns[it], ana) == 0, it
    others[("proposal", "member_id")] = 1  # what Ana asked stays, ended
    others |= {("link", "keep_id"): 0, ("link", "gone_id"): 0}  # none with Ana is undone any more
    for it, column in columns.items():
        assert await rows(store, column, ben) == others[it], it
    async with store.read() as view:
        assert await erasing.left(view, member_id=ana) == {}
        member = await view.db.get_one(Member, ana)
        assert (member.name, member.skeleton) == (erasing.FORMER, "")
        made = (await view.db.exec(select(Creation).where(Creation.author_id == ana))).all()
        assert {(it.state, it.title) for it in made} == {(CreationState.WITHDRAWN, "")}
        said = (await view.db.exec(select(Comment).where(Comment.author_id == ana))).all()
        assert {(it.state, it.body) for it in said} == {(CommentState.WITHDRAWN, "")}
        entries = await view.db.exec(select(func.max(col(JamEntry.title))))
        assert entries.one() == ""
