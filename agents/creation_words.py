"""What is said about creations: who may see them, what they said before, what they show."""

from collections.abc import Sequence
from datetime import datetime

from feed_core.clock import zone_of
from feed_core.models.creations import Creation
from feed_core.models.revisions import Revision
from feed_core.states import CreationKind, Visibility

NOUNS = {
    CreationKind.TEXT: "Text",
    CreationKind.IMAGE: "Picture",
    CreationKind.MEME: "Meme",
    CreationKind.AUDIO: "Recording",
    CreationKind.VIDEO: "Video",
    CreationKind.LINK: "Link",
}
SEEN_BY = {
    Visibility.EVERYONE: "",
    Visibility.ROOM: "for one room only",
    Visibility.ONLY_ME: "for you alone",
}
CALLED = {  # other words for who may see something
    Visibility.EVERYONE: ("all", "everybody", "public", "alle", "öffentlich", "todos", "público"),
    Visibility.ONLY_ME: (
        *("private", "privately", "only me", "myself", "privat", "nur ich", "nur für mich"),
        *("privado", "privada", "solo yo", "solo para mí"),
    ),
}
CALLED_THEN = CALLED | {  # said of what is there, these mean it as well
    Visibility.EVERYONE: (*CALLED[Visibility.EVERYONE], "community", "pública", "publica"),
    Visibility.ONLY_ME: (*CALLED[Visibility.ONLY_ME], "me", "nobody", "ich", "mich", "nadie", "yo"),
}
LANGUAGES = {
    "ar": "Arabic", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English",
    "es": "Spanish", "fa": "Persian", "fi": "Finnish", "fr": "French", "he": "Hebrew",
    "hi": "Hindi", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ko": "Korean",
    "nl": "Dutch", "pl": "Polish", "pt": "Portuguese", "ru": "Russian", "sv": "Swedish",
    "th": "Thai", "tr": "Turkish", "uk": "Ukrainian", "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip


def stand_in_alt(kind: CreationKind, name: str, title: str) -> str:
    """What is true of a picture or recording whose maker has not said yet what it shows."""
    said = f"{NOUNS[kind]} by {name}" if name else NOUNS[kind]
    return f"{said}: {title}" if title else said


def ask_for_alt(alt: str) -> str:
    """Asks a maker to say what those miss who cannot see or hear it."""
    return (
        f"Who cannot see or hear it is told “{alt}”. Say what there is to see or hear: "
        "the button below asks for your words."
    )


def not_played(kind: CreationKind, ref: str, alt: str) -> str:
    """A recording that is not sent along here."""
    return f"▶ {NOUNS[kind].lower()}: {alt} (/show {ref.removeprefix('#')} plays it)"


def lost(alt: str) -> str:
    """A file that is gone from the shelf."""
    return f"(The file is missing here. It held: {alt})"


def too_large(alt: str) -> str:
    """A file that the platform does not take."""
    return f"▶ {alt} (the file is too large to be sent here)"


def described(ref: str, alt: str) -> str:
    """What people are told who cannot see or hear it."""
    return f"Who cannot see or hear {ref} is told: {alt}"


def published(creation_id: int, visibility: Visibility) -> str:
    """It is there, and for whom."""
    match visibility:
        case Visibility.EVERYONE:
            return f"Published as #{creation_id}."
        case Visibility.ROOM:
            return f"Published as #{creation_id}, for this room only."
        case Visibility.ONLY_ME:
            return f"Kept as #{creation_id}, for you alone."


def seen_by(creation_id: int, visibility: Visibility) -> str:
    """Who can see it now."""
    match visibility:
        case Visibility.EVERYONE:
            return f"Everybody can see #{creation_id} now."
        case Visibility.ROOM:
            return f"#{creation_id} can be seen in one room only now."
        case Visibility.ONLY_ME:
            return f"Only you can see #{creation_id} now."


def language_set(creation_id: int, code: str) -> str:
    """Its language was chosen."""
    return f"#{creation_id} is {in_language(code)}."


def edited(creation_id: int) -> str:
    """It says something else now."""
    return f"#{creation_id} now reads:"


def would_edit(creation_id: int) -> str:
    """What an edit would make of it."""
    return f"#{creation_id} would read:"


def unchanged(creation_id: int) -> str:
    """An edit changed nothing."""
    return f"That is what #{creation_id} says already."


def versions(told: Sequence[Revision], creation: Creation, zone: str) -> str:
    """What a creation said at first, and after each edit."""
    if not told:
        return f"#{creation.id} was never edited."
    lines = [f"What #{creation.id} said before, the first version first:"]
    for number, it in enumerate(told[:-1], start=1):
        lines += ["", f"{number}. {_day(it.applied_at or it.created_at, zone)}", said(it)]
    return "\n".join(lines)


def said(version: Revision) -> str:
    """All words of one version."""
    tags = " ".join(f"#{it}" for it in version.tags)
    return "\n".join(filter(None, [version.title, version.body, version.link, tags]))


def in_language(code: str) -> str:
    """The language of a creation, named."""
    return f"in {LANGUAGES[code]}" if code in LANGUAGES else ""


def _day(moment: datetime, zone: str) -> str:
    local = moment.astimezone(zone_of(zone))
    return f"{local.day} {local:%B %Y, %H:%M}"
