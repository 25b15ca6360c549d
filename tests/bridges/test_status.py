from pathlib import Path

import pytest

from bridges.settings import Settings
from bridges.status import tell
from feed_core.errors import ConfigurationError
from tests.fakes.community import new_file


async def test_a_new_feed_owes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new_file(tmp_path)
    await tell(Settings(home=tmp_path))

    said = capsys.readouterr().out.splitlines()
    assert len(said) == 9
    assert said[0] == "digests     0 to be composed"
    assert "none" in said[1]
    assert said[8] == "for digests no model was asked; 0 digests made today"


async def test_where_there_is_no_feed_a_sentence_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no feed in it"):
        await tell(Settings(home=tmp_path / "typo"))

    assert not (tmp_path / "typo").exists()
