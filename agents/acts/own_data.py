"""All that is a member's own, in their hands."""

from agents import own_data_words as words
from agents.act import Effect, act
from agents.answer import Answer, Attachment
from agents.limits import LARGEST_FILE, LARGEST_FILE_ANYWHERE
from agents.turn import Turn


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
