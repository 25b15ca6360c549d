"""Every table there is, also one that nothing else imports yet."""

from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import MetaData
from sqlmodel import SQLModel

import feed_core.models


def all_tables() -> MetaData:
    for module in iter_modules(feed_core.models.__path__):
        import_module(f"feed_core.models.{module.name}")
    return SQLModel.metadata
