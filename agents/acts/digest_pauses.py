"""A pause of the digest: until a day, and its end."""

import re
from dataclasses import dataclass
from typing import Annotated

from agents import digest_words
from agents.act import Effect, act
from agents.acts.digest_hours import digest_set
from agents.answer import Answer, Button
from agents.days import read_day
from agents.parameters import Doc
from agents.turn import Turn
from feed_core.errors import BadDay, Refusal
from feed_core.services import digest_hours

FOR = re.compile(r"(?:^|.*\s)(?:for|für|por|durante)\s+(?:the next\s+)?", re.IGNORECASE)
UNTIL = re.compile(
    r"(?:^|.*\s)(?:until|till|til|bis|hasta)\s+(?:zum\s+|el\s+)?|^\s*(?:zum|el)\s+", re.IGNORECASE
)
PLEASE = re.compile(r"[\s,]*\b(?:please|bitte|por favor)\W*$", re.IGNORECASE)
OFFERED = {"Until tomorrow": "tomorrow", "Until Monday": "Monday", "For two weeks": "in two weeks"}


class NoHours(Refusal):
    """The member set no hours yet."""

    code = "no_hours"


@dataclass(eq=False)
class DayOver(Refusal):
    """A pause would have ended already."""

    typed: str
    code = "day_over"


@act(
    "digest pause",
    effect=Effect.OWN,
    private=True,
    examples=[
        "pause my digest until <next Monday>",
        "no digest until <5 December>",
        "hold my digests until <tomorrow>",
        "I am on holiday, pause the digest until <1 March>",
        "suspend the digest till <Friday>",
        "lass den Digest bis <Montag> ruhen",
        "kein Digest bis <5. Dezember>",
        "stop the digest <for two weeks>",
        "pause my digest <for ten days>",
        "pausa mi resumen hasta <el lunes>",
        "sin resumen hasta <el 5 de diciembre>",
    ],
)
async def digest_pause(
    turn: Turn, until: Annotated[str, Doc("the day on which it may come again", whole=True)] = ""
) -> Answer:
    """Send no digest until a day, then go on as before."""
    words = FOR.sub("in ", UNTIL.sub("", PLEASE.sub("", until))).strip()
    try:
        moment = read_day(words, now=turn.now, zone=turn.zone, language=turn.language, ahead=True)
    except BadDay:
        if any(it.isdigit() for it in words):
            raise
        return Answer(
            text=digest_words.UNTIL_WHEN,
            buttons=[
                *(
                    Button(label, digest_pause.call(day), only_asker=True)
                    for label, day in OFFERED.items()
                ),
                Button("Another day", digest_pause.call(), only_asker=True, blank="until"),
            ],
        )
    if moment <= turn.now:
        raise DayOver(words)
    async with turn.store.work() as work:
        row = await digest_hours.pause(work, member_id=turn.member_id, until=moment)
    if row is None or row.next_run_at is None:
        raise NoHours
    return Answer(
        text=digest_words.paused(row.next_run_at, row.zone, now=turn.now),
        buttons=[Button("Go on now", digest_resume.call(), only_asker=True)],
        facts={"next": row.next_run_at},
    )


@act(
    "digest resume",
    effect=Effect.OWN,
    private=True,
    examples=[
        "resume my digest",
        "start my digests again",
        "go on with my digest",
        "I am back, my digest may come again",
        "end the pause of my digest",
        "nimm den Digest wieder auf",
        "der Digest soll wieder kommen",
        "reanuda mi resumen",
        "que vuelva a llegar mi resumen",
        "ダイジェストを再開して",
    ],
)
async def digest_resume(turn: Turn) -> Answer:
    """Let digests come again, after a pause or an end, at the hours of before."""
    return await digest_set.function(turn)
