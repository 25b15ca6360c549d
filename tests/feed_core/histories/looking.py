"""What readers find wherever they look, held against what the model says they may see."""

from collections.abc import Collection

import networkx as nx
import pytest
from sqlmodel import col, select

from feed_core.errors import CreationNotFound, Refusal
from feed_core.models.consent import ConsentChange
from feed_core.models.creations import Creation, Edge
from feed_core.models.curation import Followed
from feed_core.models.proposals import Proposal
from feed_core.models.revisions import Revision
from feed_core.services import (
    consent,
    inheritance,
    lineage,
    personal,
    remixing,
    searching,
    sight,
    tagging,
    threads,
    timeline,
    versions,
)
from feed_core.services.curation import Subject
from feed_core.services.recipes import SHIPPED
from feed_core.services.searching import Found, Only
from feed_core.services.sight import Reader
from feed_core.services.window import Window
from feed_core.states import CommentState, CreationState, Purpose
from feed_core.store import View
from tests.feed_core.histories.model import Feed, Made, recorded

ALL = 1_000


async def stands(view: View, feed: Feed) -> None:
    """The tables say what the history says, and nothing of what was taken back."""
    rows = {it.id: it for it in await view.db.exec(select(Creation))}
    assert rows.keys() == feed.made.keys()
    edges = {(it.parent_id, it.child_id) for it in await view.db.exec(select(Edge))}
    assert edges == set(feed.graph.edges)
    assert all(parent < child for parent, child in edges)
    for number, made in feed.made.items():
        row = rows[number]
        assert (row.state, row.visibility) == (made.state, made.visibility)
        assert consent.own(row) == made.own
        assert consent.holding(row) == {it: feed.holds(number, it) for it in Purpose}
        gone = made.state is CreationState.WITHDRAWN
        assert (row.title, row.body) == (("", "") if gone else (made.title, made.body))
        if gone:
            assert (row.tags, row.alt, row.link, row.media_hash) == ([], "", "", None)
    changes = await view.db.exec(select(ConsentChange).order_by(col(ConsentChange.id)))
    assert [recorded(it) for it in changes] == feed.changes
    asked = await view.db.exec(select(Proposal).order_by(col(Proposal.id)))
    assert [it.state for it in asked] == [it.state for it in feed.questions]
    for edit in await view.db.exec(select(Revision)):
        if feed.made[edit.creation_id].state is CreationState.WITHDRAWN:
            assert (edit.title, edit.body) == ("", "")


async def around(view: View, feed: Feed, window: Window, reader: Reader) -> None:
    """Feeds, searches and suggestions hold all that this reader may see, and no more."""
    made = feed.made.values()
    newest = sorted((it.number for it in made if feed.offered(it, reader)), reverse=True)
    open_to = {it.number for it in made if feed.seen(it, reader) and feed.wanted(it, reader)}

    others = [it for it in SHIPPED if it != "latest"]
    for name in ("latest", others[len(feed.made) % len(others)]):
        recipe = SHIPPED[name]
        page = await personal.page(view, window, reader=reader, recipe=recipe, limit=ALL)
        shown = [it.creation.id or 0 for it in page.items]
        assert len(shown) == len(set(shown))
        assert set(shown) <= set(newest)
        if name == "latest":
            assert shown == newest
            for it in page.items:
                assert it.likes == len(feed.made[it.creation.id or 0].likes)
        for it in page.items:
            assert set(it.parents) == parents(feed, it.creation.id or 0, reader)
    everything = await searching.search(view, reader=reader, words="weather", limit=ALL)
    assert ids(everything) == open_to
    alike = await searching.alike(view, reader=reader, near=list(feed.made), limit=ALL)
    assert ids(alike) == set(newest)
    offered = await timeline.suggestions(view, reader=reader, typed="", limit=ALL)
    assert {number for number, _ in offered} == open_to
    tags = await tagging.suggestions(view, reader=reader, typed="", limit=ALL)
    for tag in tags:
        with_tag = [it for it in made if tag in map(str.casefold, it.tags)]
        assert any(feed.seen(it, reader) for it in with_tag)
    for tag in ("haiku", "night"):
        found = await searching.search(view, reader=reader, words="", only=Only(tag=tag), limit=ALL)
        with_tag = [it for it in made if tag in map(str.casefold, it.tags)]
        assert ids(found) == {it.number for it in with_tag} & open_to


