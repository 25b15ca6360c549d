"""Memes with figures: talk in bubbles, a choice in two panels, a fork in the road."""

import math
from collections.abc import Sequence
from random import Random

from PIL import Image

from agents.makers.memes.stage import SCHEMES, SIDE, Colors, Sheet, blended
from agents.makers.memes.typesetting import BOLD, PLAIN, Color, fitted, write

WHITE = (255, 255, 255)
SPEAKERS = ("cat", "owl", "rabbit", "bird", "snail", "fish", "whale", "mushroom", "house", "tree")


def speech(parts: Sequence[str], picture: Image.Image | None, random: Random) -> Image.Image:
    """Two creatures talk: a bubble for every part, from one and the other in turn."""
    colors = random.choice(SCHEMES)
    first, second = random.sample(SPEAKERS[:6], 2)
    most = 1240 / len(parts) - 150
    rooms = [170 + min(320, most, 1.35 * len(it)) for it in parts]
    sheet = Sheet(SIDE, round(sum(rooms)) + 470, colors.ground)
    ground = sheet.height - 120
    sheet.ellipse(SIDE * 0.5, ground - 250, 330, 330, colors.second)
    sheet.panel((0, ground, SIDE, sheet.height), colors.cool)
    y = 46.0
    for number, (text, room) in enumerate(zip(parts, rooms, strict=True)):
        left = number % 2 == 0
        block = fitted(text, PLAIN, width=640, height=room - 80, largest=58)
        wide, high = max(190.0, block.width + 84), block.height + 62
        x0 = 52.0 if left else SIDE - 52 - wide
        box = (x0, y, x0 + wide, y + high)
        sheet.shade(box, 44)
        tip = (250.0 if left else SIDE - 250.0, min(y + high + 64, ground - 250))
        foot = x0 + wide * (0.3 if left else 0.7)
        sheet.polygon([(foot - 26, y + high - 8), (foot + 26, y + high - 8), tip], WHITE)
        sheet.panel(box, WHITE, radius=44)
        write(sheet.draw, block, (x0 + wide / 2, y + 26), colors.ink)
        y += max(high + 40, room)
    sheet.creature(
        first,
        (90, ground - 282, 290),
        colors.ink,
        flip=first in {"bird", "fish"},
        holes=colors.ground,
    )
    sheet.creature(
        second,
        (SIDE - 380, ground - 282, 290),
        colors.bright,
        flip=second == "snail",
        holes=colors.ground,
    )
    return sheet.image


def choice(parts: Sequence[str], picture: Image.Image | None, random: Random) -> Image.Image:
    """Two panels: what a round fellow turns down, and what they are glad of."""
    colors = random.choice(SCHEMES)
    sheet = Sheet(SIDE, SIDE, colors.ground)
    for row, (text, glad) in enumerate(zip(parts[:2], (False, True), strict=True)):
        top = row * SIDE / 2
        sheet.panel((0, top, SIDE * 0.47, top + SIDE / 2), colors.cool if glad else colors.second)
        sheet.panel((SIDE * 0.47, top, SIDE, top + SIDE / 2), WHITE if glad else colors.ground)
        _fellow(sheet, SIDE * 0.235, top + SIDE * 0.265, colors, glad=glad)
        block = fitted(
            text, BOLD, width=SIDE * 0.53 - 90, height=SIDE / 2 - 90, largest=84, lines=6
        )
        middle = (SIDE * 0.735, top + SIDE / 4 - block.height / 2)
        write(sheet.draw, block, middle, colors.ink)
    sheet.panel((0, SIDE / 2 - 4, SIDE, SIDE / 2 + 4), colors.ink)
    sheet.panel((SIDE * 0.47 - 4, 0, SIDE * 0.47 + 4, SIDE), colors.ink)
    return sheet.image


