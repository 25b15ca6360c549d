"""A feed leaves one Jamfeed and enters another, through the commands themselves."""

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.dialogs.test_terminal import JAMFEED, ROOT, chat, jamfeed
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
]
ASKED = ["/feed", "/lineage 3", "/thread 1", "/memory", "/saved", "/search rain"]
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
    assert "1 file of media" in imported.stdout
    assert [it.replace(str(there), str(here)) for it in after] == before
    assert "#4 Next" in new


@pytest.mark.timeout(240)
def test_an_import_that_is_stopped_says_how_to_go_on_and_nothing_else_starts_before(
    tmp_path: Path,
) -> None:
    here, there, out = tmp_path / "here", tmp_path / "there", str(tmp_path / "out")
    chat(here, *[f"/create Rain {it}: and rain" for it in range(20)], environment=OFFLINE)
    jamfeed("export", out, home=here)
    environment = {**os.environ, "JAMFEED_HOME": str(there), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        [JAMFEED, "import", out],
        cwd=ROOT,
        env=environment,
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

    if stopped.returncode == 0:
        pytest.skip("it was quicker than the signal")
    assert stopped.returncode == 1
    assert told.startswith("Stopped. `jamfeed import")
    refused = jamfeed("chat", "--as", "ana", home=there, lines="/feed\n", environment=OFFLINE)
    assert refused.returncode == 1
    assert "`jamfeed import` with that export goes on with it" in refused.stderr
    assert jamfeed("import", out, home=there).returncode == 0
    assert chat(there, "/feed", environment=OFFLINE) == chat(here, "/feed", environment=OFFLINE)
