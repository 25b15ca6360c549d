"""Words as Discord shows them: they may lean or be bold, but neither ping nor disguise a link."""

import re

import discord

# Discord takes a backslash before any punctuation; an address keeps its own, or it breaks.
SPECIAL = re.compile(
    r"(?P<address>https?://[^\s<>\\]+)"
    r"|(?P<opening>^[ \t]*)(?=(?:#{1,3}|-#?)[ \t])"  # headings, small print and lists
    r"|[\\*_~|`\[\]<>]",
    re.MULTILINE,
)
INDENT = re.compile(r"^ +", re.MULTILINE)
KEPT = re.compile(
    r"```.*?```"
    r"|`[^`\n]+`"
    r"|(?<![\w*])(?P<stars>\*{1,2})(?=\S)(?P<stressed>[^*\n]+)(?<=\S)(?P=stars)(?![\w*])"
    r"|^[ \t]*- (?=\S)",
    re.DOTALL | re.MULTILINE,
)


def literal(words: str) -> str:
    """What somebody wrote, shown letter by letter as they wrote it."""
    return discord.utils.escape_mentions(SPECIAL.sub(_escaped, words))


def prose(text: str) -> str:
    """An answer: code, stress and lists are kept, all else is literal."""
    shown: list[str] = []
    end = 0
    for kept in KEPT.finditer(text):
        shown.append(literal(text[end : kept.start()]))
        stars = kept["stars"]
        shown.append(f"{stars}{literal(kept['stressed'])}{stars}" if stars else kept[0])
        end = kept.end()
    return "".join([*shown, literal(text[end:])])


def indented(words: str) -> str:
    """The words with the spaces that begin a line made fast; Discord drops plain ones."""
    return INDENT.sub(lambda match: "\N{NO-BREAK SPACE}" * len(match[0]), words)


def small(words: str) -> str:
    """One line of small print."""
    return f"-# {literal(' '.join(words.split()))}"


def shortened(words: str, limit: int) -> str:
    """The words, or as many as fit with a sign that there are more."""
    return words if len(words) <= limit else f"{words[: limit - 1].rstrip()}…"


def _escaped(match: re.Match[str]) -> str:
    if match["address"] is not None:
        return match["address"]
    if match["opening"] is not None:
        return f"{match['opening']}\\"
    return f"\\{match[0]}"
