"""The few things that only Discord makes it necessary to say."""

SENT_PRIVATELY = "Sent to you privately."
CANNOT_WRITE = (
    "That is for you alone, but Discord does not let me write to you. Allow direct messages from "
    "members of this server (its name, then Privacy Settings), and ask again."
)
MOMENT = "…"
A_FILE = "A picture, a recording or a text file"
TOO_LONG_TO_EDIT = "The text is too long to be changed here; write it anew."
UNREADABLE = "Discord shows me a reply only when it names me: write it again with my name in it."
CANNOT_WRITE_THERE = (
    "I may not write in that room, so you get this here. Whoever looks after the server can mend "
    "it: Edit Channel, Permissions, my role; View Channel, Send Messages, Send Messages in Threads "
    "and Attach Files."
)
BLOCKED_THERE = (
    "This server's AutoMod did not let my answer through, so nothing of it was shown. Ask me in "
    "our private chat instead, or ask a moderator to let me pass (Server Settings, AutoMod)."
)
TOO_OFTEN = (
    "We have answered each other very often within a minute. I am quiet for a while now, in case "
    "it is a machine that answers me."
)
FORWARDED = (
    "Those are somebody else's words, so I do nothing with them by myself. Hold or right-click the "
    "message and choose Apps: Remix this, or Summarise from here for it and all that follows."
)
SOMEBODY = "somebody"  # Discord does not tell whose words a forwarded message holds
