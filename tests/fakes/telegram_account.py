"""The Bot API methods about the bot itself: who it is, commands, files, answers to presses."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram_calls import Parameters
from tests.fakes.telegram_limits import MAX_TEXT, Refused, bad, read_text
from tests.fakes.telegram_updates import Updates
from tests.fakes.telegram_world import MAX_DOWNLOAD, Json, World


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """What the bot answered to a press; an alert must be tapped away."""

    query_id: str
    text: str
    alert: bool
    url: str | None


class Account:
    """Keeps what the bot says about itself; each method returns its `result`."""

    def __init__(
        self, world: World, updates: Updates, open_queries: set[str], *, privacy: bool
    ) -> None:
        self.world = world
        self.updates = updates
        self.privacy = privacy
        self.commands: dict[tuple[str, str], list[Json]] = {}  # by (scope, language)
        self.profile: dict[tuple[str, str], str] = {}  # by (field, language)
        self.picture = b""
        self.open_queries = open_queries
        self.callback_answers: list[CallbackAnswer] = []
        self.inline_answers: list[Json] = []
        self.drafts: dict[tuple[int, int], str] = {}  # by (chat, draft)

    def table(self) -> dict[str, Callable[[Parameters], Any]]:
        """Return the methods under their lower-case Bot API names."""
        return {
            "getme": self.get_me,
            "setwebhook": self.set_webhook,
            "deletewebhook": self.delete_webhook,
            "getwebhookinfo": self.get_webhook_info,
            "setmycommands": self.set_my_commands,
            "getmycommands": self.get_my_commands,
            "deletemycommands": self.delete_my_commands,
            "setmyname": self.profile_setter("name", 64),
            "setmydescription": self.profile_setter("description", 512),
            "setmyshortdescription": self.profile_setter("short_description", 120),
            "getmyname": self.profile_getter("name"),
            "getmydescription": self.profile_getter("description"),
            "getmyshortdescription": self.profile_getter("short_description"),
            "getuserprofilephotos": self.get_user_profile_photos,
            "setmyprofilephoto": self.set_my_profile_photo,
            "getfile": self.get_file,
            "getchat": self.get_chat,
            "leavechat": self.leave_chat,
            "createforumtopic": self.create_forum_topic,
            "answercallbackquery": self.answer_callback_query,
            "answerinlinequery": self.answer_inline_query,
            "sendchataction": self.send_chat_action,
            "sendmessagedraft": self.send_message_draft,
            "setmessagereaction": self.set_message_reaction,
        }

    def get_me(self, asked: Parameters) -> Json:
        """Return the bot."""
        return {
            **self.world.bot.wire(),
            "can_join_groups": True,
            "can_read_all_group_messages": not self.privacy,
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def set_webhook(self, asked: Parameters) -> bool:
        """Let updates be posted to a URL; http is allowed here, as the fake is on loopback."""
        url, secret = asked.text("url") or "", asked.text("secret_token") or ""
        if url and not url.startswith(("https://", "http://127.0.0.1:")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise bad("secret token contains unallowed characters")
        self.updates.allow(asked.json("allowed_updates"))
        if asked.switch("drop_pending_updates"):
            self.updates.drop()
        self.updates.webhook_url, self.updates.webhook_secret = url, secret
        return True

    def delete_webhook(self, asked: Parameters) -> bool:
        """Go back to polling."""
        if asked.switch("drop_pending_updates"):
            self.updates.drop()
        self.updates.webhook_url = ""
        return True

    def get_webhook_info(self, asked: Parameters) -> Json:
        """Return where updates are posted and how many wait."""
        error = self.updates.last_error
        return {
            "url": self.updates.webhook_url,
            "has_custom_certificate": False,
            "pending_update_count": self.updates.pending,
            **({"last_error_message": error} if error else {}),
        }

    def set_my_commands(self, asked: Parameters) -> bool:
        """Set the command menu of one scope and language."""
        commands = asked.objects("commands")
        if len(commands) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", str(command.get("command", ""))):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(str(command.get("description", ""))) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        self.commands[_menu(asked)] = commands
        return True

    def get_my_commands(self, asked: Parameters) -> list[Json]:
        """Return the command menu of one scope and language."""
        return self.commands.get(_menu(asked), [])

    def delete_my_commands(self, asked: Parameters) -> bool:
        """Remove the command menu of one scope and language."""
        self.commands.pop(_menu(asked), None)
        return True

    def profile_setter(self, field: str, most: int) -> Callable[[Parameters], bool]:
        """Return the method that sets one text of the profile, at most this long."""

        def set_field(asked: Parameters) -> bool:
            text = asked.text(field) or ""
            if len(text) > most:
                raise bad(f"bot {field.replace('_', ' ')} is too long")
            self.profile[field, asked.text("language_code") or ""] = text
            return True

        return set_field

    def profile_getter(self, field: str) -> Callable[[Parameters], Json]:
        """Return the method that gets one text of the profile."""
        return lambda asked: {
            field: self.profile.get((field, asked.text("language_code") or ""), "")
        }

    def get_user_profile_photos(self, asked: Parameters) -> Json:
        """Return the pictures of the bot's own profile; nobody else has any here."""
        own = self.picture and asked.number("user_id") == self.world.bot.id
        return {"total_count": len(self.picture[:1]) if own else 0, "photos": []}

    def set_my_profile_photo(self, asked: Parameters) -> bool:
        """Set the bot's picture: a JPEG that comes along."""
        photo = asked.object("photo")
        named = str(photo.get("photo") or "").removeprefix("attach://")
        upload = asked.uploads.get(named)
        if photo.get("type") != "static" or upload is None:
            raise bad("PHOTO_FILE_MISSING")
        if not upload.content.startswith(b"\xff\xd8\xff"):
            raise bad("PHOTO_EXT_INVALID")
        self.picture = upload.content
        return True

    def get_file(self, asked: Parameters) -> Json:
        """Return the path under which a file can be downloaded (20 MB at most)."""
        file = self.world.files.get(asked.text("file_id") or "")
        if file is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(file.content) > MAX_DOWNLOAD:
            raise bad("file is too big")
        kept = {key: file.wire[key] for key in ("file_id", "file_unique_id", "file_size")}
        return {**kept, "file_path": file.path}

    def get_chat(self, asked: Parameters) -> Json:
        """Return a chat with the two fields the full form always has."""
        chat = self.world.open_chat(asked.values.get("chat_id"))
        return {**chat.wire(), "accent_color_id": 0, "max_reaction_count": 11} | {
            "accepted_gift_types": dict.fromkeys(
                (
                    "unlimited_gifts",
                    "limited_gifts",
                    "unique_gifts",
                    "premium_subscription",
                    "gifts_from_channels",
                ),
                False,
            )
        }

    def leave_chat(self, asked: Parameters) -> bool:
        """Leave a group; later calls about it are refused."""
        chat = self.world.open_chat(asked.values.get("chat_id"))
        if chat.person is not None:
            raise bad("chat not found")
        reason = f"Forbidden: bot is not a member of the {chat.kind} chat"
        chat.closed = Refused(403, reason)
        return True

    def create_forum_topic(self, asked: Parameters) -> Json:
        """Begin a topic; the chat must be a forum in which the bot may manage topics.

        https://core.telegram.org/bots/api#createforumtopic
        """
        chat = self.world.open_chat(asked.values.get("chat_id"))
        name = asked.text("name") or ""
        if not chat.forum:
            raise bad("the chat is not a forum")
        if not chat.manages_topics:
            raise bad("not enough rights to create a topic")
        if not 1 <= len(name) <= 128:
            raise bad("TOPIC_TITLE_EMPTY" if not name else "TOPIC_TITLE_TOO_LONG")
        post = chat.add(self.world.bot, "createForumTopic")
        post.topic = post.id
        post.service = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        chat.topics.add(post.id)
        return {"message_thread_id": post.id, "name": name, "icon_color": 7322096}

    def answer_callback_query(self, asked: Parameters) -> bool:
        """Answer a press, once, with at most 200 characters."""
        query_id, text = asked.text("callback_query_id") or "", asked.text("text") or ""
        self._close_query(query_id)
        if len(text) > 200:
            raise bad("MESSAGE_TOO_LONG")
        alert = asked.switch("show_alert")
        self.callback_answers.append(CallbackAnswer(query_id, text, alert, asked.text("url")))
        return True

    def answer_inline_query(self, asked: Parameters) -> bool:
        """Answer what somebody typed after the bot's name, with at most 50 results."""
        results = asked.objects("results")
        if len(results) > 50:
            raise bad("RESULTS_TOO_MUCH")
        ids = [str(it.get("id", "")) for it in results]
        if len(set(ids)) != len(ids) or not all(1 <= len(it.encode()) <= 64 for it in ids):
            raise bad("RESULT_ID_INVALID")
        for result in results:
            content = result.get("input_message_content") or {}
            words = str(content.get("message_text") or "")
            read_text(words, content.get("parse_mode"), [], limit=MAX_TEXT, caption=False)
            if not result.get("title") or not words:
                raise bad("ARTICLE_TITLE_EMPTY" if words else "MESSAGE_EMPTY")
        button = asked.object("button")
        if button and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", button.get("start_parameter", "")):
            raise bad("START_PARAM_INVALID")
        self._close_query(asked.text("inline_query_id") or "")
        self.inline_answers.extend(results)
        return True

    def send_chat_action(self, asked: Parameters) -> bool:
        """Show "typing…" or the like."""
        self.world.open_chat(asked.values.get("chat_id"))
        actions = r"typing|choose_sticker|find_location|(upload|record)_(video|voice|video_note)"
        if not re.fullmatch(rf"{actions}|upload_(photo|document)", asked.text("action") or ""):
            raise bad("wrong parameter action in request")
        return True

    def send_message_draft(self, asked: Parameters) -> bool:
        """Show a text that is still being written; only in a private chat."""
        chat = self.world.open_chat(asked.values.get("chat_id"))
        draft = asked.number("draft_id")
        if chat.person is None or not draft:
            raise bad("invalid draft specified")
        source, mode = asked.text("text") or "", asked.text("parse_mode")
        marks = asked.objects("entities")
        plain, _ = read_text(source, mode, marks, limit=MAX_TEXT, caption=False)
        self.drafts[chat.id, draft] = plain
        return True

    def set_message_reaction(self, asked: Parameters) -> bool:
        """React to a message; a bot may set one reaction."""
        chat = self.world.open_chat(asked.values.get("chat_id"))
        post = chat.find(asked.number("message_id"), "message to react not found")
        reactions = asked.objects("reaction")
        if len(reactions) > 1:
            raise bad("REACTIONS_TOO_MANY")
        post.reactions = [str(reaction.get("emoji", "")) for reaction in reactions]
        return True

    def _close_query(self, query_id: str) -> None:
        if query_id not in self.open_queries:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.open_queries.discard(query_id)


def _menu(asked: Parameters) -> tuple[str, str]:
    scope = asked.object("scope") or {"type": "default"}
    named = ":".join(str(scope[key]) for key in ("type", "chat_id", "user_id") if key in scope)
    return named, asked.text("language_code") or ""
