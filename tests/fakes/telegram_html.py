"""Telegram's reading of text: HTML tags, plain-text entities, lengths in UTF-16 units.

Follows https://core.telegram.org/bots/api#html-style and the error texts of TDLib's parser.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

_ENTITY_OF_TAG = {
    "a": "text_link",
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([A-Za-z]+));?")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_FOUND_IN_PLAIN_TEXT = [
    ("url", re.compile(r"https?://[^\s<>]+[^\s<>.,!?)]")),
    ("bot_command", re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?(?!/)\b")),
    ("mention", re.compile(r"(?<!\w)@\w{3,32}\b")),
    ("hashtag", re.compile(r"(?<!\w)#(?=\w*[^\W\d])\w{1,64}\b")),
]


class EntityError(ValueError):
    """The text is not valid HTML for Telegram; the message is what Telegram would say."""


@dataclass(frozen=True, slots=True)
class Entity:
    """A marked stretch of a text; offset and length count UTF-16 units."""

    type: str
    offset: int
    length: int
    detail: str = ""  # the link's URL, the code's language, the emoji's id

    def wire(self) -> dict[str, object]:
        """Return the entity as a Bot API object."""
        key = {"text_link": "url", "pre": "language", "custom_emoji": "custom_emoji_id"}
        extra = {key[self.type]: self.detail} if self.detail and self.type in key else {}
        return {"type": self.type, "offset": self.offset, "length": self.length, **extra}


@dataclass(slots=True)
class _Tag:
    name: str
    detail: str
    offset: int
    start: int


def units(text: str) -> int:
    """Return the length of a text in UTF-16 units, as Telegram counts it."""
    return len(text) + sum(character > "\uffff" for character in text)


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return the trimmed plain text and its entities; raises EntityError."""
    plain: list[str] = []
    length = 0
    entities: list[Entity] = []
    open_tags: list[_Tag] = []
    at = 0
    while at < len(source):
        if source[at] == "<":
            if source.startswith("</", at):
                tag, at = _end_tag(source, at, open_tags)
                entities.extend(_closed(tag, length, "".join(plain[tag.start :]), entities))
            else:
                name, detail, at = _start_tag(source, at)
                open_tags.append(_Tag(name, detail, length, len(plain)))
            continue
        character, at = _character(source, at)
        plain.append(character)
        length += units(character)
    if open_tags:
        last = open_tags[-1].name
        raise EntityError(f'Can\'t find end tag corresponding to start tag "{last}"')
    if any("\ud800" <= character <= "\udfff" for character in plain):
        raise EntityError(
            "Text contains invalid Unicode characters after decoding HTML entities, "
            "check for unmatched surrogate code units"
        )
    return trim("".join(plain), entities)


def trim(text: str, entities: Iterable[Entity] = ()) -> tuple[str, list[Entity]]:
    """Return the text without white space around it, the entities moved along and sorted."""
    kept = text.strip()
    cut = units(text) - units(text.lstrip())
    size = units(kept)
    moved = []
    for entity in entities:
        start = max(entity.offset - cut, 0)
        end = min(entity.offset + entity.length - cut, size)
        if end > start:
            moved.append(replace(entity, offset=start, length=end - start))
    return kept, sorted(moved, key=lambda entity: (entity.offset, -entity.length))


def find_entities(text: str, known: Iterable[Entity] = ()) -> list[Entity]:
    """Return the known entities and the links, commands, mentions and hashtags between them."""
    entities = list(known)
    for kind, pattern in _FOUND_IN_PLAIN_TEXT:
        for match in pattern.finditer(text):
            found = Entity(kind, units(text[: match.start()]), units(match.group()))
            if not any(_overlap(found, other) for other in entities):
                entities.append(found)
    return sorted(entities, key=lambda entity: (entity.offset, -entity.length))


def _overlap(one: Entity, other: Entity) -> bool:
    solid = {"text_link", "code", "pre", "url", "bot_command", "mention", "hashtag"}
    return (
        other.type in solid
        and one.offset < other.offset + other.length
        and other.offset < one.offset + one.length
    )


def _byte(source: str, at: int) -> str:
    return f"at byte offset {len(source[:at].encode('utf-8', 'surrogatepass'))}"


def _character(source: str, at: int) -> tuple[str, int]:
    """Read one character; an unknown or wrong reference stays as it is written."""
    match = _REFERENCE.match(source, at)
    if match is None:
        return source[at], at + 1
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        return (_NAMED[name], match.end()) if name in _NAMED else ("&", at + 1)
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    digits = match.group().removesuffix(";")
    if code == 0 or code >= 0x10FFFF or len(digits) >= 10:
        return "&", at + 1
    return chr(code), match.end()


