"""Runs migrations on the SQLite database that `feed_core.migrating` names, all of them or none."""

from typing import Any

from alembic import context
from sqlalchemy import URL, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

engine = create_engine(URL.create("sqlite", database=str(context.config.attributes["path"])))


@event.listens_for(engine, "connect")
def settle(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # else the driver commits before each CREATE TABLE


@event.listens_for(engine, "begin")
def start(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


with engine.connect() as connection:
    context.configure(connection=connection, render_as_batch=True, transactional_ddl=True)
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
