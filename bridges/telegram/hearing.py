"""What happens in chats without a word to the bot, in Jamfeed's terms."""

from collections.abc import Sequence
from dataclasses import replace

from telegram import (
    ChatMemberUpdated,
    Message,
    MessageReactionUpdated,
    ReactionType,
    ReactionTypeEmoji,
    Update,
    User,
)
from telegram.constants import ChatMemberStatus, ChatType

from agents.turn import Place
from bridges.protocol import Felt, Happening, Moved, Presence, Reworded, Under
from bridges.telegram.reading import place_of, sender_of, thread_of

PLATFORM = "telegram"
AWAY = {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}


def happening_in(update: Update) -> Happening | None:
    """What an update tells that nobody is answered for; None when it is another."""
    if update.message is not None and update.message.migrate_to_chat_id is not None:
        before, after = update.message.chat.id, update.message.migrate_to_chat_id
        return Moved(PLATFORM, str(before), str(after))
    if update.message_reaction is not None:
        return _felt(update.message_reaction)
    if update.my_chat_member is not None:
        return _presence(update.my_chat_member)
    edited = update.edited_message
    if edited is None or edited.chat.type == ChatType.PRIVATE or not edited.text:
        return None
    return Reworded(PLATFORM, Under(str(edited.chat.id), [str(edited.message_id)]), edited.text)


def below(message: Message, me: User) -> Under | None:
    """The message that another one answers; None where that names the bot, or answers nothing."""
    above = message.reply_to_message
    named = f"@{me.username}".lower() in (message.text or message.caption or "").lower()
    if above is None or above.forum_topic_created or named or message.chat.type == ChatType.PRIVATE:
        return None
    return Under(str(message.chat.id), [str(above.message_id)])


def spot_of(message: Message) -> Place:
    """Where a message was said; a topic's name is known where its beginning comes along."""
    place, above = place_of(message.chat, thread_of(message)), message.reply_to_message
    created = above.forum_topic_created if above is not None else None
    return replace(place, name=created.name) if created is not None else place


def _felt(change: MessageReactionUpdated) -> Felt | None:
    if change.user is None or change.user.is_bot:
        return None  # administrators may hide behind their group
    before, after = _emoji(change.old_reaction), _emoji(change.new_reaction)
    return Felt(
        sender_of(change.user),
        place_of(change.chat, None),
        Under(str(change.chat.id), [str(change.message_id)]),
        added=[it for it in after if it not in before],
        removed=[it for it in before if it not in after],
    )


def _presence(change: ChatMemberUpdated) -> Presence | None:
    if change.chat.type == ChatType.PRIVATE:
        return None
    was, there = (it.status not in AWAY for it in (change.old_chat_member, change.new_chat_member))
    return Presence(PLATFORM, str(change.chat.id), there) if was is not there else None


def _emoji(given: Sequence[ReactionType]) -> list[str]:
    return [it.emoji for it in given if isinstance(it, ReactionTypeEmoji)]
