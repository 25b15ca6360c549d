"""Dialogs run the command many times; only what needs the installed one waits for its imports."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def all_of_it_warm(warm: None) -> None:
    """Every dialog wants it."""