def crossroads(parts: Sequence[str], picture: Image.Image | None, random: Random) -> Image.Image:
    """A road that forks under two signs; whoever is named third (or "me") takes the wrong one."""
    colors = random.choice(SCHEMES)
    sheet = Sheet(SIDE, SIDE, colors.ground)
    horizon = SIDE * 0.47
    sheet.ellipse(SIDE * 0.5, horizon, 250, 250, colors.second)
    sheet.panel((0, horizon, SIDE, SIDE), colors.cool)
    road, stripe = (74, 72, 80), (250, 236, 190)
    sheet.polygon([(360, SIDE), (720, SIDE), (600, 760), (480, 760)], road)
    sheet.polygon([(480, 765), (545, 765), (300, horizon), (190, horizon)], road)
    sheet.polygon([(535, 765), (600, 765), (890, horizon), (780, horizon)], road)
    sheet.polygon([(470, 800), (610, 800), (600, 740), (480, 740)], road)
    for low, high in ((1075, 1010), (975, 920), (890, 845)):
        sheet.line([(SIDE / 2, low), (SIDE / 2, high)], 10, stripe)
    for x, text, sure in ((268, parts[0], False), (812, parts[1], True)):
        sheet.panel((x - 9, 330, x + 9, 650), colors.ink)
        box = (x - 232, 92, x + 232, 360)
        sheet.shade(box, 22)
        sheet.panel(box, WHITE if not sure else colors.bright, radius=22)
        sheet.panel((box[0] + 9, box[1] + 9, box[2] - 9, box[3] - 9), colors.ink, radius=16)
        inner = (box[0] + 13, box[1] + 13, box[2] - 13, box[3] - 13)
        sheet.panel(inner, WHITE if not sure else colors.bright, radius=13)
        block = fitted(text, BOLD, width=410, height=226, largest=64, lines=5)
        tint = colors.ink if not sure else WHITE
        write(sheet.draw, block, (x, 226 - block.height / 2), tint)
    _arrow(sheet, [(545, 900), (575, 790), (660, 690), (752, 590)], colors.bright)
    who = parts[2] if len(parts) > 2 else ""
    sheet.creature("snail", (430, 832, 190), WHITE, holes=colors.ink)
    if who:
        block = fitted(who, BOLD, width=330, height=88, largest=44, lines=2)
        left, top = 425 - block.width - 48, 878.0
        sheet.panel((left, top, 425, top + block.height + 22), WHITE, radius=18)
        write(sheet.draw, block, ((left + 425) / 2, top + 6), colors.ink)
    return sheet.image


def _fellow(sheet: Sheet, x: float, y: float, colors: Colors, *, glad: bool) -> None:
    """A round fellow, glad or not."""
    ink, skin = colors.ink, (252, 222, 140) if glad else (240, 190, 130)
    sheet.ellipse(x, y + 236, 150, 26, blended(colors.second, colors.ink, 0.2))
    for side in (-1, 1):
        sheet.line([(x + side * 52, y + 150), (x + side * 58, y + 236)], 26, ink)
    if glad:
        for side in (-1, 1):
            sheet.line([(x + side * 140, y + 20), (x + side * 205, y - 118)], 26, ink)
            sheet.ellipse(x + side * 207, y - 128, 26, 26, skin)
    else:
        sheet.line([(x + 130, y + 40), (x + 196, y - 46)], 26, ink)
        sheet.ellipse(x + 200, y - 66, 33, 38, skin)  # a flat hand that says no
        for finger in range(4):
            top = x + 176 + finger * 16
            sheet.line([(top, y - 80), (top - 8 + finger * 6, y - 132)], 12, skin)
        sheet.line([(x + 176, y - 62), (x + 152, y - 88)], 13, skin)
        sheet.line([(x - 140, y + 30), (x - 176, y + 120)], 26, ink)
    sheet.ellipse(x, y, 168, 166, ink)
    sheet.ellipse(x, y, 160, 158, skin)
    turn = 0 if glad else -34
    for side in (-1, 1):
        ex = x + turn + side * 52
        if glad:
            _arc(sheet, ex, y - 22, 30, (200, 340), ink)
        else:
            sheet.line([(ex - 26, y - 30), (ex + 26, y - 30)], 10, ink)
            sheet.ellipse(ex - 8, y - 20, 11, 13, ink)
            sheet.line([(ex - 30, y - 62 - side * 10), (ex + 30, y - 62 + side * 10)], 9, ink)
        sheet.ellipse(x + turn + side * 98, y + 30, 24, 16, (240, 150, 120))
    if glad:
        _mouth(sheet, x, y + 28, ink)
    else:
        _arc(sheet, x + turn, y + 92, 44, (205, 335), ink)


def _arc(sheet: Sheet, x: float, y: float, r: float, span: tuple[int, int], color: Color) -> None:
    points = [
        (x + r * math.cos(math.radians(a)), y + r * math.sin(math.radians(a)))
        for a in range(span[0], span[1] + 1, 8)
    ]
    sheet.line(points, 11, color)


def _mouth(sheet: Sheet, x: float, y: float, color: Color) -> None:
    points = [
        (x + 70 * math.cos(math.radians(a)), y + 62 * math.sin(math.radians(a)))
        for a in range(0, 181, 6)
    ]
    sheet.polygon(points, color)
    tongue = [(px * 0.6 + x * 0.4, py * 0.5 + (y + 40) * 0.5 + 6) for px, py in points]
    sheet.polygon(tongue, (226, 92, 92))


def _arrow(sheet: Sheet, points: list[tuple[float, float]], color: Color) -> None:
    sheet.line(points, 20, color)
    (ax, ay), (bx, by) = points[-2:]
    angle = math.atan2(by - ay, bx - ax)
    head = [
        (bx + 44 * math.cos(angle + turn), by + 44 * math.sin(angle + turn))
        for turn in (0, 2.4, -2.4)
    ]
    sheet.polygon(head, color)
