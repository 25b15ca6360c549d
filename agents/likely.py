"""Which act somebody means who types the name of one that there is not."""

from collections.abc import Collection

from agents.providers import nearest

# What other places call what is done here.
ELSEWHERE = {
    "like": ("love", "heart", "vote", "upvote", "fav", "favorite", "favourite"),
    "unlike": ("unlove", "unvote", "downvote"),
    "saved": ("collection", "collections", "bookmarks", "favorites", "favourites"),
    "save": ("bookmark", "keep", "collect"),
    "withdraw": ("delete", "remove", "erase", "retract"),
    "create": ("post", "new", "submit", "upload", "add"),
    "paint": ("image", "picture", "imagine", "drawing"),
    "agent show": (
        "settings",
        "setting",
        "config",
        "preferences",
        "profile",
        "whoami",
        "account",
        "me",
    ),
    "feed": ("home", "timeline", "latest"),
    "search": ("find", "lookup", "query"),
    "show": ("view", "open", "read", "display"),
    "comment": ("reply", "respond"),
    "remix": ("fork", "derive"),
    "mute": ("block", "ignore", "silence"),
    "unmute": ("unblock", "unignore"),
    "follow": ("subscribe",),
    "unfollow": ("unsubscribe",),
    "summarise": ("summary", "summarize", "tldr"),
    "lineage": ("tree", "ancestors", "family"),
    "memory show": ("memories", "facts"),
    "name": ("rename", "nick", "nickname"),
    "report": ("flag",),
    "zone": ("timezone", "tz"),
    "help": ("commands", "menu", "info", "about", "status"),
}
MEANT = {word: name for name, words in ELSEWHERE.items() for word in words}


def likely(typed: str, names: Collection[str]) -> str:
    """The act that is called otherwise elsewhere, or is spelt much like this; or nothing."""
    named = MEANT.get(typed.strip().casefold(), "")
    return named if named in names else nearest(typed, names) or ""
