"""Dialogs run the command many times; only what needs the installed one waits for its imports."""

from collections.abc import Iterator

import pytest

from tests.dialogs.command import warm


@pytest.fixture(scope="session", autouse=True)
def warm_command() -> Iterator[None]:
    with warm():
        yield
