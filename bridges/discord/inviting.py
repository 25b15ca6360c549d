"""How a bot comes into a server or to a person, and what it lacks where it is."""

from collections.abc import AsyncIterator, Sequence

import discord
import yarl

from bridges.discord.standing import Standing
from feed_core.errors import ConfigurationError

AUTHORIZE = yarl.URL("https://discord.com/oauth2/authorize")
# By the names in Discord's own dialogs, each for something that Jamfeed does.
NEEDED = {
    "View Channels": discord.Permissions(view_channel=True),
    "Send Messages": discord.Permissions(send_messages=True),
    "Send Messages in Threads": discord.Permissions(send_messages_in_threads=True),
    "Create Public Threads": discord.Permissions(create_public_threads=True),  # jam rooms
    "Embed Links": discord.Permissions(embed_links=True),
    "Attach Files": discord.Permissions(attach_files=True),
    "Read Message History": discord.Permissions(read_message_history=True),  # or no reply is taken
}
AT_ONCE = 200  # servers that Discord lists in one answer


def server_link(application_id: int) -> str:
    """Where somebody who manages a server brings the bot into it."""
    permissions = discord.Permissions.none()
    for needed in NEEDED.values():
        permissions |= needed
    return str(
        AUTHORIZE.with_query(
            client_id=str(application_id),
            integration_type="0",
            scope="bot applications.commands",
            permissions=str(permissions.value),
        )
    )


def user_link(application_id: int) -> str:
    """Where anybody installs it for themselves, for use in any chat."""
    return str(
        AUTHORIZE.with_query(
            client_id=str(application_id), integration_type="1", scope="applications.commands"
        )
    )


async def lacking(client: discord.Client, found: Standing) -> Sequence[ConfigurationError]:
    """What the bot lacks on its own page and in its servers, each with where to click."""
    lacks = [
        ConfigurationError("Discord", problem, mend)
        for wrong, problem, mend in (
            (
                not found.for_servers,
                "the bot cannot be brought into servers",
                f"choose Guild Install at {found.page}/installation",
            ),
            (
                not found.for_users,
                "people cannot install the bot for themselves",
                f"choose User Install at {found.page}/installation",
            ),
            (
                found.needs_code,
                "the bot's invite link leads nowhere",
                f"switch off Requires OAuth2 Code Grant at {found.page}/bot",
            ),
        )
        if wrong
    ]
    role = found.name.removeprefix("@")
    async for name, permissions in _servers(client):
        missing = [it for it, needed in NEEDED.items() if not permissions >= needed]
        if missing and not permissions.administrator:
            switch = "it" if len(missing) == 1 else "them"
            lacks.append(
                ConfigurationError(
                    f"The server “{name}” on Discord",
                    f"Jamfeed's role lacks {', '.join(missing)}",
                    f"switch {switch} on in Server Settings, Roles, {role}",
                )
            )
    return lacks


async def _servers(client: discord.Client) -> AsyncIterator[tuple[str, discord.Permissions]]:
    """Each server that the bot is in, with what its roles allow it."""
    after = None
    while True:
        listed = await client.http.get_guilds(AT_ONCE, after=after, with_counts=False)
        for it in listed:
            yield it["name"], discord.Permissions(int(it.get("permissions") or 0))
        if len(listed) < AT_ONCE:
            return
        after = int(listed[-1]["id"])
