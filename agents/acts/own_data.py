"""All that is a member's own, in their hands."""

from typing import Annotated

from agents import own_data_words as words
from agents.act import Effect, act
from agents.answer import Answer, Attachment, Button
from agents.limits import LARGEST_FILE, LARGEST_FILE_ANYWHERE
from agents.parameters import Doc
from agents.turn import Through, Turn

SURELY = "erase"


@act(
    "data export",
    effect=Effect.ACCOUNT,
    private=True,
    slow=True,
    examples=[
        "export my data",
        "give me a file with everything that is mine",
        "download all my data",
        "send me a copy of all that you store about me",
        "I want to take my creations and comments with me as a file",
        "a zip of my account please",
        "gib mir alle meine Daten als Datei",
        "exportiere meine Daten",
        "dame todos mis datos en un archivo",
        "exporta mis datos",
        "私のデータをエクスポートして",
    ],
)
async def data_export(turn: Turn) -> Answer:
    """Get a file with all that is yours: creations, comments, memories, conversation, settings."""
    limit = LARGEST_FILE.get(turn.place.platform, LARGEST_FILE_ANYWHERE)
    made = await turn.parts.own_data.exported(turn.member_id, limit=limit)
    name = f"jamfeed-{turn.now:%Y-%m-%d}.zip"
    file = Attachment(made.content, name, words.described(made))
    return Answer(text=words.exported(made), pictures=[file] if made.content else [])


@act(
    "data erase",
    effect=Effect.ACCOUNT,
    private=True,
    slow=True,
    examples=[
        "delete my account",
        "erase everything about me",
        "remove all my data for good",
        "I want to leave Jamfeed, delete all that is mine",
        "close my account and forget me entirely",
        "lösche mein Konto",
        "lösche alle meine Daten",
        "borra mi cuenta",
        "elimina todos mis datos",
        "アカウントを削除して",
    ],
)
async def data_erase(
    turn: Turn, word: Annotated[str, Doc("“erase”, when you are sure")] = ""
) -> Answer:
    """Have all that is yours here removed for good; you are asked once more before."""
    if turn.through is not Through.HAND or word.strip().lower() != SURELY:
        sure = Button(words.ERASE, data_erase.call(word=SURELY), only_asker=True, once=True)
        copy = Button(words.COPY, data_export.call(), only_asker=True)
        return Answer(text=words.SURE, buttons=[sure, copy])
    await turn.parts.own_data.erased(turn.member_id)
    return Answer(text=words.ERASED)
