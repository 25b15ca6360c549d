"""An answer as text for a terminal."""

from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from agents.answer import Attachment, Card, Group, Line, Picture, Recording
from bridges.beforehand import Press
from bridges.protocol import Part
from bridges.showing import hashtags

MARGIN = "  "


def render(part: Part, pictures: Path, *, already: str = "") -> Text:
    """The part in lines; files are written to a folder and named.

    `already` is what of the text was shown while it grew.
    """
    blocks = [Text(part.text.removeprefix(already).strip("\n"))] if part.text != already else []
    blocks += [_group(it) for it in part.groups]
    blocks += [_card(it, pictures) for it in part.cards]
    blocks += [
        _file(it, "file" if isinstance(it, Attachment) else "picture", pictures)
        for it in part.pictures
    ]
    if part.buttons:
        blocks.append(_buttons(part.buttons))
    return Text("\n").join(blocks)


def _group(group: Group) -> Text:
    lines = [Text(group.title, "bold underline"), *(_line(it) for it in group.lines)]
    return Text("\n").join(lines)


def _line(line: Line) -> Text:
    number = f"{line.number:>2}" if line.number else " •"
    parts = [Text.assemble((f"{number}  ", "bold cyan"), (line.title, "bold"), f"  {line.ref}")]
    told = " · ".join(filter(None, line.told))
    parts += [Text(f"    {it}", style) for it, style in ((told, "dim"), (line.words, "")) if it]
    return Text("\n").join(parts)


def _card(card: Card, pictures: Path) -> Text:
    lines = [Text.assemble((f"{card.ref} ", "bold cyan"), (card.title, "bold"))]
    lines += [Text(f"{MARGIN}{card.notice}", "yellow")] if card.notice else []
    lines += [Text(f"{MARGIN}{it}") for it in card.body.splitlines()]
    lines += [Text(f"{MARGIN}{it}") for it in (card.link, hashtags(card), card.hint) if it]
    if card.picture is not None:
        lines.append(_file(card.picture, "picture", pictures))
    if card.recording is not None:
        kind = "video" if card.recording.is_video else "recording"
        lines.append(_file(card.recording, kind, pictures))
    told = [card.byline, card.counts]
    if card.sources:
        told.append(f"from {', '.join(card.sources)}")
    if card.reason:
        told.append(f"why: {card.reason}")
    lines.append(Text(f"{MARGIN}{' · '.join(filter(None, told))}", "dim"))
    return Text("\n").join(lines)


def _file(file: Picture | Recording, kind: str, folder: Path) -> Text:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file.name
    path.write_bytes(file.content)
    alt = file.alt.partition("\n")[0]
    return Text.assemble(f"{MARGIN}[{kind}] {alt}\n{MARGIN}", (str(path), "underline"))


def _buttons(buttons: Sequence[Press]) -> Text:
    return Text(f"{MARGIN}→ {'  ·  '.join(it.command for it in buttons)}", "green")
