"""What an emoji that people put on a message says about what stands in it."""

from collections.abc import Mapping

from feed_core.states import ReactionKind

WORN = {"\ufe0e", "\ufe0f"} | {chr(it) for it in range(0x1F3FB, 0x1F400)}  # style, tone of skin

# docs/rooms.md holds them too. What stands nowhere here says nothing: 👎 and a server's own emoji.
FEELINGS: Mapping[ReactionKind, str] = {
    ReactionKind.LIKE: "👍 👏 🔥 🎉 💯 🏆 🙏 👌 🙌 🤝 ⭐ 🌟 ✅ 🆒",
    ReactionKind.LOVE: "❤ 🩷 🧡 💛 💚 💙 💜 🤍 ❤‍🔥 💘 💖 💕 😍 🥰 😘 🤗",
    ReactionKind.LAUGH: "😂 🤣 😁 😄 😆 😅 🤪",
    ReactionKind.WOW: "😮 😲 😱 🤯 🤩 👀 ⚡",
    ReactionKind.MOVED: "🥹 😢 😭 💔 🥲",
    ReactionKind.SPARK: "✨ 💡 🦄 🤔 👨‍💻",
}
KINDS = {emoji: kind for kind, row in FEELINGS.items() for emoji in row.split()}


def feeling(emoji: str) -> ReactionKind | None:
    """What an emoji says; None when it says nothing."""
    return KINDS.get("".join(it for it in emoji if it not in WORN))
