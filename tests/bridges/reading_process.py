"""A process that reads a thread for somebody, and whose model never ends the last answer."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from agents.gisting import said_in
from agents.passages import Passage
from agents.readings import READ, Readings
from agents.summary import PartRead
from agents.turn import Writing
from bridges.durable.jobs import Kind
from bridges.durable.work import Durable
from feed_core.bus import Bus
from feed_core.clock import SystemClock
from feed_core.services.sight import Reader
from feed_core.store import Store
from tests.fakes.community import opened

Form = TypeVar("Form", bound=BaseModel)


class Model:
    """Notes each call in a file, and `answers` all or only those about parts of a thread."""

    room = 12_000

    def __init__(self, folder: Path, *, answers: bool) -> None:
        self._calls, self._answers = folder / "calls", answers

    @property
    def calls(self) -> list[str]:
        """What was asked for, by whichever process."""
        return self._calls.read_text().split()

    async def write(self, **_: object) -> Writing:
        raise AssertionError("nothing is written")

    async def fill(self, form: type[Form], **_: object) -> Form:
        with self._calls.open("a") as file:
            print(form.__name__, file=file)
        if form is PartRead:
            return form.model_validate({"points": [], "questions": []})
        if not self._answers:
            print("reading", flush=True)
            await asyncio.Event().wait()
        return form.model_validate({"gist": "Rain.", "points": [], "questions": [], "voices": []})


def desk(folder: Path, store: Store, model: Model) -> tuple[Readings, Durable]:
    """Who reads threads in this folder, and what makes it last."""
    readings = Readings(store, model)
    durable = Durable(folder / "durable.db", {Kind.SUMMARY: readings.read})
    readings.durably = durable.read
    return readings, durable


async def said(store: Store, reader: Reader) -> list[Passage]:
    """What the first thread says."""
    async with store.read() as view:
        return await said_in(view, 1, reader, limit=READ)


async def go(folder: Path) -> None:
    store = opened(folder, SystemClock(), Bus())
    readings, durable = desk(folder, store, Model(folder, answers=False))
    await durable.launch()
    await readings.see_read(await said(store, Reader(1)), Reader(1))


def main(arguments: Sequence[str]) -> None:
    """Arguments: the folder."""
    asyncio.run(go(Path(arguments[0])))
