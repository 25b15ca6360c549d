"""What people see of the bot before they write to it: texts and a picture, where it has none."""

import asyncio
import io
from collections.abc import Mapping

from PIL import Image
from telegram import InputProfilePhotoStatic
from telegram.constants import BotDescriptionLimit

from bridges.telegram import links
from bridges.telegram.posting import Bot

SIDE = 640  # pixels of the picture
WISH, SEED = "a jar of jam in the morning sun", 7
# By language: what an empty chat shows, and what stands on the profile and beside shared links.
TEXTS: Mapping[str, tuple[str, str]] = {
    "": (
        "Here a community makes small things together, with AI and without: poems, pictures, "
        "memes. Everybody has an agent of their own that knows their taste, remixes with them and "
        "brings a digest at the hour they choose. Press Start.",
        "Make small things together, each with an agent of your own.",
    ),
    "de": (
        "Hier macht eine Gemeinschaft zusammen kleine Dinge, mit und ohne KI: Gedichte, Bilder, "
        "Memes. Jede und jeder hat einen eigenen Agenten, der den Geschmack kennt, mit remixt und "
        "zur gewünschten Stunde eine Auslese bringt. Drücke auf Start.",
        "Zusammen kleine Dinge machen, jeder mit einem eigenen Agenten.",
    ),
    "es": (
        "Aquí una comunidad hace cosas pequeñas en común, con IA y sin ella: poemas, dibujos, "
        "memes. Tendrás tu propio agente, que conoce tu gusto, remezcla contigo y trae un "
        "resumen a la hora elegida. Pulsa Iniciar.",
        "Hacer juntos cosas pequeñas, cada cual con su propio agente.",
    ),
}
assert all(len(it) <= BotDescriptionLimit.MAX_DESCRIPTION_LENGTH for it, _ in TEXTS.values())


async def present(bot: Bot) -> None:
    """Set the texts and the picture that are not there; what the operator chose stays.

    Raises the library's errors.
    """
    for language, (long, short) in TEXTS.items():
        code = language or None
        if not (await bot.get_my_description(code)).description:
            await bot.set_my_description(long, code)
        if not (await bot.get_my_short_description(code)).short_description:
            await bot.set_my_short_description(short, code)
    photos = await bot.get_user_profile_photos(bot.id, limit=1)
    if not photos.total_count:
        picture = await asyncio.to_thread(_picture)
        await bot.set_my_profile_photo(InputProfilePhotoStatic(picture))


def steps(bot: Bot) -> dict[str, str]:
    """What its operator clicks, by what it is for."""
    found = {
        "write to it": links.to(bot.username),
        "bring it into a group": f"{links.to(bot.username)}?startgroup=start",
    }
    if not bot.supports_inline_queries:
        found["switch inline mode on, send /setinline to"] = "https://t.me/BotFather"
    return found


def _picture() -> bytes:
    """A square picture as JPEG, which Telegram wants here."""
    from agents.makers.painting import paint  # takes its time to import

    painted = paint(WISH, seed=SEED)
    out = io.BytesIO()
    with Image.open(io.BytesIO(painted.png)) as picture:
        side = min(picture.size)
        left, top = (picture.width - side) // 2, (picture.height - side) // 2
        square = picture.convert("RGB").crop((left, top, left + side, top + side))
        square.resize((SIDE, SIDE)).save(out, "JPEG", quality=90)
    return out.getvalue()
