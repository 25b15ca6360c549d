"""A member's accounts: joined into one, taken apart again, and taken off."""

from collections.abc import Sequence
from typing import Annotated

from agents import link_words as words
from agents import linked
from agents.act import Effect, act
from agents.answer import Answer, Button
from agents.linked import undo_of
from agents.parameters import Doc
from agents.turn import Through, Turn
from feed_core.models.members import Identity
from feed_core.services import link_codes, link_journal, linking, members, parting, unlinking
from feed_core.services.link_codes import LinkCodeWrong
from feed_core.services.parting import AccountNotFound, LastAccount
from memory.parting import give_back

SURELY = "unlink"
LONGEST_LABEL = 80


@act(
    "link",
    effect=Effect.ACCOUNT,
    private=True,
    examples=[
        "connect my Telegram account",
        "link my Discord",
        "use the same agent elsewhere",
        "I have a Telegram account too, link it",
        "join my two accounts",
        "give me a code to connect my accounts",
        "my link code is <AB12-CD34>",
        "here is the code from my other account: <AB12-CD34>",
        "how can I use this from Discord as well?",
        "verbinde meine Konten",
        "verknüpfe mein Discord",
        "conecta mi cuenta de Telegram",
    ],
)
async def link(
    turn: Turn, code: Annotated[str, Doc("the code that your other account was given")] = ""
) -> Answer:
    """Join your accounts on Discord, Telegram and elsewhere: one feed, one agent."""
    if not code.strip():
        async with turn.store.work() as work:
            offered = await link_codes.offer(work, member_id=turn.member_id)
        return Answer(text=words.link_code(offered, link_codes.LIFETIME), private=True)
    try:
        async with turn.store.work() as work:
            keep_id = await link_codes.redeem(work, code=code, member_id=turn.member_id)
            await linked.tell(work, turn, member_id=keep_id)
            await linking.merge(work, keep_id=keep_id, gone_id=turn.member_id)
            await turn.parts.memories.move_all(work, from_id=turn.member_id, to_id=keep_id)
    except LinkCodeWrong:
        async with turn.store.work() as work:  # the failed one was rolled back
            await link_codes.note_wrong(work, member_id=turn.member_id)
        raise
    await turn.parts.memories.settle(from_id=turn.member_id, to_id=keep_id)
    async with turn.store.read() as view:
        accounts = await members.identities(view, keep_id)
    return Answer(
        text=words.linked([linked.told(it) for it in accounts]),
        buttons=[undo_of(turn.member_id)],
        private=True,
    )


@act(
    "unlink",
    effect=Effect.ACCOUNT,
    private=True,
    examples=[
        "unlink my Telegram account",
        "take my Discord off",
        "disconnect one of my accounts",
        "which accounts are linked to me?",
        "this Telegram account shall be separate from now on",
        "remove the terminal from my accounts",
        "I do not want my Discord linked any more",
        "I linked the wrong account, take them apart again",
        "die Verknüpfung war ein Versehen, trenne die Konten wieder",
        "trenne mein Telegram-Konto ab",
        "welche Konten sind mit mir verknüpft?",
        "desvincula mi cuenta de Discord",
        "qué cuentas tengo vinculadas",
        "テレグラムの連携を解除して",
    ],
)
async def unlink(
    turn: Turn,
    account: Annotated[str, Doc("which account, such as Telegram")] = "",
    word: Annotated[str, Doc("“unlink”, when you are sure")] = "",
    undo: Annotated[int, Doc("a link of the last hour to undo, by its number")] = 0,
) -> Answer:
    """See which accounts are yours, take one off, or undo a link of the last hour."""
    if undo and turn.through is Through.HAND:
        return await _undone(turn, undo)
    async with turn.store.read() as view:
        accounts = await members.identities(view, turn.member_id)
        gone_id = await link_journal.latest(view, turn.member_id)
    if len(accounts) < 2:
        raise LastAccount
    wanted = account.strip().lstrip("@").casefold()
    found = _named(accounts, wanted)
    if not found and wanted:
        raise AccountNotFound(account.strip())
    if len(found) != 1:
        return Answer(
            text=words.yours([(it.id or 0, linked.told(it)) for it in found or accounts]),
            buttons=[
                Button(
                    linked.told(it)[:LONGEST_LABEL],
                    unlink.call(account=str(it.id)),
                    only_asker=True,
                )
                for it in found or accounts
            ]
            + ([linked.undo_of(gone_id, words.UNDO)] if gone_id else []),
        )
    (one,) = found
    assert one.id is not None
    spoken = linked.speaking(turn.place, accounts)
    if turn.through is not Through.HAND or word.strip().lower() != SURELY:
        surely = unlink.call(account=str(one.id), word=SURELY)
        return Answer(
            text=words.sure(linked.told(one), speaking=spoken is one),
            buttons=[Button(words.TAKE_OFF, surely, only_asker=True, once=True)],
        )
    async with turn.store.work() as work:
        await parting.unlink(
            work,
            member_id=turn.member_id,
            identity_id=one.id,
            persona=turn.parts.profile.first_persona,
        )
        await linked.tell_parted(work, [one], member_id=turn.member_id, spoken=spoken)
    return Answer(text=words.unlinked(linked.told(one)), private=True)


async def _undone(turn: Turn, gone_id: int) -> Answer:
    async with turn.store.work() as work:
        accounts = await members.identities(work, turn.member_id)
        spoken = linked.speaking(turn.place, accounts)
        undone = await unlinking.undo(work, member_id=turn.member_id, gone_id=gone_id)
        back = await give_back(work, undone.kept, keep_id=turn.member_id, gone_id=gone_id)
        left = [it for it in accounts if it.id in undone.accounts]
        await linked.tell_parted(work, left, member_id=turn.member_id, spoken=spoken)
    await turn.parts.memories.settle(from_id=turn.member_id, to_id=gone_id, only=list(back))
    return Answer(text=words.undone([linked.told(it) for it in left]), private=True)


def _named(accounts: Sequence[Identity], wanted: str) -> list[Identity]:
    """The accounts that somebody means by a number, a platform or a name."""
    by_number = [it for it in accounts if str(it.id) == wanted]
    return by_number or [
        it
        for it in accounts
        if wanted and wanted in (it.platform, it.name.casefold(), linked.told(it).casefold())
    ]
