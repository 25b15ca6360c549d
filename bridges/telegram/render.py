"""What Jamfeed shows, as Telegram messages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup

from agents.answer import Card, Group, Line, Picture, Recording
from bridges.beforehand import Peek, Press
from bridges.protocol import Part
from bridges.showing import hashtags
from bridges.telegram.cutting import shorten
from bridges.telegram.sentences import CANCEL_HINT
from bridges.telegram.spans import Rich, Span, beginning, joined, length, literal, pieces, rich

# https://core.telegram.org/bots/api#sendmessage, #sendphoto: after entities are parsed
MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_PLACEHOLDER = 64
MAX_QUESTION = 280
SMALL = 2  # letters of a label that five of stand in a row
ROW = 30  # letters that buttons of one row share
FOUR = 20  # letters that four of them may have


File = Picture | Recording


@dataclass(frozen=True, slots=True)
class Message:
    """One Telegram message: a text, or a file with a caption, and what hangs on it.

    `link` is a label and a URL to open; `asks` wants the reader's words and shows this meanwhile.
    """

    text: Rich
    file: File | None = None
    buttons: Sequence[Press] = ()
    link: tuple[str, str] | None = None
    asks: str = ""


def render(part: Part) -> list[Message]:
    """As many messages as it takes to show everything; the last carries the buttons."""
    words = _words(part)
    files = _files(part)
    if len(files) == 1:
        ((file, caption),) = files
        for text in (joined((words, caption), "\n\n"), words):
            if text and length(text) <= MAX_CAPTION:
                return [Message(text, file, part.buttons)]
    messages = [
        *(Message(beginning(caption, MAX_CAPTION), file) for file, caption in files),
        *(Message(piece) for piece in pieces(words, MAX_TEXT)),
    ] or [Message(rich("…"))]
    return [*messages[:-1], replace(messages[-1], buttons=part.buttons)]


def cover_of(part: Part) -> Message | None:
    """The picture above a list, where that is too long to be its caption; it goes ahead alone."""
    if not part.groups or len(part.pictures) != 1 or part.cards:
        return None
    ahead, *others = render(part)
    return ahead if others and ahead.file is part.pictures[0] else None


def render_one(part: Part) -> Message:
    """One message: what does not fit is left out (who sends by the piece has cut before)."""
    messages = render(part)
    if len(messages) == 1:
        return messages[0]
    words, files = _words(part), _files(part)
    if len(files) == 1 and len(part.cards) <= 1:
        return Message(beginning(words, MAX_CAPTION), files[0][0], part.buttons)
    return Message(beginning(words, MAX_TEXT), buttons=part.buttons) if words else messages[-1]


def question(peek: Peek, token: str, *, asker: tuple[str, str] | None) -> Message:
    """Ask for the words that a button's blank needs; `asker` (id, name) is named in a group.

    The token stands at the end as code. Nothing else is ever code, so nobody else's words can
    look like a question.
    """
    named = literal(asker[1], f'a href="tg://user?id={asker[0]}"') if asker else ()
    asked = joined((named, rich(shorten(peek.question, MAX_QUESTION))), ": ")
    mark = (*literal(f"↳ {token}", "code"), Span(f" · {CANCEL_HINT}"))
    text = joined((asked, literal(peek.prefill.strip(), "pre"), mark), "\n\n")
    if length(text) > MAX_TEXT:
        text = joined((asked, mark), "\n\n")
    return Message(text, asks=shorten(peek.question, MAX_PLACEHOLDER))


def markup(message: Message) -> InlineKeyboardMarkup | ForceReply | None:
    """What hangs on a message."""
    if message.asks:
        return ForceReply(selective=True, input_field_placeholder=message.asks)
    if message.link:
        label, url = message.link
        return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=url)]])
    rows: list[list[InlineKeyboardButton]] = []
    room = 0
    for press in message.buttons:
        button = InlineKeyboardButton(press.label, callback_data=f"act:{press.token}")
        most = 5 if len(press.label) <= SMALL else 4 if ROW - room + len(press.label) <= FOUR else 3
        if rows and len(rows[-1]) < most and len(press.label) <= room:
            rows[-1].append(button)
        else:
            rows.append([button])
            room = ROW
        room -= len(press.label)
    return InlineKeyboardMarkup(rows) if rows else None


def _words(part: Part) -> Rich:
    brief = len(part.cards) > 1
    groups = (_group(it) for it in part.groups)
    cards = (_card(card, brief=brief) for card in part.cards)
    return joined((rich(part.text), *groups, *cards), "\n\n")


def _group(group: Group) -> Rich:
    roomy = any(it.told or it.words for it in group.lines)
    lines = joined(map(_line, group.lines), "\n\n" if roomy else "\n")
    return joined((rich(group.title, "b"), lines), "\n")


def _line(line: Line) -> Rich:
    number = f"{line.number}. " if line.number else "• "
    told = " · ".join(filter(None, [line.ref, *line.told]))
    return joined((rich(f"{number}{line.title}", "b"), rich(told, "i"), rich(line.words)), "\n")


def _card(card: Card, *, brief: bool) -> Rich:
    head = (rich(f"{card.ref} {card.title}".strip(), "b"), rich(card.notice))
    made = joined((*head, rich(card.body), literal(card.link), rich(card.hint)), "\n")
    sources = f"← {' · '.join(card.sources)}" if card.sources else ""
    told = hashtags(card), sources, card.counts, card.reason
    about = (rich(card.byline, "i"), *(rich(it) for it in told))
    return joined((made, joined(about, "\n")), "\n" if brief else "\n\n")


def _files(part: Part) -> list[tuple[File, Rich]]:
    """Every picture and recording, and what it holds in words, for those it does not reach."""
    several = len(part.cards) > 1
    of_cards = [
        (file, f"{card.ref} {file.alt}" if several else file.alt)
        for card in part.cards
        if (file := card.picture or card.recording)
    ]
    others = [(picture, picture.alt) for picture in part.pictures]
    return [(file, rich(alt, "i")) for file, alt in (*of_cards, *others)]
