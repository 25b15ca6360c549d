"""Takes pictures of what Discord shows: `python -m tests.discord_pictures CHROMIUM`.

The real client runs inside simcord, with a whole Jamfeed behind it; simcord's preview draws the
messages (`pip install "simcord[preview]"`), and a Chromium that is installed takes their pictures
for `docs/pictures`. Look at each one afterwards.
"""

import asyncio
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import simcord
from PIL import Image, ImageChops

from agents.acts.listing import all_acts
from agents.router import Router
from bridges.discord.client import JamfeedClient
from memory.embedding import Embedder
from tests.agents.world import opened_world
from tests.bridges.odd_acts import OPEN
from tests.fakes.clock import FixedClock

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
WIDTH = 620
BAR = 111  # pixels of simcord's own at the top
TALL = 1100
MARGIN = 16
LEFT, FAINT = 72, 4  # where messages begin; what differs less is the ground
GUTTER = (
    "The gutter: The gutter is a drum for nobody.\nAll night the rain plays on it,\n"
    "and the old roof sings along in tin.\nIn the morning the street is a mirror\n"
    "in which the sleepers find their city again. #rain #night"
)
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


async def main(chromium: str) -> None:
    """Play a scene, and take a picture of each of its main cards."""
    embedder = Embedder()
    router = Router(all_acts(), embedder)
    with tempfile.TemporaryDirectory() as folder:
        house = opened_world(Path(folder), embedder, router, FixedClock(NOON), profile=OPEN)
        async with house as world:
            env = simcord.Env(JamfeedClient(all_acts(), world.inbox, lambda: None))
            await env.start()
            env.backend.bot_user.name = "Jamfeed"
            try:
                await _scene(env, chromium)
            finally:
                await env.shutdown()


async def _scene(env: simcord.Env, chromium: str) -> None:
    channel = env.create_guild().create_text_channel("general")
    ana, ben = (env.guild.add_member(env.create_user(it)) for it in ("Ana", "Ben"))
    painted = await ana.slash(channel, "paint", prompt="rain on a tin roof")
    assert painted.response is not None
    await ana.click(painted.response, label="Publish")
    await ana.slash(channel, "create", words=GUTTER)
    shown = await ben.slash(channel, "show", creation="#1")
    assert shown.response is not None
    await ben.click(shown.response, label="Like")
    await _take(env, channel, ben, shown.response, "discord-creation.png", chromium)
    draft = await ben.slash(channel, "remix", sources="2", how="as an erasure poem")
    await _take(env, channel, ben, draft.response, "discord-draft.png", chromium)
    feed = await ben.slash(channel, "feed")
    await _take(env, channel, ben, feed.response, "discord-feed.png", chromium)
    said = await ana.send(channel, "It rained all night. The roof sang, and nobody could sleep.")
    summed = await ben.context_menu(channel, "Summarise from here", said)
    await _take(env, channel, ben, summed.response, "discord-summary.png", chromium)


async def _take(
    env: simcord.Env,
    channel: simcord.ChannelHandle,
    viewer: simcord.MemberActor,
    message: Any,
    name: str,
    chromium: str,
) -> None:
    async with env.preview(channel, viewers=[viewer], width=WIDTH, height=TALL) as preview:
        await preview.show(message)
        await asyncio.to_thread(
            subprocess.run,
            [
                chromium,
                "--headless",
                "--no-sandbox",
                "--hide-scrollbars",
                "--force-device-scale-factor=1",
                f"--window-size={WIDTH},{TALL}",
                "--virtual-time-budget=12000",
                f"--screenshot={PICTURES / name}",
                preview.url,
            ],
            check=True,
            capture_output=True,
            timeout=60,
        )
    await asyncio.to_thread(_crop, PICTURES / name)


def _crop(picture: Path) -> None:
    """Leave out what the preview draws round the message."""
    with Image.open(picture) as drawn:
        shown = drawn.convert("RGB").crop((0, BAR, WIDTH - MARGIN, TALL - MARGIN))
    said = shown.crop((LEFT, MARGIN, shown.width, shown.height)).convert("L")
    ground = Image.new("L", said.size, said.getpixel((said.width - 2, 4)))
    differs = ImageChops.difference(said, ground).point(lambda it: 255 * (it > FAINT))
    _, top, _, bottom = differs.getbbox() or (0, 0, 0, said.height)
    box = (0, top, shown.width, min(shown.height, bottom + 2 * MARGIN))
    shown.crop(box).save(picture, optimize=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
