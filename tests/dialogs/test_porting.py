"""A feed leaves one Jamfeed and enters another, through the commands themselves."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from feed_core.media import MediaShelf
from feed_core.porting import exporting
from feed_core.porting.carried import feed_kinds
from feed_core.store import Store
from memory.porting import memories
from tests.dialogs.command import ROOT, command
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
    assert "`jamfeed import` with that export goes on with it" in refused.stderr
