"""What plain words say about where to look: "pictures of the sea by Ben since May"."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from feed_core.states import CreationKind

READ = 500  # characters: what is wanted is said at the beginning

OF = r"(?:of|about|with|showing|on|von|vom|über|mit|zu|de|del|sobre|con)"
BY = r"(?:by|from|of|von|vom|de|por)"
KINDS = {
    CreationKind.TEXT: r"texts?|writings?|texte|textos?",
    CreationKind.IMAGE: r"pictures?|images?|photos?|paintings?|drawings?|bild(?:er)?|fotos?"
    r"|im[aá]gen(?:es)?|cuadros?|dibujos?",
    CreationKind.MEME: r"memes?",
    CreationKind.AUDIO: r"songs?|sounds?|recordings?|audios?|lied(?:er)?|canci[oó]n(?:es)?",
    CreationKind.VIDEO: r"videos?|v[ií]deos?|films?|clips?",
    CreationKind.LINK: r"links?|enlaces?",
}
EVERY = r"(?:(?:all|any|some|the|my|a|an|alle|die|das|ein|todas?|todos?|las?|los?|unas?|un)\s+)*"
KIND = re.compile(
    rf"{EVERY}(?:{'|'.join(f'(?P<{kind.name}>{words})' for kind, words in KINDS.items())})"
    rf"(?=\s+{OF}\b|\s*$)(?:\s+{OF}\b)?\s*",
    re.IGNORECASE,
)
TAG = re.compile(
    r"\b(?:tagged(?:\s+(?:with|as))?|with the tag|mit dem tag|con la etiqueta)\s+#?[“\"]?"
    r"(?P<named>[^\s“”\"]+)[”\"]?|(?<!\S)#(?P<bare>[^\W\d]\S*)",
    re.IGNORECASE,
)
AGO = (
    r"today|yesterday|(?:this|last) (?:week|month|year)"
    r"|(?:the )?(?:last|past) \d+ (?:day|week|month)s?"
    r"|heute|gestern|(?:diese|letzte)[rn]? woche|(?:diesem|letzten) (?:monat|jahr)"
    r"|hoy|ayer|(?:esta|la) semana(?: pasada)?|(?:este|el) (?:mes|año)(?: pasado)?"
)
SINCE = re.compile(
    rf"\b(?:since|seit|desde|after)\s+(?P<from>[\w./\- ]{{1,30}}?)\s*$"
    rf"|\b(?:(?:from|of|in|during|aus|von|de|del)\s+)?(?P<ago>{AGO})\s*[.?!]?\s*$",
    re.IGNORECASE,
)
LIKE = re.compile(
    r"^\W*(?:(?:things|creations|ones?|something|anything|more|sachen|etwas|cosas|algo)\s+)?"
    r"(?:like|similar to|related to|close to|wie|ähnlich wie|como|parecid[oa]s? a)\s+"
    r"(?:(?:number|creation|thread|nummer|el|la|die)\s+|#)*(?P<number>\d{1,15})\W*$",
    re.IGNORECASE,
)
ME = ("me", "myself", "mine", "mir", "mí", "mi")
MY = re.compile(r"^(?:my|meine[nrs]?|mein|mis?)\s+", re.IGNORECASE)
REQUEST = re.compile(
    r"^(?:(?:please|can you|could you|i want to see|i would like to see|bitte|por favor)\s+)*"
    r"(?:(?:show|find|get|search|look|give|zeig\w*|such\w*|finde?|muestra|busca|encuentra)\b"
    r"(?:\s+(?:me|us|for|up|out|mir|uns|nach))+\s+)(?=\S)",
    re.IGNORECASE,
)
ANYTHING = re.compile(
    r"^(?:everything|something|anything|things|creations|stuff|alles|etwas|sachen|todo|algo|cosas)?"
    r"(?:\s+(?:about|über|sobre))?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for: `by` is a known name or "me", `since` are words for a day."""

    words: str
    kind: CreationKind | None = None
    by: str = ""
    tag: str = ""
    since: str = ""
    like: int | None = None


def read_wish(said: str, *, names: Iterable[str], is_day: Callable[[str], bool]) -> Wish:
    """Take apart what somebody says who is looking for something; what is left over is words.

    `names` are makers of whom one may be meant; `is_day` tells whether a day can be read.
    """
    wish = Wish(REQUEST.sub("", said.strip(), count=1))
    if len(wish.words) > READ:
        return wish
    if found := LIKE.match(wish.words):
        return Wish("", like=int(found["number"]))
    if found := TAG.search(wish.words):
        wish = replace(_without(wish, found), tag=found["named"] or found["bare"])
    if (found := SINCE.search(wish.words)) and is_day(day := (found["from"] or found["ago"])):
        wish = replace(_without(wish, found), since=day.strip())
    if found := _maker(names).search(wish.words):
        wish = replace(_without(wish, found), by=found["by"] or found["whose"])
    elif found := MY.match(wish.words):
        wish = replace(_without(wish, found), by=ME[0])
    if found := KIND.match(wish.words):
        kind = next(it for it in KINDS if found[it.name])
        wish = replace(_without(wish, found), kind=kind)
    if wish != Wish(wish.words):
        wish = replace(wish, words=ANYTHING.sub("", wish.words))
    return wish


def _maker(names: Iterable[str]) -> re.Pattern[str]:
    """The names where they say whose something is: "by Ben", "@Ben", "maker:Ben", "Ben's"."""
    known = "|".join(re.escape(it) for it in sorted(names, key=len, reverse=True)) or r"(?!)"
    return re.compile(
        rf"(?:^|\s)(?:{BY}\s+@?|(?:maker|author|from):\s*@?|@)(?P<by>{known}|{'|'.join(ME)})(?!\w)"
        rf"|(?<!\w)(?P<whose>{known})['’]s?(?!\w)",
        re.IGNORECASE,
    )


def _without(wish: Wish, found: re.Match[str]) -> Wish:
    rest = f"{wish.words[: found.start()]} {wish.words[found.end() :]}"
    return replace(wish, words=" ".join(rest.split()))
