"""Interactions: what a person did, and every answer the bot may give to it.

Rules: https://docs.discord.com/developers/interactions/receiving-and-responding
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fakes.discord_commands import check_choices
from tests.fakes.discord_errors import ApiError, Json, invalid, unknown
from tests.fakes.discord_posting import Posting, Upload
from tests.fakes.discord_rules import EPHEMERAL, count, length
from tests.fakes.discord_things import Channel, Message, User
from tests.fakes.discord_world import World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
SAY, THINK, UPDATE_LATER, UPDATE, SUGGEST, ASK = 4, 5, 6, 7, 8, 9
ANSWER_SECONDS, TOKEN_SECONDS = 3.0, 15 * 60.0


@dataclass(slots=True, eq=False)
class Interaction:
    """One thing a person did with the bot, and what came of it."""

    world: World
    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    at: float
    name: str  # command, or custom id of the component or modal
    payload: Json
    source: Message | None = None  # the message with the pressed component
    acknowledged_after: float | None = None  # seconds; None while unanswered
    answer: int | None = None  # callback type of the acknowledgement
    ephemeral: bool = False
    original: Message | None = None  # what @original names, thinking or not
    followups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None
    updated: bool = False  # the source message was changed as the answer
    refused: list[ApiError] = field(default_factory=list)  # of its callback and webhook

    @property
    def deferred(self) -> bool:
        return self.answer in (THINK, UPDATE_LATER)

    @property
    def response(self) -> Message | None:
        """The finished answer; None while the bot is still thinking or has none."""
        message = self.original
        if message is None or message.thinking:
            return None
        return None if message is self.source and not self.updated else message

    async def acknowledged(self, timeout: float = 3.0) -> "Interaction":
        """Wait for the first callback."""
        await self.world.until(
            lambda: self.acknowledged_after is not None,
            timeout=timeout,
            what=f"{self.name} was not acknowledged",
        )
        return self

    async def answered(self, timeout: float = 5.0) -> "Interaction":
        """Wait until the person sees something: a message, an update, a form or suggestions."""
        await self.world.until(
            lambda: (
                bool(self.response or self.followups)
                or self.modal is not None
                or self.choices is not None
            ),
            timeout=timeout,
            what=f"{self.name} was not answered",
        )
        return self

    async def followed_up(self, number: int = 1, timeout: float = 5.0) -> Message:
        """Wait for the follow-up message of that number, counted from 1, and return it."""
        await self.world.until(
            lambda: len(self.followups) >= number,
            timeout=timeout,
            what=f"{self.name} got no follow-up {number}",
        )
        return self.followups[number - 1]

    @property
    def metadata(self) -> Json:
        """What its messages say about it (`interaction_metadata`)."""
        body: Json = {
            "id": str(self.id),
            "type": self.kind,
            "user": self.user.payload(),
            "authorizing_integration_owners": {},
        }
        if self.source is not None and self.kind == COMPONENT:
            body["interacted_message_id"] = str(self.source.id)
        if self.kind == MODAL:
            body["triggering_interaction_metadata"] = {**body, "type": COMMAND}
        return body


class Interactions:
    """Every interaction there was, and the rules for answering one."""

    def __init__(self, world: World, posting: Posting) -> None:
        self._world, self._posting = world, posting
        self.all: list[Interaction] = []
        self._by_token: dict[str, Interaction] = {}

    def add(self, interaction: Interaction) -> None:
        self.all.append(interaction)
        self._by_token[interaction.token] = interaction

    def called_back(
        self, number: str, token: str, body: Json, uploads: Mapping[str, Upload]
    ) -> Json:
        """Take the first answer: within three seconds, once, of a type that fits."""
        one = self._by_token.get(token)
        if one is None or str(one.id) != number:
            raise unknown("interaction")
        try:
            return self._take(one, body, uploads)
        except ApiError as error:
            one.refused.append(error)
            raise

    def _take(self, one: Interaction, body: Json, uploads: Mapping[str, Upload]) -> Json:
        late = self._world.clock.now() - one.at
        if one.answer is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        if late > ANSWER_SECONDS:
            raise unknown("interaction")
        kind, data = body.get("type"), body.get("data") or {}
        fitting = {
            COMMAND: (SAY, THINK, ASK),
            COMPONENT: (SAY, THINK, UPDATE_LATER, UPDATE, ASK),
            AUTOCOMPLETE: (SUGGEST,),
            MODAL: (SAY, THINK, UPDATE_LATER, UPDATE),
        }[one.kind]
        if kind not in fitting or (kind in (UPDATE_LATER, UPDATE) and one.source is None):
            raise invalid("type", "BASE_TYPE_CHOICES", f"Value must be one of {fitting}.")
        one.ephemeral = bool(int(data.get("flags") or 0) & EPHEMERAL)
        reader = one.user if one.ephemeral else None
        if kind == SAY:
            one.original = self._posting.post(
                one.channel, data, uploads, asked=one.metadata, only_for=reader
            )
        elif kind == THINK:
            one.original = self._posting.think(one.channel, one.metadata, only_for=reader)
        elif kind in (UPDATE_LATER, UPDATE):
            assert one.source is not None
            one.original, one.ephemeral = one.source, one.source.ephemeral
            if kind == UPDATE:
                self._posting.edit(one.source, data, uploads)
                one.updated = True
        elif kind == SUGGEST:
            offered = count("data.choices", data.get("choices"), 0, 25)
            check_choices("data.choices", offered, _typed(one.payload))
            one.choices = offered
        else:
            one.modal = _checked_modal(data)
        one.answer, one.acknowledged_after = kind, late
        self._world.changed()
        return self._receipt(one)

    def _receipt(self, one: Interaction) -> Json:
        said: Json = {"id": str(one.id), "type": one.kind}
        receipt: Json = {"interaction": said, "resource": {"type": one.answer}}
        if one.original is not None:
            said["response_message_id"] = str(one.original.id)
            said["response_message_loading"] = one.original.thinking
            said["response_message_ephemeral"] = one.original.ephemeral
            if one.answer in (SAY, UPDATE):
                receipt["resource"]["message"] = one.original.payload()
        return receipt

    def by_token(self, application: str, token: str) -> Interaction:
        """Find the acknowledged interaction of a webhook token no older than 15 minutes."""
        one = self._by_token.get(token)
        if one is None or application != str(self._world.bot.id) or one.answer is None:
            raise unknown("Webhook")
        if self._world.clock.now() - one.at > TOKEN_SECONDS:
            error = ApiError(401, 50027, "Invalid Webhook Token")
            one.refused.append(error)
            raise error
        return one

    def message(self, one: Interaction, number: str) -> Message:
        """Find `@original` or one of its messages by id."""
        if number == "@original":
            found = one.original
        else:
            own = [*one.followups, *([one.original] if one.original else [])]
            found = next((m for m in own if str(m.id) == number), None)
        if found is None or found.deleted:
            raise unknown("Message")
        return found

    def follow_up(self, one: Interaction, body: Json, uploads: Mapping[str, Upload]) -> Message:
        """Post a follow-up; the first after a thinking defer is its answer, seen as it was."""
        if one.original is not None and one.original.thinking:
            return self.edit(one, self.message(one, "@original"), body, uploads)
        reader = one.user if int(body.get("flags") or 0) & EPHEMERAL else None
        message = self._posting.post(
            one.channel, body, uploads, asked=one.metadata, only_for=reader
        )
        one.followups.append(message)
        self._world.changed()
        return message

    def edit(
        self, one: Interaction, message: Message, body: Json, uploads: Mapping[str, Upload]
    ) -> Message:
        self._posting.edit(message, body, uploads)
        one.updated = one.updated or message is one.source
        self._world.changed()
        return message

    def delete(self, one: Interaction, message: Message) -> None:
        self._posting.delete(message)


def _typed(payload: Json) -> int:
    """Return the type of the field in focus."""
    options: list[Json] = payload["data"]["options"]
    while "options" in options[0]:
        options = options[0]["options"]
    return next(int(o["type"]) for o in options if o.get("focused"))


def _checked_modal(modal: Json) -> Json:
    length("data.title", modal.get("title"), 1, 45)
    length("data.custom_id", modal.get("custom_id"), 1, 100)
    for index, part in enumerate(count("data.components", modal.get("components"), 1, 5)):
        path = f"data.components.{index}"
        if part.get("type") not in (1, 10, 18):
            raise invalid(f"{path}.type", "UNION_TYPE_CHOICES", "Must be one of (1, 10, 18).")
        if part["type"] == 18:
            length(f"{path}.label", part.get("label"), 1, 45)
            length(f"{path}.description", part.get("description") or "", 0, 100)
        for field_ in [*part.get("components", []), *filter(None, [part.get("component")])]:
            length(f"{path}.custom_id", field_.get("custom_id"), 1, 100)
            if field_["type"] == 4 and part["type"] == 1:
                length(f"{path}.label", field_.get("label"), 1, 45)
            length(f"{path}.placeholder", field_.get("placeholder") or "", 0, 150)
            length(f"{path}.value", field_.get("value") or "", 0, 4000)
    return modal
