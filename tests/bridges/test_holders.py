"""Who is a bot, or has its shards, among several processes."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from agents.turn import Place
from bridges.discord.shards import Starts
from bridges.folder import own_file
from bridges.holders import Leave, Wanted, hears, sends, wanted_for, while_held
from bridges.settings import Settings
from feed_core.holding import AdvisoryLocks
from tests.postgres import Postgres

PATIENT = 20.0  # seconds that no test should need


@pytest.fixture
def database(postgres: Postgres) -> Iterator[str]:
    name = postgres.lend()
    yield postgres.url(name)
    postgres.take_back(name)


@pytest.fixture
async def two(database: str) -> AsyncIterator[tuple[AdvisoryLocks, AdvisoryLocks]]:
    made = AdvisoryLocks(database), AdvisoryLocks(database)
    yield made
    for it in made:
        await it.close()


def settings(shards: str | None = None) -> Settings:
    return Settings(
        discord_token=SecretStr("d.canary"),
        telegram_token=SecretStr("1:canary"),
        discord_shards=shards,
    )


async def test_a_second_process_stands_by_and_takes_over_when_the_first_is_gone(
    two: tuple[AdvisoryLocks, AdvisoryLocks],
) -> None:
    first, second = two
    told: list[str] = []
    began, took_over, stood_by = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work(name: str, at: asyncio.Event) -> None:
        told.append(name)
        at.set()
        await asyncio.Event().wait()

    wanted = wanted_for(settings(), "telegram")
    running = asyncio.create_task(
        while_held(first, wanted, lambda: work("first", began), stand_by=lambda: None)
    )
    async with asyncio.timeout(PATIENT):
        await began.wait()
        waiting = asyncio.create_task(
            while_held(second, wanted, lambda: work("second", took_over), stand_by=stood_by.set)
        )
        await stood_by.wait()
        assert told == ["first"]
        running.cancel()
        await asyncio.wait([running])
        await took_over.wait()
    waiting.cancel()
    await asyncio.wait([waiting])

    assert told == ["first", "second"]


async def test_what_ends_or_breaks_by_itself_lets_go(
    two: tuple[AdvisoryLocks, AdvisoryLocks],
) -> None:
    first, second = two

    async def breaks() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await while_held(first, [Wanted("it")], breaks, stand_by=lambda: None)

    assert await second.take("it") is not None


async def test_shards_are_shared_out_and_a_whole_bot_is_not(
    two: tuple[AdvisoryLocks, AdvisoryLocks],
) -> None:
    first, second = two
    low, high, whole = settings("0-1/4"), settings("2-3/4"), settings()
    for it in wanted_for(low, "discord"):
        assert await first.take(it.name, shared=it.shared) is not None
    for it in wanted_for(high, "discord"):
        assert await second.take(it.name, shared=it.shared) is not None
    for other in (whole, settings("1-2/4")):
        taken = [
            await second.take(it.name, shared=it.shared) for it in wanted_for(other, "discord")
        ]
        assert None in taken

    server = Place("discord", "1", private=False, server_id=str(6 << 22))
    chat = Place("discord", "2", private=True)
    elsewhere = Place("telegram", "3", private=True)
    assert [hears(it, server) for it in (low, high, whole)] == [False, True, True]
    assert [hears(it, chat) for it in (low, high, whole)] == [True, False, True]
    assert all(hears(it, elsewhere) for it in (low, high, whole))
    assert [sends(it, "discord") for it in (low, high, whole)] == [True, False, True]
    names = [it.name for it in (*wanted_for(low, "discord"), *wanted_for(low, "telegram"))]
    assert not any("canary" in it for it in names)


async def test_shards_of_two_processes_begin_one_after_the_other(
    two: tuple[AdvisoryLocks, AdvisoryLocks],
) -> None:
    first, second = two
    apart = Starts(0.0, leave=Leave(first, "bot", apart=0.2))
    others = Starts(0.0, leave=Leave(second, "bot", apart=0.0))
    others.concurrency = apart.concurrency = 2

    async with asyncio.timeout(PATIENT):
        await apart.turn(0)
        assert await second.take("bot:identify 0") is None
        await others.turn(1)  # another key: nobody is in its way
        await others.turn(2)
        assert await first.take("bot:identify 1") is not None


def test_processes_in_one_folder_have_files_of_their_own(tmp_path: Path) -> None:
    with own_file(tmp_path, "creations.vectors") as first:
        with own_file(tmp_path, "creations.vectors") as second:
            assert first.name == "creations-0.vectors"
            assert second.name == "creations-1.vectors"
        with own_file(tmp_path, "creations.vectors") as again:
            assert again == second
