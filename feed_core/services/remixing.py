"""Building on what others made: who may, and what a remix was made from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from feed_core.errors import Refusal, RemixNotAllowed
from feed_core.models.creations import Creation, Edge
from feed_core.models.curation import Followed
from feed_core.services import asking, muting
from feed_core.services.sight import Reader, may_place, see
from feed_core.states import Permission
from feed_core.store import View


@dataclass(eq=False)
class AskFirst(Refusal):
    """The maker of a source wants to be asked before it is built on."""

    creation_id: int
    code = "ask_first"


@dataclass(eq=False)
class MakerMuted(Refusal):
    """The member wants nothing of who made a source."""

    creation_id: int
    code = "maker_muted"


@dataclass(eq=False)
class ThreadMuted(Refusal):
    """The member wants nothing of the thread that a source belongs to."""

    creation_id: int
    thread_id: int
    code = "thread_muted"


async def require_open(view: View, creation_id: int, *, reader: Reader) -> Creation:
    """The creation, if this reader may build on it.

    Raises:
        CreationNotFound, CreationWithdrawn: it cannot be seen.
        RemixNotAllowed: its maker does not want that.
        AskFirst: its maker wants to be asked, and did not say yes to this reader.
        MakerMuted, ThreadMuted: this reader wants nothing of it.
    """
    creation = await see(view, creation_id, reader=reader)
    await _require_unmuted(view, creation, reader=reader)
    if is_open(creation, reader=reader):
        return creation
    if creation.consent_remix is Permission.NO:
        raise RemixNotAllowed(creation_id)
    if not await asking.granted(view, creation_id, member_id=reader.member_id):
        raise AskFirst(creation_id)
    return creation


async def _require_unmuted(view: View, creation: Creation, *, reader: Reader) -> None:
    """Words and tags do not count: they keep away only what nobody asked for."""
    assert creation.id is not None
    muted = await muting.source_muted(view, creation, reader=reader)
    if muted is None:
        return
    if muted.kind is Followed.MEMBER:
        raise MakerMuted(creation.id)
    raise ThreadMuted(creation.id, int(muted.subject))


def is_open(creation: Creation, *, reader: Reader) -> bool:
    """Whether this reader may build on it without asking."""
    return creation.consent_remix is Permission.YES or creation.author_id == reader.member_id


async def to_ask(view: View, creation_ids: Iterable[int], *, reader: Reader) -> list[Creation]:
    """Those of these creations whose makers have to be asked before this reader builds on them.

    Raises:
        CreationNotFound, CreationWithdrawn, RemixNotAllowed: asking would not help.
    """
    found = []
    for creation_id in dict.fromkeys(creation_ids):
        try:
            await require_open(view, creation_id, reader=reader)
        except AskFirst:
            found.append(await see(view, creation_id, reader=reader))
    return found


async def parents(view: View, child_ids: Sequence[int], *, reader: Reader) -> dict[int, list[int]]:
    """The parents of each of these creations, as far as the reader may know of them."""
    found = await view.db.exec(
        select(Edge.child_id, Edge.parent_id)
        .join(Creation, col(Creation.id) == col(Edge.parent_id))
        .where(col(Edge.child_id).in_(child_ids), may_place(reader))
        .order_by(col(Edge.parent_id))
    )
    grouped: dict[int, list[int]] = {}
    for child_id, parent_id in found:
        grouped.setdefault(child_id, []).append(parent_id)
    return grouped
