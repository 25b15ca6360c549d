"""What an operator reads who exports and imports, whatever is wrong with folder or disk."""

import asyncio
import io
import json
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agents.wording import sentence
from bridges import porting
from bridges.folder import data_folder
from bridges.porting import bring_out, take_in
from bridges.settings import Settings
from feed_core.bus import Bus
from feed_core.errors import FolderInUse, JamfeedError
from feed_core.media import MediaShelf
from feed_core.porting.carried import feed_kinds
from feed_core.porting.layout import MANIFEST
from feed_core.porting.progress import Doing, Step
from memory.porting import memories
from tests.fakes.clock import FixedClock
from tests.fakes.community import join, opened
from tests.fakes.feed_rows import furnish


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with something of everything in it, and its export; to be copied."""
    folder = tmp_path_factory.mktemp("full")
    clock = FixedClock(datetime(2026, 3, 14, 12, tzinfo=UTC))
    out, err = io.StringIO(), io.StringIO()

    async def fill() -> None:
        home = await furnished(folder / "home", clock)
        with redirect_stdout(out), redirect_stderr(err):
            assert await bring_out(Settings(home=home), folder / "out") == 0

    asyncio.run(fill())
    told = out.getvalue()
    assert re.search(r"^writing thread entry: (\d+) of \1$", told, re.MULTILINE)
    assert "copying media files: 20 of 20\n" in told
    assert f"20 files of media to {folder / 'out'}, as they were on" in told
    assert err.getvalue() == ""
    return folder


@pytest.fixture
def home(full: Path, tmp_path: Path) -> Path:
    return shutil.copytree(full / "home", tmp_path / "home")


@pytest.fixture
def exported(full: Path, tmp_path: Path) -> Path:
    return shutil.copytree(full / "out", tmp_path / "out")


async def furnished(folder: Path, clock: FixedClock, *, count: int = 20) -> Path:
    folder.mkdir()
    store = opened(folder, clock, Bus())
    kinds = feed_kinds(memories())
    await furnish(store, MediaShelf(folder / "media"), kinds, count=count)
    await store.close()
    return folder


def texts(folder: Path) -> dict[str, bytes]:
    return {it.name: it.read_bytes() for it in folder.glob("*.jsonl")}


async def refusal(home: Path, command: str, folder: Path) -> str:
    """What is said when it does not even begin."""
    run = bring_out if command == "export" else take_in
    with pytest.raises(JamfeedError) as refused:
        await run(Settings(home=home), folder)
    return sentence(refused.value)


async def test_an_export_runs_beside_a_jamfeed_and_an_import_does_not(
    home: Path, exported: Path, tmp_path: Path
) -> None:
    with data_folder(home):
        assert await bring_out(Settings(home=home), tmp_path / "beside") == 0
        with pytest.raises(FolderInUse):
            await take_in(Settings(home=home), exported)

    assert texts(tmp_path / "beside") == texts(exported)


async def test_two_exports_of_one_feed_do_not_run_at_once(home: Path, tmp_path: Path) -> None:
    first = asyncio.create_task(bring_out(Settings(home=home), tmp_path / "one"))
    while not (tmp_path / "one" / MANIFEST).exists():
        await asyncio.sleep(0.01)

    assert "being exported already" in await refusal(home, "export", tmp_path / "two")
    assert await first == 0


async def test_what_is_wrong_with_an_export_is_told_and_nothing_is_changed(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    creations = exported / "creation.jsonl"
    first, _, others = creations.read_bytes().partition(b"\n")
    broken = {**json.loads(first), "a\x1b[31mb": 1}
    creations.write_bytes(json.dumps(broken).encode() + b"\n" + others + b"broken\n" * 1000)

    assert await take_in(Settings(home=tmp_path / "new"), exported / MANIFEST) == 1

    told = capsys.readouterr().err
    assert "creation.jsonl, line 1, a�[31mb: Extra inputs are not permitted\n" in told
    assert "creation.jsonl, line 21: this is no JSON\n" in told
    assert "… and 996 more.\nNothing was changed.\n" in told
    assert await bring_out(Settings(home=tmp_path / "new"), tmp_path / "empty") == 0
    assert set(texts(tmp_path / "empty").values()) == {b""}


async def test_damaged_media_are_told_and_nothing_is_changed(
    exported: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = min((exported / "media").rglob("*.png"))
    picture.write_bytes(picture.read_bytes()[::-1])

    assert await take_in(Settings(home=tmp_path / "new"), exported) == 1

    told = capsys.readouterr().err
    assert f"{picture.relative_to(exported)}: the file is damaged" in told
    assert not (tmp_path / "new" / "media").exists()


async def test_folders_that_cannot_be_used_are_told(
    home: Path, exported: Path, tmp_path: Path
) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "holiday.jpg").touch()
    (tmp_path / "file").touch()
    manifest = json.loads((exported / MANIFEST).read_text())
    for name, change in (("newer", {"version": 2}), ("unfinished", {"stage": "media"})):
        (tmp_path / name).mkdir()
        (tmp_path / name / MANIFEST).write_text(json.dumps(manifest | change))

    for command, name, words in (
        ("export", "out", "holds a whole export already"),
        ("export", "taken", "is not empty"),
        ("export", "file", "file exists"),
        ("export", "file/below", "not a directory"),
        ("import", "nothing", "There is no export in"),
        ("import", "taken", "There is no export in"),
        ("import", "file", "There is no export in"),
        ("import", "newer", "by a newer Jamfeed (version 2, this one reads 1)"),
        ("import", "unfinished", "was broken off"),
    ):
        assert words in await refusal(home, command, tmp_path / name), (command, name)
    assert "/proc/jamfeed" in await refusal(home, "export", Path("/proc/jamfeed"))


async def test_where_there_is_no_feed_none_is_exported(tmp_path: Path) -> None:
    said = await refusal(tmp_path / "typo", "export", tmp_path / "out")

    assert "there is no feed in it" in said
    assert list(tmp_path.iterdir()) == []


async def test_numbers_that_the_feed_gave_to_something_else_are_refused(
    exported: Path, tmp_path: Path, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    store = opened(other, clock, Bus())
    await join(store, "Somebody")
    await store.close()

    assert await take_in(Settings(home=other), exported) == 1

    told = capsys.readouterr().err
    assert "member.jsonl, line 1, id: 1 is something else in this feed already\n" in told
    assert await bring_out(Settings(home=other), tmp_path / "same") == 0
    assert texts(tmp_path / "same")["member.jsonl"].count(b"\n") == 1


@pytest.mark.parametrize("command", ["export", "import"])
async def test_who_stops_it_reads_how_to_go_on(
    home: Path,
    exported: Path,
    tmp_path: Path,
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = exported if command == "import" else tmp_path / "next"
    settings = Settings(home=tmp_path / "new" if command == "import" else home)
    run = take_in if command == "import" else bring_out
    real = porting._Lines.tell

    def stop(lines: porting._Lines, step: Step) -> None:
        real(lines, step)
        if step.doing in {Doing.WRITE, Doing.ADD} and step.what == "creation":
            running.cancel()

    with monkeypatch.context() as patched:
        patched.setattr(porting._Lines, "tell", stop)
        running = asyncio.ensure_future(run(settings, folder))
        assert await running == 1
    assert capsys.readouterr().err == (
        f"Stopped. `jamfeed {command} {folder}` goes on from here.\n"
    )
    if command == "import":
        said = await refusal(tmp_path / "new", "export", tmp_path / "half")
        assert "was broken off" in said

    assert await run(settings, folder) == 0
    if command == "import":
        assert await bring_out(settings, tmp_path / "next") == 0
    assert texts(tmp_path / "next") == texts(exported)


ROOT = Path(__file__).parents[2]
FULL_DISK = """\
import asyncio, resource, sys
from pathlib import Path
from agents.wording import sentence
from bridges.porting import bring_out, take_in
from bridges.settings import Settings
from feed_core.errors import JamfeedError
run = {"export": bring_out, "import": take_in}[sys.argv[1]]
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[4]),) * 2)
try:
    asyncio.run(run(Settings(home=Path(sys.argv[2])), Path(sys.argv[3])))
