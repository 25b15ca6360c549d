"""The few things that only Telegram makes it necessary to say."""

SENT_PRIVATELY = "Sent to you privately."
CANNOT_WRITE = "That is for you alone, and I may not write to you yet. Press Start in our own chat."
OPEN_CHAT = "Open our chat"
FILE_LOST = "I could not fetch that file just now. Please send it again."
FILE_TOO_LARGE = "That file is too large: Telegram lets me fetch 20 MB at most."
NOT_READABLE = "I can read words, pictures, recordings and text files (.txt, .md) only."
NOT_YOURS = "Forwarded words are somebody else's. Tell me in your own what you want."
CANCELLED = "Stopped: I ask you for nothing any more."
NOTHING_ASKED = "There is nothing to cancel. /help shows what you can do."
CANCEL_HINT = "/cancel stops this."
AWAY = (
    "I was switched off when you wrote, and that is a while ago. "
    "If you still want it, please say it again."
)
LINK_ACCOUNT = "Link my account"  # at most 64 characters, as all buttons above results
NOTHING_FOUND = "Nothing found: open our chat"
OPEN_CARD = "Open in Jamfeed"
NOTHING_HERE = "…"  # in the place of what cannot be deleted any more
