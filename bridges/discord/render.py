"""A part as Discord messages of components (https://docs.discord.com/developers/components)."""

import io
import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import discord
from discord import ui

from agents import creation_words
from agents.answer import Attachment, Card, Group, Line, Picture, Recording
from bridges.beforehand import Press
from bridges.discord.cutting import cut
from bridges.discord.ids import button_id
from bridges.discord.markup import indented, literal, prose, shortened, small
from bridges.protocol import Part
from bridges.showing import hashtags

COLOUR = discord.Colour(0xF0803C)
LONGEST = 3800  # characters in all text of a message; Discord takes 4000
LONGEST_SMALL = 800
MOST_COMPONENTS = 40  # nested ones included
MOST_FILES = 10
LARGEST_FILE = discord.utils.DEFAULT_FILE_SIZE_LIMIT_BYTES  # where no server has bought more
ROW = 5  # buttons
MOST_IN_A_CARD = 3 * ROW
# A heading ends in its card's number as code. What people write is escaped: it cannot end so.
HEADING = re.compile(r"`(?P<ref>#\d+|[dc]\d+)`$", re.MULTILINE)
SMALL = "-# "

Item = ui.Item[ui.LayoutView]
Row = ui.ActionRow[ui.LayoutView]


@dataclass(slots=True)
class Page:
    """What one message holds; its files can be sent once."""

    items: list[Item] = field(default_factory=list)
    files: list[discord.File] = field(default_factory=list)

    def takes(self, items: Sequence[Item], files: Sequence[discord.File]) -> bool:
        """Whether these fit in as well."""
        inside = list(_inside([*self.items, *items]))
        length = sum(len(it.content) for it in inside if isinstance(it, ui.TextDisplay))
        return (
            length <= LONGEST
            and len(inside) <= MOST_COMPONENTS
            and len(self.files) + len(files) <= MOST_FILES
        )

    @property
    def view(self) -> ui.LayoutView:
        """The components; discord.py keeps no view of them, presses come by their ids."""
        view = ui.LayoutView(timeout=None)
        for item in self.items:
            view.add_item(item)
        view.stop()
        return view


def pages(part: Part) -> list[Page]:
    """The part as one message or, when it is long, several; the buttons are on the last."""
    made: list[Page] = []
    for items, files in _blocks(part):
        if not made or not made[-1].takes(items, files):
            made.append(Page())
        made[-1].items += items
        made[-1].files += files
    return made


def one_page(part: Part) -> Page:
    """The part as exactly one message, shortened if it must be."""
    shorter = (_shorter(part, limit) for limit in (1500, 600, 200, 80))
    for fitting in (part, *shorter, _listed(part)):
        made = pages(fitting)
        if len(made) == 1:
            return made[0]
    raise ValueError("a part without content")


def growing(text: str) -> Page:
    """An answer that is still being written: its end, if it is long."""
    shown = prose(text)
    if len(shown) > LONGEST:
        shown = f"…{shown[-LONGEST:]}"
    return Page([ui.TextDisplay(shown)])


def redrawn(message: discord.Message, cards: Sequence[Card]) -> ui.LayoutView | None:
    """A message with the small print of these cards as it is now; None where none is in it."""
    now = {card.ref: _small_print(card) for card in cards}
    view = ui.LayoutView.from_message(message, timeout=None)
    attached = {it.filename for it in message.attachments}
    found = False
    for item in view.walk_children():
        if isinstance(item, ui.Container):
            texts = [it for it in item.children if isinstance(it, ui.TextDisplay)]
            heading = HEADING.search(texts[0].content) if texts else None
            if heading and heading["ref"] in now and texts[-1].content.startswith(SMALL):
                texts[-1].content = now[heading["ref"]]
                found = True
        elif isinstance(item, ui.MediaGallery):
            for medium in item.items:
                medium.media = discord.UnfurledMediaItem(_kept(medium.media.url, attached))
        elif isinstance(item, ui.File):
            item.media = _kept(item.media.url, attached)
    view.stop()
    return view if found else None


def _kept(url: str, attached: Collection[str]) -> str:
    """The address of a file of the message's own, by which it stays in place."""
    name = url.partition("?")[0].rpartition("/")[2]
    return f"attachment://{name}" if name in attached else url


def _blocks(part: Part) -> Iterator[tuple[list[Item], list[discord.File]]]:
    """What must stand together, in order."""
    number = itertools.count(1)
    for piece in cut(prose(part.text), LONGEST):
        yield [ui.TextDisplay(piece)], []
    shown = [it for it in part.pictures if not _is_file(it)]
    if part.groups:  # a picture is the cover of what is listed
        yield from _galleries(shown, number)
        shown = []
    yield from map(_group, part.groups)
    rows = [_row(part.buttons[at : at + ROW]) for at in range(0, len(part.buttons), ROW)]
    alone = len(part.cards) == 1 and not part.pictures and len(part.buttons) <= MOST_IN_A_CARD
    if alone and rows and len(part.buttons) > 1:
        _stress(rows[0])
    for card in part.cards:
        yield from _card(card, number, rows if alone else [])
    yield from _galleries(shown, number)
    for it in filter(_is_file, part.pictures):
        file = _file(it, next(number))
        yield [ui.File(file)], [file]
    if rows and not alone:
        yield [*rows], []


