import pytest

from feed_core.errors import EmptyText, Refusal, TextTooLong
from feed_core.models.moderation import Thing
from feed_core.models.names import NameChange
from feed_core.services import cases, linking, members, naming
from feed_core.services.cases import NameCase
from feed_core.services.gate import PASSED, Decision
from feed_core.services.moderation import NoLabel, OwnCase, Ruling, decide
from feed_core.services.naming import NameNotFound, NameRefused
from feed_core.services.rules.folding import skeleton
from feed_core.states import Outcome, RevisionState
from feed_core.store import Store
from tests.fakes.community import join

HOLD = Decision(Outcome.HOLD, "word", "Snail")


async def renamed(
    store: Store,
    member_id: int,
    name: str,
    decision: Decision = PASSED,
    thing: Thing = Thing.MEMBER_NAME,
) -> RevisionState:
    async with store.work() as work:
        change = await naming.begin(work, member_id=member_id, thing=thing, name=name)
        assert change is not None and change.id is not None
    async with store.read() as view:
        content = await naming.content(view, change.id)
    async with store.work() as work:
        settled = await naming.settle(work, change_id=change.id, checked=content, decision=decision)
        return settled.state


async def name_of(store: Store, member_id: int) -> str:
    async with store.read() as view:
        return (await members.get(view, member_id)).name


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Ben Ali", "benali"),
        ("Ben", "\u0412\u0435n"),  # two Cyrillic letters
        ("Alice", "AIice"),  # a capital i
        ("Zoe", "Zo\u00e9"),
        ("Zoe", "\uff3a\uff4f\uff45"),  # full width
        ("Bernd", "Bemd"),
        ("Ben", "B3n"),
        ("Ben", "B\u200ben."),
    ],
)
def test_names_that_look_alike_have_one_skeleton(name: str, other: str) -> None:
    assert skeleton(name) == skeleton(other)


@pytest.mark.parametrize(("name", "other"), [("Ben", "Jen"), ("Mio", "Mia"), ("一", "二")])
def test_names_that_are_told_apart_have_two(name: str, other: str) -> None:
    assert skeleton(name) != skeleton(other)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("Ana\u202ebad", "unseen"),
        ("A\u200bna", "unseen"),
        ("A\u200dna", "unseen"),
        ("Z\u0300\u0301\u0302\u0303\u0304", "marks"),
        ("...", "unsaid"),
        ("Jamfeed", "reserved"),
        ("J\u0430mfeed Support", "reserved"),
        ("Mod\u0435rator", "reserved"),
        ("Member 99", "reserved"),
        ("@everyone", "reserved"),
        ("BEN", "taken"),
        ("\u0412\u0435n", "taken"),
    ],
)
async def test_a_name_that_deceives_is_refused(store: Store, name: str, problem: str) -> None:
    await join(store, "Ben")
    ana, _ = await join(store, "Ana")

    with pytest.raises(NameRefused) as refused:
        await renamed(store, ana, name)

    assert refused.value.problem == problem
    assert await name_of(store, ana) == "Ana"


@pytest.mark.parametrize(
    ("name", "refusal"), [("", EmptyText), ("  \n", EmptyText), ("a" * 41, TextTooLong)]
)
async def test_a_name_fits_on_a_line(store: Store, name: str, refusal: type[Refusal]) -> None:
    ana, _ = await join(store, "Ana")

    with pytest.raises(refusal):
        await renamed(store, ana, name)


@pytest.mark.parametrize("name", ["لیلا\u200cجان", "👩\u200d🎨", "José", "ஆனா", "ANA", "C-3PO"])
async def test_names_of_all_writings_are_welcome(store: Store, name: str) -> None:
    ana, _ = await join(store, "Ana")

    await renamed(store, ana, name)

    assert await name_of(store, ana) == name
    assert naming.arrived(f"  {name}\n") == name


@pytest.mark.anywhere
async def test_a_held_name_waits_for_a_moderator_who_lets_it_be_borne(store: Store) -> None:
    (ana, _), (mo, _) = await join(store, "Ana"), await join(store, "Mo")

    assert await renamed(store, ana, "Snail", HOLD) is RevisionState.HELD
    async with store.read() as view:
        (case,) = await cases.waiting(view, limit=5)
    assert isinstance(case, NameCase)
    assert (await name_of(store, ana), case.change.name, case.author_id) == ("Ana", "Snail", ana)
    for moderator, ruling, refusal in (
        (ana, Ruling.PUBLISH, OwnCase),
        (mo, Ruling.LABEL, NoLabel),
    ):
        with pytest.raises(refusal):
            await decided(store, case.thing_id, ruling, by=moderator)
    await decided(store, case.thing_id, Ruling.PUBLISH, by=mo)

    assert await name_of(store, ana) == "Snail"
    async with store.read() as view:
        assert await cases.waiting(view, limit=5) == []
        assert (await view.db.get_one(NameChange, case.thing_id)).name == ""
    with pytest.raises(NameNotFound):
        await decided(store, case.thing_id, Ruling.BLOCK, by=mo)


async def test_a_name_that_another_took_meanwhile_is_not_let_out(store: Store) -> None:
    (ana, _), (ben, _), (mo, _) = [await join(store, it) for it in ("Ana", "Ben", "Mo")]
    await renamed(store, ana, "Snail", HOLD)
    await renamed(store, ben, "Snai1")

    with pytest.raises(NameRefused):
        await decided(store, 1, Ruling.PUBLISH, by=mo)
    await decided(store, 1, Ruling.BLOCK, by=mo)

    assert (await name_of(store, ana), await name_of(store, ben)) == ("Ana", "Snai1")


async def test_whoever_wants_another_name_no_longer_waits_for_the_first(store: Store) -> None:
    ana, _ = await join(store, "Ana")
    await renamed(store, ana, "Snail", HOLD)
    await renamed(store, ana, "Slug", HOLD, Thing.AGENT_NAME)

    await renamed(store, ana, "Kestrel")

    async with store.read() as view:
        assert [it.thing for it in await cases.waiting(view, limit=5)] == [Thing.AGENT_NAME]


async def test_a_linked_account_leaves_its_name_free_and_waits_for_none(store: Store) -> None:
    (ana, _), (other, _) = await join(store, "Ana"), await join(store, "Ana Maria")
    await renamed(store, other, "Snail", HOLD)

    async with store.work() as work:
        await linking.merge(work, keep_id=ana, gone_id=other)

    async with store.read() as view:
        assert await cases.waiting(view, limit=5) == []
    await renamed(store, ana, "Ana Maria")
    assert await name_of(store, ana) == "Ana Maria"


async def decided(store: Store, number: int, ruling: Ruling, *, by: int) -> None:
    async with store.work() as work:
        case = await cases.open_name(work, number)
        await decide(work, case=case, ruling=ruling, why="because", moderator_id=by)
