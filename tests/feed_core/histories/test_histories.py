"""Whatever members do in whatever order, lineage and consent hold, and nobody sees too much.

A few histories, always the same, are lived through by every run of the tests. For many more,
others each time: `pytest --hypothesis-profile=long tests/feed_core/histories`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from feed_core.database import Place
from tests.conftest import KINDS, LONG
from tests.fakes.community import new_file
from tests.feed_core.histories.crowd import Community
from tests.feed_core.histories.machine import Places

FEW = settings(
    max_examples=5,
    stateful_step_count=20,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(params=KINDS)
def places(request: pytest.FixtureRequest) -> Places:
    """A database for each history, with tables and nothing in them."""

    @contextmanager
    def file() -> Iterator[Place]:
        with TemporaryDirectory() as folder:
            yield new_file(Path(folder))

    @contextmanager
    def database() -> Iterator[Place]:
        server = request.getfixturevalue("postgres")
        name = server.lend()
        yield server.url(name)
        server.take_back(name)

    return file if request.param == "sqlite" else database


@pytest.mark.timeout(0)
def test_whatever_happens_nobody_sees_too_much_and_every_answer_holds(places: Places) -> None:
    class Here(Community):
        pass

    Here.places = staticmethod(places)
    long = settings.get_current_profile_name() == LONG
    run_state_machine_as_test(Here, settings=settings() if long else FEW)