def _galleries(
    shown: Sequence[Picture], number: Iterator[int]
) -> Iterator[tuple[list[Item], list[discord.File]]]:
    for start in range(0, len(shown), MOST_FILES):
        files = [_file(it, next(number)) for it in shown[start : start + MOST_FILES]]
        yield [_gallery(files)], files


def _group(group: Group) -> tuple[list[Item], list[discord.File]]:
    """A heading and its lines, in a container of their own."""
    roomy = any(it.told or it.words for it in group.lines)
    lines = ("\n\n" if roomy else "\n").join(map(_line, group.lines))
    pieces = cut(f"### {literal(group.title)}\n{lines}", LONGEST)
    return [_container(*(ui.TextDisplay(it) for it in pieces))], []


def _line(line: Line) -> str:
    number = f"{line.number} · " if line.number else ""
    head = f"{number}**{literal(line.title)}**" if number else literal(line.title)
    told = small(" · ".join(filter(None, line.told))) if any(line.told) else ""
    ref = f"`{line.ref}`" if line.ref else ""
    return "\n".join(filter(None, [f"{head} {ref}".strip(), told, literal(line.words)]))


def _card(
    card: Card, number: Iterator[int], rows: Sequence[Item]
) -> Iterator[tuple[list[Item], list[discord.File]]]:
    """Title, words, picture, small print, buttons; what is too long gets more containers."""
    heading = f"**{literal(card.title)}**  `{card.ref}`" if card.title else f"`{card.ref}`"
    recording, hint = card.recording, card.hint
    if recording is not None and len(recording.content) > LARGEST_FILE:
        hint = creation_words.too_large(recording.alt)
        recording = None
    body = indented(literal(card.body))
    said = [heading, literal(card.notice), body, literal(card.link), literal(hint)]
    *more, words = cut("\n".join(filter(None, said)), LONGEST - LONGEST_SMALL)
    print_, *rest = cut(_small_print(card), LONGEST_SMALL) or [""]
    for piece in more:
        yield [_container(ui.TextDisplay(piece))], []
    shown = card.picture or recording
    files = [_file(shown, next(number))] if shown else []
    items: list[Item] = [ui.TextDisplay(words)]
    if files or print_:
        items.append(ui.Separator(visible=False))
    if recording is not None and not recording.is_video:
        items += [ui.File(it) for it in files]
    elif files:
        items.append(_gallery(files))
    if print_:
        items.append(ui.TextDisplay(print_))
    if rows:
        rows = [ui.Separator(), *rows]
    last: list[Item] = [ui.TextDisplay(it) for it in rest]
    if not last:
        yield [_container(*items, *rows)], files
        return
    yield [_container(*items)], files
    for text in last[:-1]:
        yield [_container(text)], []
    yield [_container(last[-1], *rows)], []


def _small_print(card: Card) -> str:
    sources = f"from {', '.join(card.sources)}" if card.sources else ""
    lines = (hashtags(card),), (card.byline, sources), (card.counts, card.reason)
    return "\n".join(small(" · ".join(filter(None, line))) for line in lines if any(line))


def _container(*items: Item) -> Item:
    return ui.Container(*items, accent_colour=COLOUR)


def _file(picture: Picture | Recording, number: int) -> discord.File:
    """The file under a name that is unique in its message and that Discord leaves alone."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", picture.name)[-60:]
    alt = shortened(picture.alt, 1024) or None
    return discord.File(io.BytesIO(picture.content), f"{number}-{name}", description=alt)


def _is_file(picture: Picture) -> bool:
    """Whether Discord shows it as a file to open: it draws no SVG."""
    return isinstance(picture, Attachment) or picture.name.endswith(".svg")


def _gallery(files: Sequence[discord.File]) -> Item:
    return ui.MediaGallery(
        *(
            discord.MediaGalleryItem(it, description=shortened(it.description or "", 256) or None)
            for it in files
        )
    )


def _stress(row: Row) -> None:
    """Show the first button of a card as the one that most will want."""
    first = row.children[0]
    assert isinstance(first, ui.Button)
    first.style = discord.ButtonStyle.primary


def _row(presses: Sequence[Press]) -> Row:
    row: Row = ui.ActionRow()
    for press in presses:
        label = shortened(press.label, 80)
        row.add_item(ui.Button(label=label, custom_id=button_id(press)))
    return row


def _inside(items: Sequence[Item]) -> Iterator[ui.Item[Any]]:
    for item in items:
        yield item
        if isinstance(item, ui.Container | ui.ActionRow):
            yield from item.walk_children()


def _shorter(part: Part, limit: int) -> Part:
    cards = [
        replace(card, title=shortened(card.title, limit), body=shortened(card.body, limit))
        for card in part.cards
    ]
    return replace(part, text=shortened(part.text, 2 * limit), cards=cards)


def _listed(part: Part) -> Part:
    """More cards than one message shows, as a list of their names."""
    names = [f"- {card.title} {card.ref}" for card in part.cards]
    return replace(
        part, text=shortened("\n".join([part.text, *names]), 1500), cards=(), pictures=()
    )
