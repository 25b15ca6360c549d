from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agents.acts.digest_pauses import OFFERED, DayOver
from agents.answer import Answer, Group, Line
from agents.digest_page import ROOM, digest_notice, fitted
from agents.editions import EmptyDigest, NoItem, named
from agents.hours import NoRhythm, read_wish
from agents.router import Router
from agents.turn import Authority, Place, Turn
from bridges.status import lines as lines_of
from feed_core.errors import BadDay, BadTime, CreationWithdrawn
from feed_core.models.digests import DigestSchedule
from feed_core.services import (
    deliveries,
    digest_claims,
    digest_hours,
    digests,
    members,
    outstanding,
)
from feed_core.services.standing import standing
from feed_core.states import DeliveryKind, DeliveryState
from memory.embedding import Embedder
from tests.agents.world import Shown, World, opened_world
from tests.fakes.clock import FixedClock

pytestmark = pytest.mark.anywhere


def lines(answer: Answer) -> dict[str, list[tuple[int, str]]]:
    return {it.title: [(line.number, line.title) for line in it.lines] for it in answer.groups}


async def made(world: World, turn: Turn, words: str) -> int:
    answer = await world.do(turn, "create", words=words)
    return int(answer.cards[0].ref.removeprefix("#"))


async def test_a_digest_tells_in_sections_what_happened_and_why(world: World) -> None:
    ana, ben, cem = [await world.join(it) for it in ("Ana", "Ben", "Cem")]
    own = await made(world, ana, "Rain: on the tin roof")
    bens = await made(world, ben, "Moth: grey")
    await world.do(ana, "comment", creation=bens, words="so soft")
    world.clock.go_on(timedelta(minutes=5))
    await world.do(ana, "digest now")

    world.clock.go_on(timedelta(hours=1))
    draft = await world.do(cem, "remix", sources=[own])
    await world.press(cem, draft, "Publish")
    await world.do(ben, "comment", creation=own, words="like a drum")
    await world.do(cem, "comment", creation=bens, words="like dust")
    await made(world, cem, "Kettle: it sings")
    shown = await world.do(ana, "digest now")

    sections = lines(shown)
    assert list(sections) == [
        "For you",
        "Threads you are in",
        "Made of yours",
        "People answered you",
    ]
    assert [title for _, title in sections["For you"]] == ["Kettle"]
    assert [title for _, title in sections["Threads you are in"]] == ["Moth"]
    assert [title for _, title in sections["People answered you"]] == ["Rain"]
    numbers = [number for found in sections.values() for number, _ in found]
    assert numbers == [1, 2, 3, 4]
    said = {line.title: line for group in shown.groups for line in group.lines}
    assert "1 new comment" in " ".join(said["Moth"].told)
    assert said["Rain"].words.startswith("Ben: “like a drum”")
    assert any("it builds on your #1" in it for line in said.values() for it in line.told)

    again = await world.do(ana, "digest now")
    assert "nothing new from others" in again.text


async def test_what_they_reacted_to_already_is_not_for_them_until_something_happens_to_it(
    world: World,
) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    rain, moth = [await made(world, ben, it) for it in ("Rain: tin", "Moth: grey")]
    await made(world, ben, "Kettle: sings")
    await world.do(ana, "like", creation=rain)
    await world.do(ana, "save", creation=moth)

    shown = await world.do(ana, "digest preview")
    assert [title for _, title in lines(shown)["For you"]] == ["Kettle"]

    world.clock.go_on(timedelta(minutes=5))
    await world.do(ben, "edit", piece=f"#{rain}", words="Rain: tin, and then lead")
    shown = await world.do(ana, "digest preview")
    assert {title for _, title in lines(shown)["For you"]} == {"Kettle", "Rain"}


