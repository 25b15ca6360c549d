"""What people do on the pretended Discord: they say, press, fill in forms and run commands."""

from collections.abc import Mapping, Sequence
from typing import Any

from tests.fakes.discord_commands import ON_MESSAGE, ON_USER, SLASH, Commands
from tests.fakes.discord_errors import Impossible, Json
from tests.fakes.discord_events import Addressed, message_event, reaction_event
from tests.fakes.discord_filling import Filling
from tests.fakes.discord_forms import fill_modal, find_component, kind_name
from tests.fakes.discord_gateway import Gateway
from tests.fakes.discord_interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL,
    Interaction,
    Interactions,
)
from tests.fakes.discord_posting import UPLOAD_LIMIT
from tests.fakes.discord_things import ALL_PERMISSIONS, DM, Channel, Message, User
from tests.fakes.discord_world import World

VOICE = 1 << 13  # a message's flag
Attached = tuple[str, bytes]


class People:
    """Acts of people, told to the bot over the gateway the moment they are called.

    A person or a channel is given as itself or by its name; a new name is a new person.
    """

    world: World
    gateway: Gateway
    commands: Commands
    interactions: Interactions
    home: Channel  # where people are when no channel is named

    def person(self, who: User | str) -> User:
        return self.world.user(who) if isinstance(who, str) else who

    def place(self, where: Channel | str | None) -> Channel:
        if where is None:
            return self.home
        if isinstance(where, Channel):
            return where
        named = [c for c in self.world.channels.values() if c.name == where and c.kind != DM]
        if not named:
            raise Impossible(f"there is no channel {where!r}")
        return named[0]

    # Words

    def say(
        self,
        text: str,
        *,
        user: User | str = "ana",
        channel: Channel | str | None = None,
        mention_bot: bool = False,
        reply_to: Message | None = None,
        ping: bool = False,
        attachments: Sequence[Attached] = (),
    ) -> Message:
        """Write a message; one longer than 4000 characters Discord's app would not send.

        A reply may `ping` whom it answers.
        """
        place, author = self.place(channel), self.person(user)
        if mention_bot:
            text = f"<@{self.world.bot.id}> {text}"
        if len(text) > 4000 or any(len(data) > UPLOAD_LIMIT for _, data in attachments):
            raise Impossible("too long to be sent")
        message = Message(self.world.new_id(), place, author, self.world.clock.now(), text)
        message.reply_to, message.pings_author = reply_to, ping
        message.files = [self.world.keep_file(place, name, data) for name, data in attachments]
        self.world.keep(message)
        self.tell(message)
        return message

    def speak(self, recording: bytes, seconds: float, *, user: User | str = "ana") -> Message:
        """Send the bot a voice message in private; it holds nothing else.

        https://docs.discord.com/developers/resources/message#message-object-message-flags
        """
        author = self.person(user)
        place = self.world.private(author)
        message = Message(self.world.new_id(), place, author, self.world.clock.now(), flags=VOICE)
        file = self.world.keep_file(place, "voice-message.ogg", recording)
        file.seconds = seconds
        message.files = [file]
        self.world.keep(message)
        self.tell(message)
        return message

    def forward(self, source: Message, *, user: User | str = "ana") -> Message:
        """Forward a message to the bot in private."""
        author = self.person(user)
        place = self.world.private(author)
        message = Message(self.world.new_id(), place, author, self.world.clock.now())
        message.forwards = source
        self.world.keep(message)
        self.tell(message)
        return message

    def dm(self, text: str, *, user: User | str = "ana", **more: Any) -> Message:
        """Write to the bot in private."""
        return self.say(text, user=user, channel=self.world.private(self.person(user)), **more)

    def tell(self, message: Message, event: str = "MESSAGE_CREATE") -> None:
        """Send a message's event, once more if it has been sent before."""
        self.gateway.dispatch(event, *message_event(message, self.world.bot))

    def edit(self, message: Message, text: str) -> None:
        message.history.append(message.text)
        message.content, message.edited_at = text, self.world.clock.now()
        self.tell(message, "MESSAGE_UPDATE")

    def delete(self, message: Message) -> None:
        message.deleted = True
        guild = message.channel.guild
        data = {"id": str(message.id), "channel_id": str(message.channel.id)}
        if guild is not None:
            data["guild_id"] = str(guild.id)
        self.gateway.dispatch("MESSAGE_DELETE", data, Addressed(guild))

    def react(self, message: Message, emoji: str, *, user: User | str = "ana") -> None:
        person = self.person(user)
        message.reactions.setdefault(emoji, []).append(person)
        self.gateway.dispatch(*reaction_event(message, emoji, person))

    def unreact(self, message: Message, emoji: str, *, user: User | str = "ana") -> None:
        person = self.person(user)
        message.reactions[emoji].remove(person)
        self.gateway.dispatch(*reaction_event(message, emoji, person, gone=True))

    # Commands

    def slash(
        self,
        name: str,
        options: Mapping[str, Any] | None = None,
        *,
        user: User | str = "ana",
        channel: Channel | str | None = None,
        subcommand: str = "",
    ) -> Interaction:
        """Run a slash command the bot has synced; `subcommand` may be "group name".

        A field for a person takes a name or User, for a channel a Channel, for a file
        (name, bytes). Raises Impossible for what Discord's app would not let a person send.
        """
        return self._command(COMMAND, name, options or {}, user, channel, subcommand)

    def autocomplete(
        self,
        name: str,
        option: str,
        typed: str,
        *,
        others: Mapping[str, Any] | None = None,
        user: User | str = "ana",
        channel: Channel | str | None = None,
        subcommand: str = "",
    ) -> Interaction:
        """Type into one field of a slash command and ask for suggestions."""
        given = {**(others or {}), option: typed}
        return self._command(AUTOCOMPLETE, name, given, user, channel, subcommand, focus=option)

    def _command(
        self,
        kind: int,
        name: str,
        given: Mapping[str, Any],
        user: User | str,
        channel: Channel | str | None,
        subcommand: str,
        focus: str = "",
    ) -> Interaction:
        person, place = self.person(user), self.place(channel)
        command = self.commands.find(name, SLASH, place)
        filling = Filling(self.world, place)
        options = filling.fill(command.get("options") or [], given, subcommand.split(), focus=focus)
        data = {**_named(command), "options": options, "resolved": filling.resolved}
        return self._interact(kind, name, data, person, place)

    def context(
        self,
        name: str,
        target: Message | User,
        *,
        user: User | str = "ana",
        channel: Channel | str | None = None,
    ) -> Interaction:
        """Pick a command from the menu of a message or a person."""
        person = self.person(user)
        if isinstance(target, Message):
            place = target.channel
            command = self.commands.find(name, ON_MESSAGE, place)
            resolved: Json = {"messages": {str(target.id): target.payload()}}
        else:
            place = self.place(channel)
            command = self.commands.find(name, ON_USER, place)
            filling = Filling(self.world, place)
            filling.person(target)
            resolved = filling.resolved
        data = {**_named(command), "target_id": str(target.id), "resolved": resolved}
        return self._interact(COMMAND, name, data, person, place)

    # Components and forms

    def press(self, message: Message, which: str, *, user: User | str = "ana") -> Interaction:
        """Press a button, named by custom id or label."""
        button = find_component(message, which, (2,))
        if "custom_id" not in button:
            raise Impossible(f"{which!r} is a link: the bot hears nothing of it")
        return self._touch(message, button, {}, user)

    def choose(
        self, message: Message, which: str, values: Sequence[str], *, user: User | str = "ana"
    ) -> Interaction:
        """Choose values in a select, named by custom id or placeholder."""
        select = find_component(message, which, (3,))
        if not select.get("min_values", 1) <= len(values) <= select.get("max_values", 1):
            raise Impossible(f"{len(values)} values are too few or too many")
        if strange := set(values) - {option["value"] for option in select["options"]}:
            raise Impossible(f"not offered: {sorted(strange)}")
        return self._touch(message, select, {"values": list(values)}, user)

    def _touch(
        self, message: Message, component: Json, more: Json, user: User | str
    ) -> Interaction:
        person = self.person(user)
        if message.deleted or (message.only_for is not None and message.only_for is not person):
            raise Impossible(f"{person.name} does not see this message")
        name = component["custom_id"]
        data = {"custom_id": name, "component_type": component["type"], "id": component["id"]}
        return self._interact(
            COMPONENT, name, {**data, **more}, person, message.channel, source=message
        )

    def submit_modal(
        self, asked: Interaction, values: Mapping[str, Any], *, user: User | str | None = None
    ) -> Interaction:
        """Fill in the form an interaction was answered with: fields by label or custom id."""
        person = asked.user if user is None else self.person(user)
        if asked.modal is None or person is not asked.user:
            raise Impossible(f"{person.name} was shown no form")
        name = asked.modal["custom_id"]
        data: Json = {"custom_id": name}
        resolved: Json = {}

        def keep(file: Attached) -> str:
            kept = self.world.keep_file(asked.channel, *file)
            resolved.setdefault("attachments", {})[str(kept.id)] = kept.payload()
            return str(kept.id)

        data["components"] = fill_modal(asked.modal, values, keep)
        data["resolved"] = resolved
        return self._interact(MODAL, name, data, person, asked.channel, source=asked.source)

    # The event

    def _interact(
        self,
        kind: int,
        name: str,
        data: Json,
        user: User,
        channel: Channel,
        *,
        source: Message | None = None,
    ) -> Interaction:
        number, guild = self.world.new_id(), channel.guild
        body: Json = {
            "id": str(number),
            "application_id": str(self.world.bot.id),
            "type": kind,
            "data": data,
            "token": f"{kind_name(kind)}-{number}",
            "version": 1,
            "channel_id": str(channel.id),
            "channel": {**channel.payload(), "permissions": ALL_PERMISSIONS},
            "app_permissions": ALL_PERMISSIONS,
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(guild.id) if guild else "0"},
            "context": 0 if guild else 1,
            "attachment_size_limit": UPLOAD_LIMIT,
        }
        if guild is not None:
            body |= {"guild_id": str(guild.id), "guild_locale": "en-US"}
            body["guild"] = {"id": str(guild.id), "locale": "en-US", "features": []}
            body["member"] = {**user.member(), "permissions": ALL_PERMISSIONS}
        else:
            body["user"] = user.payload()
        if source is not None:
            body["message"] = source.payload()
        interaction = Interaction(
            self.world,
            number,
            body["token"],
            kind,
            user,
            channel,
            self.world.clock.now(),
            name,
            body,
            source,
        )
        self.interactions.add(interaction)
        self.tell_again(interaction)
        return interaction

    def tell_again(self, interaction: Interaction) -> None:
        """Send an interaction's event, as Discord may do twice after a resume."""
        where = Addressed(interaction.channel.guild)
        self.gateway.dispatch("INTERACTION_CREATE", interaction.payload, where)


def _named(command: Json) -> Json:
    home = {"guild_id": command["guild_id"]} if "guild_id" in command else {}
    return {"id": command["id"], "name": command["name"], "type": command["type"], **home}
