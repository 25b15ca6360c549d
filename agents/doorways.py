"""Addresses that open Jamfeed at something: an invitation, a jam."""

from collections.abc import Callable


class Doorways:
    """The addresses that there are, as each platform that has any makes them."""

    def __init__(self) -> None:
        self._made: dict[str, Callable[[str], str]] = {}

    def open(self, platform: str, address: Callable[[str], str]) -> None:
        """Let a platform make addresses, which carry at most 64 of A-Z, a-z, 0-9, _ and -."""
        self._made[platform] = address

    def to(self, carried: str) -> str:
        """An address that carries this; "" where no platform here has any."""
        return next((address(carried) for address in self._made.values()), "")
