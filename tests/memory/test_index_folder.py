import asyncio
import json
import random
import shutil
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from feed_core.errors import ConfigurationError
from memory.embedding import Embedder
from memory.index import UNREADABLE, Index
from memory.index_folder import FORMAT, MARKER
from tests.memory.test_index import entries


def index_in(folder: Path) -> Index:
    return Index(folder, embedder=Embedder.name, dimension=Embedder.dimension)


async def refusal(folder: Path) -> ConfigurationError:
    """What start-up says of this folder."""
    index = index_in(folder)
    try:
        with pytest.raises(ConfigurationError) as caught:
            await index.census()
    finally:
        await index.close()
    assert caught.value.setting == str(folder)
    assert caught.value.mend
    return caught.value


async def made_anew(folder: Path) -> None:
    """The index of this folder is emptied, told so, and filled again as any other is."""
    with capture_logs() as log:
        index = index_in(folder)
        index.check()
    assert [it["event"] for it in log] == ["memory_index_made_anew"]
    assert [it.name for it in folder.iterdir()] == [MARKER]
    assert await index.census() == {}
    await index.put(entries(1, range(1, 4)))
    await index.close()
    again = index_in(folder)
    with capture_logs() as log:
        assert await again.census() == {0: 3}
    assert not log
    await again.close()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a closed index, large enough to have its graph in files; to be copied."""
    folder = tmp_path_factory.mktemp("sound") / "index"

    async def write() -> None:
        index = index_in(folder)
        await index.put(entries(1, range(1, 1_101)))
        await index.close()

    asyncio.run(write())
    return folder


@pytest.fixture
def written(sound: Path, tmp_path: Path) -> Path:
    """The folder of a closed index whose graph is in files."""
    return shutil.copytree(sound, tmp_path / "index")


def segment(folder: Path) -> Path:
    return next(entry for entry in folder.iterdir() if entry.is_dir())


async def test_a_sound_folder_opens_again(written: Path) -> None:
    index = index_in(written)
    index.check()
    assert await index.census() == {0: 1_100}
    await index.close()


async def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    assert "not empty" in (await refusal(tmp_path)).problem
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.doc"]


async def test_a_file_in_the_folders_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("years of work")
    assert "a file stands where" in (await refusal(tmp_path / "index")).problem
    assert "a file stands where" in (await refusal(tmp_path / "index" / "deeper")).problem
    assert (tmp_path / "index").read_text() == "years of work"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"format": "x"}', b"\xff\xfe"])
async def test_an_index_with_an_unreadable_marker_is_made_anew(
    written: Path, content: bytes
) -> None:
    (written / MARKER).write_bytes(content)
    await made_anew(written)


async def test_an_index_of_another_embedder_is_made_anew(written: Path) -> None:
    (written / MARKER).write_text(
        json.dumps({"format": FORMAT, "embedder": "other", "dimension": 768})
    )
    await made_anew(written)


async def test_an_index_of_a_newer_jamfeed_is_named(tmp_path: Path) -> None:
    (tmp_path / MARKER).write_text(
        json.dumps({"format": FORMAT + 1, "embedder": Embedder.name, "dimension": 384})
    )
    assert "newer" in (await refusal(tmp_path)).problem


async def test_a_crash_while_marking_a_new_folder_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / f"{MARKER}.new").write_text("{")
    index = index_in(tmp_path)
    assert await index.census() == {}
    await index.close()


@pytest.mark.parametrize("damage", ["half", "garbage", "empty pages"])
async def test_an_index_with_a_damaged_database_is_made_anew(written: Path, damage: str) -> None:
    file = written / "chroma.sqlite3"
    content = file.read_bytes()
    file.write_bytes(
        {
            "half": content[: len(content) // 2],
            "garbage": random.Random(1).randbytes(len(content)),
            "empty pages": content[:4_096] + bytes(len(content) - 4_096),
        }[damage]
    )
    await made_anew(written)


@pytest.mark.parametrize(
    "name",
    ["header.bin", "data_level0.bin", "length.bin", "link_lists.bin", "index_metadata.pickle"],
)
@pytest.mark.parametrize("damage", ["gone", "empty"])
async def test_a_graph_with_a_file_lost_is_made_anew(written: Path, name: str, damage: str) -> None:
    file = segment(written) / name
    file.unlink()
    if damage == "empty":
        file.write_bytes(b"")
    await made_anew(written)  # before any native code sees it


@pytest.mark.parametrize("name", ["header.bin", "data_level0.bin", "length.bin"])
async def test_a_graph_with_a_file_cut_short_is_made_anew(written: Path, name: str) -> None:
    file = segment(written) / name
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    await made_anew(written)


async def test_a_graph_with_a_header_of_garbage_is_made_anew(written: Path) -> None:
    file = segment(written) / "header.bin"
    file.write_bytes(random.Random(1).randbytes(file.stat().st_size))
    await made_anew(written)


async def test_a_graph_whose_names_are_garbage_is_thrown_away_and_filled_again(
    written: Path,
) -> None:
    file = segment(written) / "index_metadata.pickle"
    file.write_bytes(random.Random(1).randbytes(file.stat().st_size))
    index = index_in(written)
    assert await index.census() == {0: UNREADABLE}
    await index.drop_shard(0)
    await index.put(entries(1, range(1, 4)))
    assert await index.census() == {0: 3}
    await index.close()


async def test_a_small_index_has_no_graph_in_files_and_opens_again(tmp_path: Path) -> None:
    for round_number in range(1, 4):
        index = index_in(tmp_path)
        assert await index.census() == ({0: round_number - 1} if round_number > 1 else {})
        await index.put(entries(1, range(round_number, round_number + 1)))
        await index.close()


async def test_an_index_of_an_earlier_format_is_emptied_to_be_filled_again(
    written: Path,
) -> None:
    marker = json.loads((written / MARKER).read_text())
    (written / MARKER).write_text(json.dumps(marker | {"format": FORMAT - 1}))
    index = index_in(written)
    assert await index.census() == {}
    await index.put(entries(1, range(1, 4)))
    await index.close()
    again = index_in(written)
    assert await again.census() == {0: 3}
    await again.close()