async def test_numbers_of_a_digest_mean_its_creations(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    for title in ("Rain", "Moth", "Kettle"):
        await made(
            world, ben, f"{title}: all night the same song sings on the old tin roof of home"
        )
    shown = await world.do(ana, "digest now")
    ((_, titles),) = lines(shown).items()
    third = next(title for number, title in titles if number == 3)

    opened = await world.do(ana, "digest open", item=3)
    assert opened.cards[0].title == third
    why = await world.do(ana, "digest why", item=3)
    assert third in why.text and "because" in why.text
    with pytest.raises(NoItem):
        await world.do(ana, "digest open", item=9)

    reply = await world.receive(world.incoming("Ana", "remix 3"))
    assert opened.cards[0].ref in str([card.sources for part in reply.parts for card in part.cards])


async def test_a_reply_to_a_digest_that_came_knows_its_numbers(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await made(world, ana, "Own: first of all")
    pieces = [await made(world, ben, it) for it in ("Rain: tin", "Moth: grey")]
    digest_id = await due(world, ana)
    world.parts.shown.note((ana.member_id, ana.place.key), Answer(facts={}))
    async with world.store.work() as work:
        await deliveries.claim(work, [1])
        await deliveries.sent(work, 1, message_id="m77")
        there = await digests.numbered(work, digest_id)

    incoming = replace(world.incoming("Ana", "what is 2 about?"), answers="m77")
    shown = await world.receive(incoming)

    said = " ".join([shown.text, *(card.title for part in shown.parts for card in part.cards)])
    assert f"#{there[2]}" in said or {1: "Rain", 2: "Moth"}[pieces.index(there[2]) + 1] in said
    opened = await world.receive(replace(world.incoming("Ana", "2"), answers="m77"))
    assert opened.parts[-1].cards[0].ref == f"#{there[2]}"
    assert (
        "There is no 3 in that digest"
        in (await world.receive(world.incoming("Ana", "number 3"))).text
    )
    # Whatever was shown since: in a reply "the first" is that of the digest.
    await world.receive(world.incoming("Ana", "/show 1"))
    for said, of in (
        ("more like the first", f"more like #{there[1]}"),
        ("mehr wie das zweite", f"more like #{there[2]}"),
        ("why is the second in my digest?", "2, “"),
        ("2はなぜ？", "2, “"),
        ("mute the first", f"muted the thread #{there[1]}"),
    ):
        told = await world.receive(replace(world.incoming("Ana", said), answers="m77"))
        assert of in told.text, said
    last = await world.receive(replace(world.incoming("Ana", "open the last one"), answers="m77"))
    assert last.parts[-1].cards[0].ref == f"#{there[max(there)]}"
    stranger = replace(world.incoming("Cem", "why 2?"), answers="m77")
    assert "stood in your digest" not in (await world.receive(stranger)).text


async def test_a_reply_to_a_digest_that_was_asked_for_knows_its_numbers_after_a_restart(
    tmp_path: Path, embedder: Embedder, router: Router, clock: FixedClock
) -> None:
    async with opened_world(tmp_path, embedder, router, clock) as world:
        await world.join("Ana")
        ben = await world.join("Ben")
        for it in ("Own: first of all", "Rain: tin", "Moth: grey"):
            await made(world, ben, it)
        shown = await world.receive(world.incoming("Ana", "/digest now"), Shown(ids=["m5", "m6"]))
        first = shown.parts[-1].groups[0].lines[0].ref
        assert first != "#1"
        await world.receive(world.incoming("Ana", "/show 1"))
    async with opened_world(tmp_path, embedder, router, clock) as world:
        world.updates = 100
        elsewhere = await world.receive(replace(world.incoming("Ana", "1"), answers="m4"))
        opened = await world.receive(replace(world.incoming("Ana", "1"), answers="m6"))

    assert opened.parts[-1].cards[0].ref == first
    assert first not in [card.ref for part in elsewhere.parts for card in part.cards]


async def test_a_digest_in_which_nothing_stands_has_no_numbers(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await made(world, ben, "Rain: tin")
    await world.do(ana, "digest now")
    empty = (await world.do(ana, "digest now")).facts["digest"]
    assert isinstance(empty, int)
    with pytest.raises(EmptyDigest):
        await world.do(replace(ana, digest_id=empty), "digest open", item=2)


async def due(world: World, turn: Turn, *, composed: bool = True) -> int:
    """The digest that a member gets at the next of their hours."""
    await world.do(turn, "digest set", when="20:00")
    async with world.store.read() as view:
        row = await digest_hours.find_schedule(view, turn.member_id)
        assert row is not None and row.next_run_at is not None
    world.clock.go_to(row.next_run_at)
    async with world.store.work() as work:
        await digest_claims.claim_due(work)
    async with world.store.read() as view:
        (digest_id,) = await digests.uncomposed(view)
    if composed:
        await world.parts.digester.compose(digest_id)
    return digest_id


async def test_what_is_put_off_comes_once_more_and_what_happened_returns(world: World) -> None:
    ana, ben, cem = [await world.join(it) for it in ("Ana", "Ben", "Cem")]
    first, second = [await made(world, ben, it) for it in ("Rain: tin", "Moth: grey")]
    shown = await world.do(ana, "digest now")
    number = next(n for n, title in lines(shown)["For you"] if title == "Rain")
    await world.do(ana, "digest later", item=number)
    world.clock.go_on(timedelta(hours=1))
    for words in ("so soft", "so grey"):
        await world.do(cem, "comment", creation=second, words=words)

    shown = await world.do(ana, "digest now")
    told = {line.title: line.told for line in shown.groups[0].lines}
    assert "you put it off until now" in told["Rain"]
    assert "two comments since you saw it" in told["Moth"]
    world.clock.go_on(timedelta(hours=1))
    assert lines(await world.do(ana, "digest now")) == {}
    assert first


async def test_a_preview_uses_nothing_up_and_the_last_is_shown_again(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    assert "no digest yet" in (await world.do(ana, "digest last")).text
    await made(world, ben, "Rain: tin")
    looks = [await world.do(ana, "digest preview") for _ in range(2)]
    shown = await world.do(ana, "digest now")
    again = await world.do(ana, "digest last")
    assert lines(looks[0]) == lines(looks[1]) == lines(shown) == lines(again)


async def test_nothing_is_sent_when_all_of_it_was_taken_back(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    piece = await made(world, ben, "Rain: tin")
    digest_id = await due(world, ana)
    assert await digest_notice(world.parts, digest_id) is not None
    await world.do(ben, "withdraw", creation=piece)
    assert await digest_notice(world.parts, digest_id) is None
    with pytest.raises(CreationWithdrawn):
        await world.do(ana, "digest open", item=1)


async def test_only_the_newest_digest_goes_out_after_a_long_silence(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await made(world, ben, "Rain: tin")
    await due(world, ana)
    world.clock.go_on(timedelta(hours=6))
    await made(world, ben, "Moth: grey")
    second = await due(world, ana)

    async with world.store.read() as view:
        assert await digests.arrived(view, second) is DeliveryState.PENDING
        owed = await outstanding.due(view, platform="telegram")
    assert [it.delivery.subject_id for it in owed] == [second]
    notice = await digest_notice(world.parts, second)
    assert notice is not None
    assert {title for _, title in lines(notice)["For you"]} == {"Rain", "Moth"}


async def test_a_week_without_news_is_told_once_to_who_wants_it(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "digest set", empty="tell", when="20:00")
    told = []
    for _ in range(9):
        digest_id = await due(world, ana)
        told.append(await digest_notice(world.parts, digest_id) is not None)
        world.clock.go_on(timedelta(hours=1))
    assert told == [True, *[False] * 6, True, False]


async def test_five_changes_of_the_hour_make_one_digest(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await made(world, ben, "Rain: tin")
    hours = ("20:00", "20:01", "20:00", "20:02", "20:00")
    for when in hours:
        await world.do(ana, "digest set", when=when)
        async with world.store.work() as work:  # begun early, and called off by the next change
            await digest_claims.claim_due(work, early=timedelta(hours=24))
        async with world.store.read() as view:
            waiting = await digests.uncomposed(view)
        for digest_id in waiting:
            await world.parts.digester.compose(digest_id)
    world.clock.go_on(timedelta(hours=12))

    async with world.store.read() as view:
        owed = await outstanding.due(view, platform="telegram")
    assert len(owed) == 1
    notice = await digest_notice(world.parts, owed[0].delivery.subject_id)
    assert notice is not None and notice.groups


async def test_who_chooses_a_crowded_minute_is_told_how_late_it_may_be(world: World) -> None:
    turns = [await world.join(f"Reader {number}") for number in range(14)]
    parts = replace(world.parts, paces={"telegram": 0.1})  # six a minute
    *some, ana = [replace(it, parts=parts) for it in turns]
    alone = await world.do(some[0], "digest set", when="20:00")
    for it in some[1:]:
        await world.do(it, "digest set", when="20:00")

    crowded = await world.do(ana, "digest set", when="20:00")
    behind = await world.do(ana, "digest set", when="20:01")
    later = await world.do(ana, "digest set", when="20:03")

    assert "Many digests go out at that minute: yours may come up to 2 minutes later" in (
        crowded.text
    )
    assert "yours may come up to 1 minute later" in behind.text
    assert not any("Many digests" in it.text for it in (alone, later))


async def test_a_skipped_hour_and_a_doubtful_digest_are_told_of_in_the_next(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await made(world, ben, "Rain: tin")
    await due(world, ana)
    async with world.store.work() as work:
        await deliveries.claim(work, [1])
        await deliveries.ended(work, 1, state=DeliveryState.UNKNOWN, problem="no answer")
    again = await world.do(ana, "digest last")
    assert "may not have arrived" in again.text

    world.clock.go_on(timedelta(days=1, hours=3))
    async with world.store.work() as work:
        await digest_claims.claim_due(work)
    await made(world, ben, "Moth: grey")
    notice = await digest_notice(world.parts, await due(world, ana))
    assert notice is not None
    assert "was left out: I was not running then." in notice.text
    assert "may not have arrived" in notice.text
    assert "Show that one" in [it.label for it in notice.buttons]


async def test_quiet_hours_hold_back_what_comes_unasked(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "zone", city="Munich")
    await world.do(ana, "digest quiet", hours="22 to 7")
    world.clock.go_to(datetime(2026, 12, 1, 23, tzinfo=UTC))
    async with world.store.work() as work:
        account = (await members.identities(work, ana.member_id))[0]
        await deliveries.owe(work, kind=DeliveryKind.SPENT, subject_id=1, to=account)
    async with world.store.read() as view:
        assert await outstanding.due(view, platform="telegram") == []
    world.clock.go_to(datetime(2026, 12, 2, 6, tzinfo=UTC))
    async with world.store.read() as view:
        assert len(await outstanding.due(view, platform="telegram")) == 1


async def test_who_travels_is_told_when_the_next_one_comes(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "digest set", when="7:30 in Munich")
    moved = await world.do(ana, "zone", city="Nueva York")
    assert "America/New_York" in moved.text
    assert "still comes at 07:30, by the clock there" in moved.text


async def test_a_cover_is_switched_on_by_its_name_alone(world: World) -> None:
    ana = await world.join("Ana")
    for words, on in (
        ("digest on weekdays at 7:30", False),
        ("digest every day at 8, cover on", True),
    ):
        await world.receive(world.incoming("Ana", words))
        async with world.store.read() as view:
            assert (await digests.settings(view, ana.member_id)).cover is on


async def test_a_pause_ends_by_itself(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "digest set", when="7:30 Europe/Berlin")
    paused = await world.do(replace(ana, zone="Europe/Berlin"), "digest pause", until="5 December")
    assert "Saturday 5 December, 07:30" in paused.text
    with pytest.raises(BadDay):
        await world.do(ana, "digest pause", until="29 February 2027")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("no digest until 20 March please", "Friday 20 March"),
        ("kein Digest bis zum 20. März", "Friday 20 March"),
        ("pausa mi resumen hasta el 20 de marzo", "Friday 20 March"),
        ("stop the digest for two weeks", "Saturday 28 March"),
    ],
)
async def test_the_end_of_a_pause_is_found_in_what_was_said(
    world: World, said: str, told: str
) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "digest set", when="7:30")
    assert told in (await world.receive(world.incoming("Ana", said))).text


async def test_without_a_day_a_pause_asks_for_it_and_one_that_is_over_pauses_nothing(
    world: World,
) -> None:
    ana = await world.join("Ana")
    before = await world.do(ana, "digest set", when="7:30")
    asked = await world.do(ana, "digest pause")
    assert asked.text == "Until which day shall no digest come?"
    assert [it.label for it in asked.buttons] == [*OFFERED, "Another day"]
    with pytest.raises(DayOver):
        await world.do(ana, "digest pause", until="yesterday")
    weeks = asked.buttons[2].call
    paused = await world.do(ana, weeks.act, **weeks.arguments)
    assert paused.facts["next"] != before.facts["next"]

    for words in ("resume my digest", "start my digests again"):
        await world.do(ana, "digest off")
        again = await world.receive(world.incoming("Ana", words))
        assert "The next one: Sunday 15 March, 07:30." in again.text


async def test_what_a_wish_leaves_unsaid_stays_as_it_was(world: World) -> None:
    ana = await world.join("Ana")
    await world.do(ana, "digest set", when="7:30 on weekdays")
    for words, told in (
        ("make my digest shorter", "on weekdays at 07:30 (UTC) to your Telegram account, a short"),
        ("change my digest to 9 pm", "on weekdays at 21:00"),
        ("no digest on weekends", "on weekdays at 21:00"),
        ("digest on Saturdays", "on Saturday at 21:00"),
        ("when does my digest come?", "on Saturday at 21:00"),
    ):
        assert told in (await world.receive(world.incoming("Ana", words))).text, words
    with pytest.raises(BadTime):
        await world.do(ana, "digest set", when="soon")

    await world.do(ana, "digest off")
    assert "No digest comes to you" in (await world.do(ana, "digest show")).text


async def test_the_zone_is_guessed_from_the_language_and_confirmed(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    german = await world.do(replace(ana, language="de"), "digest set", when="8:00")
    assert "Europe/Berlin" in german.text and "Is that right?" in german.text
    english = await world.do(ben, "digest set", when="8:00")
    assert "Which city do you live in?" in english.text
    assert {"London", "Name a city"} <= {it.label for it in english.buttons}


async def test_who_lives_in_a_zone_that_is_gone_is_told_and_asked_for_another(
    world: World,
) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await made(world, ben, "Rain: tin")
    digest_id = await due(world, ana)
    async with world.store.work() as work:
        await members.move_to(work, ana.member_id, zone="Europe/Atlantis")
        (await work.db.get_one(DigestSchedule, ana.member_id)).zone = "Europe/Atlantis"
    ana = replace(ana, zone="Europe/Atlantis")

    told = await digest_notice(world.parts, digest_id)

    assert told is not None
    assert "I do not know the time zone Europe/Atlantis any more" in told.text
    assert "Which city do you live in?" in told.text
    assert "Which city" in (await world.do(ana, "digest set", when="8:00")).text
    moved = await world.press(ana, told, "Name a city", filled="Munich")
    assert "Your digest still comes at 08:00, by the clock there." in moved.text


async def test_a_room_gets_what_everybody_there_may_see(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    async with world.store.work() as work:
        room = await members.room(work, platform="telegram", external_id="attic", public=True)
    here = Place("telegram", "attic", private=False)
    there = replace(ana, room_id=room.id, place=here, granted=frozenset({Authority.MODERATOR}))
    await made(world, ben, "Rain: tin")
    await made(world, ana, "Own: mine")
    answer = await world.do(there, "room digest", when="20:00")
    assert "This room gets a digest every day at 20:00" in answer.text
    world.clock.go_on(timedelta(hours=8, minutes=2))
    async with world.store.work() as work:
        await digest_claims.claim_due(work)
    async with world.store.read() as view:
        (digest_id,) = await digests.uncomposed(view)
    await world.parts.digester.compose(digest_id)
    notice = await digest_notice(world.parts, digest_id)
    assert notice is not None and not notice.private
    assert {title for _, title in lines(notice)["New here"]} == {"Rain", "Own"}
    assert not any(it.only_asker for it in notice.buttons)


@pytest.mark.parametrize(
    ("typed", "times", "days"),
    [
        ("weekdays at half past seven", ["07:30"], 5),
        ("half past seven on weekdays", ["07:30"], 5),
        ("mornings", ["08:00"], 7),
        ("Friday evenings", ["19:00"], 1),
        ("on weekdays", ["09:15"], 5),
        ("werktags um halb acht", ["07:30"], 5),
        ("jeden Abend", ["19:00"], 7),
        ("los lunes a las siete y media", ["07:30"], 1),
        ("毎朝7時半", ["07:30"], 7),
        ("8 in the morning and 18:00", ["08:00", "18:00"], 7),
        ("every morning and every evening", ["08:00", "19:00"], 7),
        ("de lunes a viernes a las siete y media", ["07:30"], 5),
        ("montags bis donnerstags um 8", ["08:00"], 4),
        ("月曜から金曜の8時", ["08:00"], 5),
        ("every day at 9 except on Sundays", ["09:00"], 6),
        ("no digest on weekends", ["09:15"], 5),
        ("täglich um 8 außer am Wochenende", ["08:00"], 5),
    ],
)
def test_hours_are_read_in_plain_words(typed: str, times: list[str], days: int) -> None:
    hours = read_wish(typed, zone="UTC", usual="09:15")
    assert ([f"{it:%H:%M}" for it in hours.times], len(hours.weekdays)) == (times, days)


@pytest.mark.parametrize("typed", ["every other day at 8", "jeden zweiten Tag um 8", "monthly"])
def test_days_that_no_weekdays_say_are_refused(typed: str) -> None:
    with pytest.raises(NoRhythm):
        read_wish(typed, zone="UTC", usual="08:00")


@pytest.mark.parametrize("typed", ["soon", "99:99", "whenever"])
def test_what_says_no_hour_is_refused(typed: str) -> None:
    with pytest.raises(BadTime):
        read_wish(typed, zone="UTC", usual="08:00")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("remix 2", "remix #12"),
        ("what is 2 about?", "what is #12 about?"),
        ("mash 1 and 2 as a haiku", "mash #11 and #12 as a haiku"),
        ("number 2 again", "#12 again"),
        ("wake me at 2", "wake me at 2"),
        ("2 poems about rain", "2 poems about rain"),
        ("show #2", "show #2"),
        ("2:30 please", "2:30 please"),
        ("remix 7", "remix 7"),
    ],
)
def test_a_number_in_plain_words_is_that_of_the_digest(typed: str, meant: str) -> None:
    assert named(typed, {1: 11, 2: 12}) == meant


def test_a_digest_is_cut_until_it_is_one_message() -> None:
    line = Line("t" * 60, 1, "#123456", ["m" * 40, "r" * 90], "w" * 300)
    groups = fitted([Group("For you", [line] * 12), Group("Threads", [line] * 6)])
    size = sum(
        len(it.title) + len(it.words) + len("".join(it.told)) for g in groups for it in g.lines
    )
    assert size <= ROOM
    assert len(groups) == 2


async def test_the_operator_sees_what_waits_and_what_nobody_knows_of(world: World) -> None:
    ana, ben = await world.join("Ana"), await world.join("Ben")
    await made(world, ben, "Rain: tin")
    await due(world, ana)
    world.clock.go_on(timedelta(minutes=1))
    async with world.store.read() as view:
        assert (await standing(view)).waiting == {"telegram": 1}
    async with world.store.work() as work:
        await deliveries.claim(work, [1])
        await deliveries.ended(work, 1, state=DeliveryState.UNKNOWN, problem="no answer")
    async with world.store.read() as view:
        found = await standing(view)
    assert (found.waiting, found.unknown, found.oldest) == ({}, {"telegram": 1}, None)
    assert "unknown     telegram 1" in "\n".join(lines_of(found, now=world.clock.now()))
