"""Parts that tests of the feed core share."""

import shutil
from pathlib import Path
from textwrap import indent

import pytest

from feed_core.migrating import HEAD, MIGRATIONS
from tests.feed_core.schemas import Newer


@pytest.fixture
def newer(tmp_path_factory: pytest.TempPathFactory) -> Newer:
    """Puts one migration more after the newest; returns the folder and its revision."""

    def make(body: str) -> tuple[Path, str]:
        folder = tmp_path_factory.mktemp("newer") / "migrations"
        shutil.copytree(MIGRATIONS, folder)
        after = f"{int(HEAD) + 1:04}"
        (folder / "versions" / f"{after}_more.py").write_text(
            f"import sqlalchemy as sa\nfrom alembic import op\n\n"
            f"revision = {after!r}\ndown_revision = {HEAD!r}\n\n\n"
            f"def upgrade() -> None:\n{indent(body, '    ')}\n"
        )
        return folder, after

    return make
