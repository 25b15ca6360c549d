"""The few things that only Discord makes it necessary to say."""

SENT_PRIVATELY = "Sent to you privately."
CANNOT_WRITE = (
    "That is for you alone, but Discord does not let me write to you. Allow direct messages from "
    "members of this server (its name, then Privacy Settings), and ask again."
)
MOMENT = "…"
TOO_LONG_TO_EDIT = "The text is too long to be changed here; write it anew."
UNREADABLE = "Discord shows me a reply only when it names me: write it again with my name in it."
