"""How members set their agents; names, which others see, pass the gate in `naming`."""

from feed_core.errors import TextTooLong
from feed_core.models.members import AgentSettings, Member
from feed_core.services.languages import Language
from feed_core.store import Work

LONGEST_TONE = 200


async def set_tone(work: Work, member_id: int, tone: str) -> str:
    """Have the agent speak as these words say, or as its persona does; returns those from before.

    Raises:
        TextTooLong: nobody needs so many for it.
    """
    words = " ".join(tone.split())
    if len(words) > LONGEST_TONE:
        raise TextTooLong(len(words), LONGEST_TONE)
    settings = await work.hold(AgentSettings, member_id)
    before, settings.tone = settings.tone, words
    return before


async def set_language(work: Work, member_id: int, language: Language) -> Language:
    """Have the agent answer in this language, or in that of what is said; returns the one before.

    What is typed is read in it too, where nothing else tells its language.
    """
    settings = await work.hold(AgentSettings, member_id)
    before = Language(settings.language or Language.AUTO)
    settings.language = "" if language is Language.AUTO else language.value
    if language is not Language.AUTO:
        (await work.hold(Member, member_id)).language = language.value
    return before


async def set_leash(work: Work, member_id: int, act: str, leash: str) -> None:
    """Let the agent do this act as freely as the leash says."""
    settings = await work.hold(AgentSettings, member_id)
    settings.leash = {**settings.leash, act: leash}


async def pause(work: Work, member_id: int, *, paused: bool) -> bool:
    """Let the agent do nothing by itself, or go on; False when it is so already."""
    settings = await work.hold(AgentSettings, member_id)
    changed, settings.paused = settings.paused is not paused, paused
    return changed