except JamfeedError as error:
    print(type(error).__name__, sentence(error))
"""


def on_a_full_disk(command: str, home: Path, folder: Path, *, room: int) -> str:
    """A limit on the size of files stands for the end of the disk."""
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, command, str(home), str(folder), str(room)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()[-1]


async def test_a_full_disk_is_told_and_the_same_command_goes_on(
    tmp_path: Path, clock: FixedClock
) -> None:
    home = await furnished(tmp_path / "home", clock, count=150)

    said = on_a_full_disk("export", home, tmp_path / "out", room=40_000)  # SQLite wants 32,768

    assert said.startswith("NoSpace There is no room left for")
    assert not list((tmp_path / "out").rglob("*.part"))
    assert await bring_out(Settings(home=home), tmp_path / "out") == 0
    assert (tmp_path / "out" / "creation.jsonl").stat().st_size > 40_000

    said = on_a_full_disk("import", tmp_path / "new", tmp_path / "out", room=1_500_000)

    # SQLite calls a full disk by its name, but what a limit does a broken one.
    assert said.startswith("DatabaseAway The database does not answer right now.")
    assert await take_in(Settings(home=tmp_path / "new"), tmp_path / "out") == 0
    assert await bring_out(Settings(home=tmp_path / "new"), tmp_path / "again") == 0
    assert texts(tmp_path / "again") == texts(tmp_path / "out")