async def at(view: View, feed: Feed, number: int, reader: Reader) -> None:
    """One creation is seen, found, placed and built on as far as this reader may."""
    made = feed.made[number]
    refused = feed.look(number, reader)
    assert await told(sight.see(view, number, reader=reader)) is refused
    assert await told(remixing.require_open(view, number, reader=reader)) is (
        feed.remix(number, reader)
    )
    assert await told(versions.history(view, number, reader=reader)) is refused
    if refused is None:
        said = await versions.history(view, number, reader=reader)
        assert [it.title.split()[1] for it in said] in ([], made.words)
    for word in {made.words[0], made.words[-1], *(it.word for it in made.edits[-1:])}:
        found = await searching.search(view, reader=reader, words=word, limit=ALL)
        current = refused is None and feed.wanted(made, reader) and word == made.words[-1]
        assert ids(found) == ({number} if current else set())
        begun = await timeline.suggestions(view, reader=reader, typed=word)
        assert [it for it, _ in begun] == ([number] if current else [])
    terms = await inheritance.strictest(view, number)
    assert terms == {it: feed.holds(number, it) for it in Purpose}
    await kin(view, feed, number, reader)
    await thread(view, feed, made, reader)


async def kin(view: View, feed: Feed, number: int, reader: Reader) -> None:
    """The lineage is what graph theory says of what has a place for this reader."""
    placed = {it.number for it in feed.made.values() if feed.placed(it, reader)}
    if number not in placed:
        for look_up in (lineage.family, lineage.siblings, inheritance.credit, threads.page):
            with pytest.raises(CreationNotFound):
                await look_up(view, number, reader=reader)
        return
    older = nx.ancestors(feed.graph, number) & placed
    younger = nx.descendants(feed.graph, number) & placed
    family = await lineage.family(view, number, reader=reader)
    members = older | younger | {number}
    assert {it.id for it in family.members} == members
    assert set(family.edges) == set(feed.graph.subgraph(members).edges)
    assert (family.ancestors, family.descendants) == (len(older), len(younger))
    for it in family.members:
        if it.state is CreationState.WITHDRAWN:
            assert not it.title + it.body + it.alt + it.link
    assert numbers(await lineage.ancestors(view, number, reader=reader)) == older
    assert numbers(await lineage.descendants(view, number, reader=reader)) == younger
    seen = feed.graph.subgraph(placed)
    beside = {it for parent in seen.predecessors(number) for it in seen.successors(parent)}
    assert numbers(await lineage.siblings(view, number, reader=reader)) == beside - {number}
    shares = await inheritance.credit(view, number, reader=reader)
    assert sum(shares.values()) == 1
    assert shares.keys() == {feed.made[it].author for it in older | {number}}
    assert min(shares.values()) > 0
    end = max(placed)
    way = await lineage.path(view, number, end, reader=reader)
    either_way = seen.to_undirected()
    if nx.has_path(either_way, number, end):
        assert nx.is_simple_path(either_way, way)
        assert len(way) - 1 == nx.shortest_path_length(either_way, number, end)
    else:
        assert way == []


async def thread(view: View, feed: Feed, root: Made, reader: Reader) -> None:
    """A thread holds its comments and remixes in order, without what the reader muted."""
    if not feed.placed(root, reader):
        return
    muted = feed.mutes.get(reader.member_id, set())
    said = [
        (it.at, "comment", it.number)
        for it in feed.said.values()
        if it.about == root.number
        and it.state is CommentState.PUBLISHED
        and root.state is CreationState.PUBLISHED
        and (
            it.author == reader.member_id
            or not (
                Subject(Followed.MEMBER, str(it.author)) in muted or feed.silenced(it.word, reader)
            )
        )
    ]
    remixes = [
        (it.joined, "remix", it.number)
        for it in map(feed.made.__getitem__, nx.descendants(feed.graph, root.number))
        if it.joined and feed.placed(it, reader) and feed.wanted(it, reader, threads=False)
    ]
    page = await threads.page(view, root.number, reader=reader, limit=ALL)
    assert [(it.at, it.kind, it.id) for it in page.entries] == sorted([*said, *remixes])
    if root.state is CreationState.PUBLISHED:
        whole = await threads.whole(view, root.number, reader=reader)
        gone = CreationState.WITHDRAWN
        shown = {it for _, _, it in remixes if feed.made[it].state is not gone}
        assert numbers(whole.remixes) == shown
        assert {it.id for it in whole.comments} == {it for _, _, it in said}


def parents(feed: Feed, number: int, reader: Reader) -> set[int]:
    """The parents of which the reader may know."""
    return {it for it in feed.graph.predecessors(number) if feed.placed(feed.made[it], reader)}


def ids(found: Found) -> set[int]:
    return numbers(found.creations)


def numbers(creations: Collection[Creation]) -> set[int]:
    assert len({it.id for it in creations}) == len(creations)
    return {it.id for it in creations if it.id is not None}


async def told(looked: object) -> type[Exception] | None:
    """What somebody was told instead of being shown it."""
    try:
        await looked  # type: ignore[misc]  # whatever it would return
    except Refusal as refusal:
        return type(refusal)
    return None
