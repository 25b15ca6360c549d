"""The way back to whoever waited longer than their platform does."""

from bridges.protocol import Bridge, Part


class Late:
    """Answers a message that its platform no longer waits for, by writing to its sender."""

    def __init__(self, bridge: Bridge, place_id: str | None, *, key: str) -> None:
        self._bridge, self._place_id, self._key = bridge, place_id, key

    async def stream(self, text: str) -> None:
        """Show nothing before the end."""

    async def show(self, part: Part) -> None:
        """Write to the sender in private; to nobody who cannot be written to."""
        if self._place_id is None:
            return
        await self._bridge.send(self._place_id, part, key=self._key)
