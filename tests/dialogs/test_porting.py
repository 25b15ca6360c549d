"""A feed leaves one Jamfeed and enters another, through the commands themselves."""

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from feed_core.media import MediaShelf
from feed_core.porting import exporting
from feed_core.porting.carried import feed_kinds
from feed_core.store import Store
from memory.porting import memories
from tests.dialogs.command import JAMFEED, ROOT, command
from tests.dialogs.test_terminal import chat, jamfeed
from tests.fakes.feed_rows import furnish
from tests.postgres import Postgres

STORY = [
    "/create Rain on the tin roof: all night the same song in a new key",
    "/paint rain on a tin roof",
    "/publish",
    "/remix 1,2 as an erasure poem",
    "/publish",
    "/comment 1 It sounds like a kitchen",
    "/save 1",
    "remember that I love haiku",
    "/feed",  # what was seen is remembered
]
ASKED = ["/feed", "/lineage 3", "/thread 1", "/memory", "/saved"]
OFFLINE = {"JAMFEED_MODEL": "offline"}


@pytest.mark.timeout(240)
def test_a_feed_moves_to_postgresql_and_is_the_same_there(
    tmp_path: Path, postgres: Postgres
) -> None:
    here, there, out = tmp_path / "here", tmp_path / "there", str(tmp_path / "out")
    elsewhere = {"JAMFEED_DATABASE_URL": postgres.url(postgres.bare()), **OFFLINE}
    before = chat(here, *STORY, *ASKED, environment=OFFLINE)[len(STORY) :]

    exported = jamfeed("export", out, home=here)
    imported = jamfeed("import", out, home=there, environment=elsewhere)
    *after, new = chat(there, *ASKED, "/create Next: its number", environment=elsewhere)

    assert (exported.returncode, exported.stderr) == (0, "")
    assert "creation: 3 of 3" in exported.stdout
    assert (imported.returncode, imported.stderr) == (0, "")
    assert "2 files of media" in imported.stdout  # the picture and its thumbnail
    assert [it.replace(str(there), str(here)) for it in after] == before
    assert "#4 Next" in new


@pytest.mark.timeout(240)
def test_a_move_that_is_killed_goes_on_and_the_feed_answers_there_as_it_did(
    tmp_path: Path, postgres: Postgres
) -> None:
    home, name = tmp_path / "home", postgres.bare()
    elsewhere = {"JAMFEED_DATABASE_URL": postgres.url(name), **OFFLINE}
    story = [
        STORY[0],
        "remember that I love haiku",
        "/digest set weekdays at 7:30 Asia/Tokyo",
        "/feed",
    ]
    asked = ["/feed", "/memory", "/zone Asia/Tokyo"]
    before = chat(home, *story, *asked, environment=OFFLINE)[len(story) :]
    with subprocess.Popen(
        [str(JAMFEED), "migrate", postgres.url(name)],
        cwd=ROOT,
        env={**os.environ, "JAMFEED_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as killed:
        assert killed.stdout is not None
        next(it for it in killed.stdout if it.startswith("adding member"))
        killed.kill()

    moved = jamfeed("migrate", home=home, environment=elsewhere)
    after = chat(home, *asked, environment=elsewhere)

    assert killed.returncode == -signal.SIGKILL
    assert (moved.returncode, moved.stderr) == (0, "")
    assert "adding member:" not in moved.stdout
    assert "JAMFEED_DATABASE_URL can stay set as now." in moved.stdout
    assert after[:-1] == before[:-1]
    (was,), (comes,) = (re.findall("Your digest .+", it[-1]) for it in (before, after))
    assert comes == was != ""


@pytest.mark.timeout(240)
async def test_an_import_that_is_stopped_says_how_to_go_on_and_nothing_else_starts_before(
    tmp_path: Path, store: Store
) -> None:
    there, out = tmp_path / "there", tmp_path / "out"
    kinds = feed_kinds(memories())
    await furnish(store, MediaShelf(tmp_path / "media"), kinds, count=100)
    await exporting.export(store, MediaShelf(tmp_path / "media"), out, kinds, lambda _: None)
    with subprocess.Popen(
        command("import", str(out)),
        cwd=ROOT,
        env={**os.environ, "JAMFEED_HOME": str(there), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as stopped:
        assert stopped.stdout is not None
        for line in stopped.stdout:
            if line.startswith("adding"):
                stopped.send_signal(signal.SIGINT)
                break
        told = stopped.communicate(timeout=50)[1]

    assert stopped.returncode == 1
    assert told == f"Stopped. `jamfeed import {out}` goes on from here.\n"
    refused = jamfeed("chat", "--as", "ana", home=there, lines="/feed\n", environment=OFFLINE)
    assert refused.returncode == 1
    assert "`jamfeed import`" in refused.stderr
