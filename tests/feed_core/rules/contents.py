"""Contents to be judged, and short ways to have them judged."""

from feed_core.models.moderation import Thing
from feed_core.services.gate import Check, Content, Decision


def said(
    title: str = "",
    body: str = "",
    alt: str = "",
    *,
    tags: tuple[str, ...] = (),
    link: str = "",
    author_id: int = 1,
    thing: Thing = Thing.CREATION,
) -> Content:
    return Content(
        author_id=author_id,
        title=title,
        body=body,
        alt=alt,
        tags=tags,
        link=link,
        media_hash=None,
        content_hash="",
        thing=thing,
    )


async def judged(check: Check, title: str = "", body: str = "", alt: str = "") -> Decision:
    return await check.decide(said(title, body, alt))
