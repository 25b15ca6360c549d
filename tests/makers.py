"""The page of all makers with what each makes of the same texts, and sheets of their pictures."""

import io
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from agents.makers.choosing import makers
from agents.makers.making import Maker, NothingToMake, Source
from agents.makers.meme import make_meme
from agents.makers.memes.templates import Template
from agents.makers.painting import PAINTERS, paint
from agents.tongues import name_of

RAIN = Source(
    1,
    "Ana",
    "Rain on the tin roof",
    "All night the rain plays the same old song on the tin roof.\n"
    "The gutter keeps time like a drum that nobody bought.\n"
    "Under the blanket I count the seconds between the drops and lose.\n"
    "By morning the street is a mirror, and the sparrows drink the sky.",
)
HARBOUR = Source(
    2,
    "Ben",
    "The harbour in winter",
    "The boats lie upside down on the quay and dream of their own keels.\n"
    "A gull walks over the ice as if it owned a letter for somebody.\n"
    "My grandmother sold buttons here, one by one, out of a tin.\n"
    "When the fog lifts, the lighthouse looks surprised to find us awake.",
)
HEAD = """\
# Makers

What agents write and draw with when there is no language model, and on request when there is one:
procedures with a tradition of their own. They are quick, the same words and turn give the same
result, *Again* takes the next turn, and every result says which procedure made it. A remix names
them in its wish: `/remix 1,2 as a cento`. Words that ask for a picture go to the painter they name:
`/paint linocut of a heron`.

## Texts

Each made this of [the same two texts](#what-they-were-given).
"""
GIVEN = """\
## What they were given
"""
PICTURES = """\
## Pictures

All painters, asked for *rain over the harbour*:

![A sheet of pictures: {painters}.](pictures/painters.jpg)

All meme templates:

![A sheet of memes: {memes}.](pictures/memes.jpg)

The fonts come along; letters that none of them has are refused, with a sentence.
"""
CELL, LABEL, COLUMNS, MARGIN = 300, 30, 4, 12
WORDS = "when it rains / and the laundry is out / again"


def makers_page() -> str:
    """Every maker: what it does, whose idea it was, its languages, and something made by it."""
    given = [f"*{it.title}*, by {it.maker_name}\n\n{quoted(it.body)}\n" for it in (RAIN, HARBOUR)]
    pictures = PICTURES.format(
        painters=", ".join(it.name for it in PAINTERS),
        memes=", ".join(it.value for it in templates()),
    )
    return "\n".join([HEAD, *(explained(it) for it in makers()), GIVEN, *given, pictures])


def explained(maker: Maker) -> str:
    """One maker."""
    told = (sys.modules[type(maker).__module__].__doc__ or "").strip()
    languages = sorted(it.value for it in maker.languages)
    named = [name_of(it) for it in languages if it != "other"]
    if "other" in languages:
        named.append("others too")
    return "\n".join(
        [f"### {maker.name}", "", told, "", f"*{', '.join(named)}*", "", made_by(maker), ""]
    )


def made_by(maker: Maker) -> str:
    """What it makes of both texts, or of the one that is enough for it."""
    for sources in ([RAIN, HARBOUR], [RAIN], [HARBOUR]):
        try:
            made = maker.make(sources, wish="", seed=0)
        except NothingToMake:
            continue
        return f"**{made.title}**\n\n{quoted(made.body)}"
    raise ValueError(f"{maker.name} makes nothing of the texts that all are shown with")


def quoted(text: str) -> str:
    """A text line by line, spaces kept."""
    return "```text\n" + text.rstrip() + "\n```"


def templates() -> list[Template]:
    """Those that can be shown."""
    return [it for it in Template if it is not Template.AUTO]


def sheets(folder: Path) -> None:
    """Draw both sheets."""
    painted = [
        (it.name, paint(f"{it.name} of rain over the harbour", seed=1).png) for it in PAINTERS
    ]
    memes = [
        (it.value, make_meme(WORDS, template=it, picture=None, shows="", seed=2).png)
        for it in templates()
    ]
    _sheet(painted).save(folder / "painters.jpg", quality=80, optimize=True)
    _sheet(memes).save(folder / "memes.jpg", quality=80, optimize=True)


def _sheet(pictures: Sequence[tuple[str, bytes]]) -> Image.Image:
    rows = -(-len(pictures) // COLUMNS)
    width = COLUMNS * (CELL + MARGIN) + MARGIN
    page = Image.new("RGB", (width, rows * (CELL + LABEL + MARGIN) + MARGIN), "#f6f3ec")
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(18)
    for number, (name, png) in enumerate(pictures):
        row, column = divmod(number, COLUMNS)
        left, top = MARGIN + column * (CELL + MARGIN), MARGIN + row * (CELL + LABEL + MARGIN)
        with Image.open(io.BytesIO(png)) as picture:
            small = picture.convert("RGB")
            small.thumbnail((CELL, CELL))
        page.paste(small, (left + (CELL - small.width) // 2, top + (CELL - small.height) // 2))
        pen.text((left, top + CELL + 4), name, font=font, fill="#3a352c")
    return page
