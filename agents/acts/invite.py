"""Inviting strangers, and calling invitations back."""

from typing import Annotated

from agents import invite_words, inviting
from agents.act import Effect, act
from agents.answer import Answer, Button, Call
from agents.parameters import Doc
from agents.turn import Turn
from feed_core.clock import zone_of
from feed_core.services import invitations, members

PEOPLE, DAYS = 5, 7


@act(
    "invite",
    effect=Effect.ACCOUNT,
    private=True,
    examples=[
        "invite a friend",
        "I want to invite somebody",
        "give me a link by which my friends can join",
        "make an invitation for 3 people",
        "how do I bring a friend here?",
        "lade eine Freundin ein",
        "ich möchte jemanden einladen",
        "invita a un amigo",
        "quiero invitar a alguien",
    ],
)
async def invite(
    turn: Turn,
    people: Annotated[int, Doc("how many may come by it, 5 unless you say")] = PEOPLE,
    days: Annotated[int, Doc("how many days it works, 7 unless you say")] = DAYS,
) -> Answer:
    """Invite people who are not here yet, by a link or a code to pass on."""
    async with turn.store.work() as work:
        made = await invitations.invite(work, member_id=turn.member_id, people=people, days=days)
        zone = zone_of((await members.get(work, turn.member_id)).zone)
    return Answer(
        text=invite_words.made(made, inviting.address(turn.parts, made.code), zone),
        facts={"invitation": made.id, "people": made.people, "expires_at": made.expires_at},
        private=True,
    )


@act(
    "invitations",
    effect=Effect.ACCOUNT,
    private=True,
    examples=[
        "show my invitations",
        "which invitations of mine are open?",
        "who came by my invitation?",
        "call my invitation back",
        "revoke <invitation 2>",
        "zeig meine Einladungen",
        "zieh meine Einladung zurück",
        "muestra mis invitaciones",
        "anula mi invitación",
    ],
)
async def invitations_(
    turn: Turn, revoke: Annotated[int, Doc("the number of one to call back")] = 0
) -> Answer:
    """See your open invitations and who came, or call one back."""
    if revoke:
        async with turn.store.work() as work:
            await invitations.revoke(work, member_id=turn.member_id, number=revoke)
        return Answer(text=invite_words.revoked(revoke), facts={"revoked": revoke}, private=True)
    async with turn.store.read() as view:
        opened = await invitations.open_ones(view, member_id=turn.member_id)
        zone = zone_of((await members.get(view, turn.member_id)).zone)
    addresses = [inviting.address(turn.parts, it.invitation.code) for it in opened]
    return Answer(
        text=invite_words.listed(opened, addresses, zone),
        buttons=[
            Button(
                f"Call {it.invitation.id} back",
                Call("invitations", {"revoke": it.invitation.id}),
                only_asker=True,
            )
            for it in opened
        ],
        facts={"open": len(opened), "came": sum(it.came for it in opened)},
        private=True,
    )
