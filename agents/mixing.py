"""How `agents.yaml` says that feeds are mixed."""

from dataclasses import replace

from pydantic import Field

from agents.strict import Strict
from feed_core.services.recipes import SHIPPED, Only, Order, Recipe


class Mix(Strict):
    """How one feed is mixed; what is left out is as in the recipe that comes with Jamfeed."""

    only: Only | None = None
    order: Order | None = None
    taste: float | None = Field(None, ge=0, le=10)
    quality: float | None = Field(None, ge=0, le=10)
    freshness: float | None = Field(None, ge=0, le=10)
    closeness: float | None = Field(None, ge=0, le=10)
    variety: float | None = Field(None, ge=0, le=1)
    in_a_row: int | None = Field(None, ge=1, le=20)
    explore: float | None = Field(None, ge=0, le=0.5)

    def over(self, shipped: Recipe) -> Recipe:
        """The recipe with what this says in place of what was shipped."""
        return replace(shipped, **self.model_dump(exclude_none=True))


class Feeds(Strict):
    """How each of the feeds is mixed."""

    for_you: Mix = Field(Mix(), alias="for-you")
    latest: Mix = Mix()
    jams: Mix = Mix()
    following: Mix = Mix()

    def recipe(self, feed: str) -> Recipe:
        """The recipe of the feed of this name."""
        mix: Mix = getattr(self, feed.replace("-", "_"))
        return mix.over(SHIPPED[feed])
