"""A migration newer than the newest, and what a schema differs in from the models."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from feed_core import database
from feed_core.database import Place
from feed_core.migrating import MIGRATIONS
from tests.feed_core.tables import all_tables

Newer = Callable[[str], tuple[Path, str]]
ADDS = """\
op.create_table("poem", sa.Column("id", sa.Integer(), primary_key=True))
with op.batch_alter_table("member") as member:
    member.add_column(sa.Column("mood", sa.String(), nullable=False, server_default=""))
"""


def stepped(place: Place, *, to: str = "head") -> None:
    """Take the database through the migrations one by one, up to this one."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(database.url(place))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
    engine.dispose()


def differences(place: Place) -> list[Any]:
    """What the database's schema has that the models do not describe, and the other way round."""
    engine = create_engine(database.url(place))
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": _is_described}
        )
        found: list[Any] = compare_metadata(context, all_tables())
    engine.dispose()
    return found


def _is_described(found: str | None, kind: str, _: object) -> bool:
    """Whether models could describe it: each kind of database keeps its word index differently."""
    index = ("word_index", "title_index", "indexed_words")
    return not (kind == "table" and found and found.startswith(index))
