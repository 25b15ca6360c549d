"""Who may talk to Jamfeed, and how fast."""

from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from agents.profile import Joining, Profile
from agents.turn import Place
from bridges.protocol import Incoming
from feed_core.errors import NotAdmitted, Refusal, TooFast
from feed_core.models.rooms import Room
from feed_core.services import invitations, members, naming
from feed_core.services.invitations import InvitationClosed
from feed_core.store import Work

MINUTE = timedelta(minutes=1)
TERMINAL = "terminal"  # whoever sits at the machine is its host


class RoomLeft(Refusal):
    """Jamfeed was told to leave the room where something was asked."""

    code = "room_left"


@dataclass(frozen=True, slots=True)
class Admitted:
    """A member who may go on, and the room they are in, if in one.

    A newcomer is not shown under their own name before that was checked; `name_change_id` is it,
    where it can be.
    """

    member_id: int
    language: str
    zone: str
    room_id: int | None
    newcomer: bool = False
    name_change_id: int | None = None


class Admission:
    """Lets people in as `agents.yaml` says, and asks the hasty to wait."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._recent: defaultdict[tuple[str, str], deque[datetime]] = defaultdict(deque)

    async def admit(self, work: Work, incoming: Incoming, *, paced: bool = True) -> Admitted:
        """The member who sent this; a newcomer becomes one where newcomers may.

        What is not `paced` comes all at once through no haste of theirs.

        Raises:
            RoomLeft: Jamfeed left the room, and it is not called back.
            NotAdmitted: strangers may not join.
            InvitationClosed: nor by the invitation that they follow.
            TooFast: more messages in a minute than one may send, where it is paced.
        """
        sender, place = incoming.sender, incoming.place
        room = None
        if place.room or not place.private:
            room = await members.room(
                work,
                platform=place.platform,
                external_id=place.room or place.id,
                public=place.open,
                name=place.name,
                server_id=place.server_id,
                server=place.server,
            )
            if room.left_at is not None and not _for_rooms(incoming):
                raise RoomLeft
        known = await members.find_account(work, platform=place.platform, external_id=sender.id)
        newcomer, change = known is None, None
        if known is None:
            code = _invitation_in(incoming)
            invitation = await invitations.hold_open(work, code) if code else None
            if invitation is None and not await self._may_join(work, place, room):
                raise InvitationClosed if code else NotAdmitted
            identity, member = await members.join(
                work,
                platform=place.platform,
                external_id=sender.id,
                name="",
                persona=self._profile.first_persona,
                language=sender.language,
            )
            identity.name = naming.arrived(sender.name)  # for its member alone: nobody checked it
            change = await naming.arrive(work, member_id=identity.member_id, name=sender.name)
            if invitation is not None:
                await invitations.accept(work, invitation, member_id=identity.member_id)
            known = members.account(identity, member)
        if paced:
            self._not_too_fast(place.platform, sender.id, work.now)
        if place.private and (known.private_place != place.id or not known.reachable):
            await members.seen_in_private(work, identity_id=known.id, place_id=place.id)
        return Admitted(
            known.member_id,
            known.language,
            known.zone,
            room.id if room else None,
            newcomer,
            change.id if change else None,
        )

    async def _may_join(self, work: Work, place: Place, room: Room | None) -> bool:
        if place.platform == TERMINAL or self._profile.join is Joining.OPEN:
            return True
        if self._profile.join is not Joining.SERVERS or room is None:
            return False
        whole = await members.find_room(work, platform=place.platform, external_id=place.parent)
        return room.bound or (whole is not None and whole.bound)

    def _not_too_fast(self, platform: str, account: str, now: datetime) -> None:
        if platform == TERMINAL:
            return
        recent = self._recent[(platform, account)]
        while recent and recent[0] <= now - MINUTE:
            recent.popleft()
        if len(recent) >= self._profile.messages_per_minute:
            raise TooFast
        recent.append(now)


def _invitation_in(incoming: Incoming) -> str:
    """The code of the invitation that a message follows; "" where it follows none."""
    if incoming.call is not None:
        given = incoming.call.arguments.get("invitation", "")
        return str(given).strip() if incoming.call.act == "start" else ""
    typed = incoming.text.split()
    return typed[1] if len(typed) > 1 and typed[0] == "/start" else ""


def _for_rooms(incoming: Incoming) -> bool:
    """Whether it is what moderators do with rooms, by which they call Jamfeed back."""
    typed = incoming.text.removeprefix("/").split(maxsplit=1)
    named = incoming.call.act if incoming.call else (typed[0] if typed else "")
    return named.partition(" ")[0] == "room"