def _skip_space(source: str, at: int) -> int:
    while at < len(source) and source[at].isspace():
        at += 1
    return at


def _until(source: str, at: int, stops: str) -> int:
    while at < len(source) and not source[at].isspace() and source[at] not in stops:
        at += 1
    return at


def _start_tag(source: str, begin: int) -> tuple[str, str, int]:
    at = _until(source, begin + 1, ">")
    where = _byte(source, begin)
    if at >= len(source):
        raise EntityError(f"Unclosed start tag {where}")
    name = source[begin + 1 : at].lower()
    if name not in _ENTITY_OF_TAG:
        raise EntityError(f'Unsupported start tag "{name}" {where}')
    detail = ""
    while (at := _skip_space(source, at)) < len(source) and source[at] != ">":
        attribute, value, at = _attribute(source, at, name, where)
        match name, attribute:
            case ("a", "href") | ("tg-emoji", "emoji-id"):
                detail = value
            case ("code", "class") if value.startswith("language-"):
                detail = value.removeprefix("language-")
            case ("span", "class"):
                detail = value
            case ("blockquote", "expandable"):
                detail = "expandable"
    if at >= len(source):
        raise EntityError(f"Unclosed start tag {where}")
    if name == "span" and detail != "tg-spoiler":
        raise EntityError(f'Tag "span" must have class "tg-spoiler" {where}')
    if name == "tg-emoji" and not detail.isdecimal():
        raise EntityError("Invalid custom emoji identifier specified")
    return name, detail, at + 1


def _attribute(source: str, begin: int, tag: str, where: str) -> tuple[str, str, int]:
    at = _until(source, begin, "=>")
    attribute = source[begin:at]
    if not attribute:
        raise EntityError(f'Empty attribute name in the tag "{tag}" {where}')
    at = _skip_space(source, at)
    if source[at : at + 1] != "=":
        if (tag, attribute) == ("blockquote", "expandable"):
            return attribute, "", at
        raise EntityError(
            f'Expected equal sign in declaration of an attribute of the tag "{tag}" {where}'
        )
    at = _skip_space(source, at + 1)
    if at >= len(source):
        raise EntityError(f'Unclosed start tag "{tag}" {where}')
    if source[at] not in "\"'":
        match = _NAME_TOKEN.match(source, at)
        end = match.end() if match else at
        if end < len(source) and source[end] != ">" and not source[end].isspace():
            raise EntityError(f"Unexpected end of name token {_byte(source, at)}")
        return attribute, source[at:end].lower(), end
    quote, at, value = source[at], at + 1, ""
    while at < len(source) and source[at] != quote:
        character, at = _character(source, at)
        value += character
    return attribute, value, at + 1


def _end_tag(source: str, begin: int, open_tags: list[_Tag]) -> tuple[_Tag, int]:
    where = _byte(source, begin)
    if not open_tags:
        raise EntityError(f"Unexpected end tag {where}")
    at = _until(source, begin + 2, ">")
    name = source[begin + 2 : at].lower()
    at = _skip_space(source, at)
    if source[at : at + 1] != ">":
        raise EntityError(f"Unclosed end tag {where}")
    tag = open_tags.pop()
    if name and name != tag.name:
        raise EntityError(f'Unmatched end tag {where}, expected "</{tag.name}>", found "</{name}>"')
    return tag, at + 1


def _closed(tag: _Tag, end: int, inside: str, entities: list[Entity]) -> list[Entity]:
    """Return the entity that a closed tag makes, if any; `<pre><code>` melts into one."""
    length = end - tag.offset
    kind = _ENTITY_OF_TAG[tag.name]
    detail = "" if tag.name == "span" else tag.detail
    if length == 0:
        return []
    if kind == "text_link":
        detail = detail or inside
        if "." not in detail and "://" not in detail:
            return []  # Telegram drops a link it cannot read and keeps its text
        if "://" not in detail:
            detail = f"http://{detail}"
    if detail == "expandable":
        kind, detail = "expandable_blockquote", ""
    if kind in ("pre", "code") and entities:
        last = entities[-1]
        same = (last.offset, last.length) == (tag.offset, length)
        if same and {last.type, kind} == {"pre", "code"} and (last.detail or detail):
            entities.pop()
            return [Entity("pre", tag.offset, length, last.detail or detail)]
    return [Entity(kind, tag.offset, length, detail)]
