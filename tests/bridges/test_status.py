from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bridges.durable import slots
from bridges.folder import data_folder
from bridges.holders import SCHEDULER, bot_of
from bridges.settings import Settings
from bridges.sharing import INDEX
from bridges.status import tell, wrong
from feed_core.errors import ConfigurationError
from feed_core.holding import AdvisoryLocks
from feed_core.services.standing import ForDigests, Standing
from tests.fakes.community import new_file
from tests.postgres import Postgres


async def test_a_new_feed_owes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new_file(tmp_path)
    await tell(Settings(home=tmp_path))

    said = capsys.readouterr().out.splitlines()
    assert len(said) == 10
    assert said[0] == "digests     0 to be composed"
    assert "none" in said[1]
    assert said[8] == "for digests no model was asked; 0 digests made today"


async def test_where_there_is_no_feed_a_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no feed in it"):
        await tell(Settings(home=tmp_path / "typo"))

    assert not (tmp_path / "typo").exists()


async def test_who_holds_what_is_told_of_all_processes_of_one_feed(
    postgres: Postgres, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = postgres.lend()
    url = SecretStr(postgres.url(name))
    settings = Settings(
        home=tmp_path, database_url=url, chroma_url="http://there", telegram_token=SecretStr("1:a")
    )
    first, second = AdvisoryLocks(url.get_secret_value()), AdvisoryLocks(url.get_secret_value())
    for it in (SCHEDULER, slots.name_of(0), bot_of(settings, "telegram"), "discord:unknown"):
        assert await first.take(it) is not None
    assert await first.take(slots.WORKS, shared=True) is not None
    assert await second.take(slots.name_of(1)) is not None  # it takes nothing from the queue
    for them in (first, second):
        assert await them.take(INDEX, shared=True) is not None

    await tell(settings)

    *_, one, two = capsys.readouterr().out.splitlines()
    held = one.removeprefix("processes   ").partition(";")[0]
    assert set(held.replace(" and ", ", ").split(", ")) == {
        "the scheduler",
        "a worker (slot 0)",
        "the Telegram bot",
        "a bot whose token is not set here",
    }
    assert two.startswith("            standing by; from the same machine, since 20")
    for them in (first, second):
        await them.close()
    postgres.take_back(name)


async def test_whether_somebody_works_in_the_folder_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_file(tmp_path)
    await tell(Settings(home=tmp_path))
    with data_folder(tmp_path):
        await tell(Settings(home=tmp_path))

    said = capsys.readouterr().out
    assert "processes   none is running" in said
    assert "processes   one works in this folder" in said


def idle(**more: object) -> Standing:
    nothing: Mapping[str, int] = {}
    found = Standing(
        waiting=nothing,
        later=nothing,
        sending=nothing,
        sent=nothing,
        unknown=nothing,
        failed=nothing,
        behind={},
        to_compose=0,
        oldest=None,
        next_due=None,
        models=[],
        for_digests=ForDigests(0, 0, 0),
        micros=0,
        tokens=0,
    )
    return replace(found, **more)  # type: ignore[arg-type]  # each test names what it has


def test_what_stands_still_is_told_with_what_mends_it() -> None:
    now = datetime(2026, 3, 14, 12, tzinfo=UTC)
    late = now - timedelta(minutes=6)
    all_there = {SCHEDULER, slots.WORKS, "telegram:1", "discord:2"}
    stuck = idle(next_due=late, oldest=late, behind={"telegram": late, "terminal": late})

    assert wrong(idle(), now=now, held=()) == []
    assert wrong(idle(oldest=now - timedelta(minutes=1)), now=now, held=()) == []
    looks, composes, sends = wrong(stuck, now=now, held={"discord:2"})
    assert "--role scheduler" in looks
    assert "--role worker" in composes
    assert "--role telegram" in sends
    composes, sends = wrong(stuck, now=now, held=all_there)
    assert "too few workers" in composes
    assert "owed more than its pace" in sends
    (told,) = wrong(idle(unknown={"telegram": 2}), now=now, held=all_there)
    assert "told in their next digest" in told
