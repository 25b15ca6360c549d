"""Memes in steps: what grows brighter, and what eats what."""

from collections.abc import Sequence
from random import Random

from PIL import Image

from agents.makers.memes.stage import SCHEMES, SIDE, Sheet, blended
from agents.makers.memes.typesetting import BOLD, Color, fitted, write
from agents.makers.painters.motifs import outlines

WHITE = (255, 255, 255)
LIGHTS = ("candle", "lighthouse", "moon", "star")
NIGHTS: Sequence[Color] = ((34, 32, 48), (44, 42, 84), (70, 54, 130), (122, 62, 160))
GLOWS: Sequence[Color] = ((255, 176, 88), (255, 208, 110), (255, 236, 170), (255, 255, 255))


def levels(parts: Sequence[str], picture: Image.Image | None, random: Random) -> Image.Image:
    """Three or four lights, each brighter than the last, and what each of them stands for."""
    count = min(4, len(parts))
    high = 330 if count > 3 else 350
    sheet = Sheet(SIDE, high * count, WHITE)
    ink = (38, 34, 46)
    lights = LIGHTS if count > 3 else LIGHTS[:1] + LIGHTS[2:]
    for row, text in enumerate(parts[:count]):
        top = row * high
        step = row + (4 - count if row else 0)
        block = fitted(text, BOLD, width=SIDE * 0.54 - 70, height=high - 60, largest=62, lines=5)
        write(sheet.draw, block, (SIDE * 0.27, top + high / 2 - block.height / 2), ink)
        panel = Sheet(SIDE // 2 - 20, high, NIGHTS[step])
        x, y = panel.width / 2, high / 2
        for ring in range(5, 0, -1):
            reach = (40 + 34 * step) * ring * 0.62
            share = 0.05 + 0.035 * step
            tone = blended(NIGHTS[step], GLOWS[step], share * (6 - ring))
            panel.ellipse(x, y, reach, reach, tone)
        if step >= 2:
            panel.rays(x, y, 900, 9 + 5 * step, GLOWS[step], 0.10 + 0.07 * (step - 1))
        size = 190 + 14 * step
        panel.creature(
            lights[row], (x - size / 2, y - size / 2, size), GLOWS[step], holes=NIGHTS[step]
        )
        sheet.image.paste(panel.image, (SIDE - panel.width, top))
        if row:
            sheet.panel((0, top - 3, SIDE, top + 3), ink)
    sheet.panel((SIDE // 2 + 17, 0, SIDE // 2 + 23, sheet.height), ink)
    return sheet.image


def chain(parts: Sequence[str], picture: Image.Image | None, random: Random) -> Image.Image:
    """Fish that are about to be eaten by larger ones, each with its name on it."""
    colors = random.choice(SCHEMES)
    deep = blended(colors.cool, (20, 60, 110), 0.45)
    sheet = Sheet(SIDE, 860, deep)
    for number in range(7):
        share = number / 7
        tone = blended(deep, (230, 248, 255), 0.16 * (1 - share))
        sheet.panel((0, number * 123, SIDE, number * 123 + 123), tone)
    for _ in range(34):
        r = random.uniform(3, 13)
        spot = (random.uniform(0, SIDE), random.uniform(0, 860))
        sheet.ellipse(*spot, r, r, blended(deep, WHITE, 0.3))
    count = min(3, len(parts))
    spots = ((40, 470, 300), (230, 210, 430), (470, 40, 640))[-count:]
    tints = (colors.second, colors.bright, colors.ground)[-count:]
    for text, (x, y, size), tint in zip(parts[:count], spots, tints, strict=True):
        (body, _), (fin, _) = outlines("fish")[:2]
        for outline in (body, fin):
            sheet.polygon([(x + px * size / 100, y + py * size / 100) for px, py in outline], tint)
        sheet.ellipse(x + size * 0.17, y + size * 0.44, size * 0.03, size * 0.03, colors.ink)
        block = fitted(text, BOLD, width=size * 0.42, height=size * 0.25, largest=60, lines=4)
        middle = (x + size * 0.43, y + size * 0.5 - block.height / 2)
        write(sheet.draw, block, middle, colors.ink)
    return sheet.image
