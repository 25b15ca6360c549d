"""Reads questions about what one member made lately: "what did Ana write?" means a search."""

import re

from agents.answer import Call
from agents.turn import Turn
from feed_core.services import makers

LONGEST = 120  # characters of a question that is looked at
NAME = r"@?(?P<name>[^\s,;:!?¿。、“”\"]+(?: [^\s,;:!?¿。、“”\"]+){0,2}?)"
LATELY = r"(?: (?:lately|recently|last|these days|today|yesterday|so far|here|most recently|now))*"
THINGS = (
    r"(?:creations?|works?|things?|stuff|posts?|poems?|texts?|stories|pictures?|drawings?|memes?|"
    r"pieces?|remix(?:es)?)"
)
NEWEST = r"(?:latest|newest|last|recent|most recent|new)"
NEUESTE = r"(?:neue(?:ste)?[nsr]?|letzte[ns]?|jüngste[ns]?)"
WERKE = r"(?:werke?|texte?|gedichte?|bilder?|beiträge|sachen)"
OBRAS = r"(?:obras?|textos?|poemas?|creaciones|cosas|dibujos?|publicaciones)"
PATTERNS = (
    rf"what (?:did|has|have) {NAME} (?:just |recently |lately )?(?:write|written|make|made|"
    rf"post(?:ed)?|publish(?:ed)?|created?|paint(?:ed)?|draw|drawn|shared?|do|done|been up to)"
    rf"{LATELY}",
    rf"what is {NAME} (?:writing|making|posting|up to){LATELY}",
    rf"(?:(?:show|let)(?: me)?(?: see)? )?{NAME}['’]s? {NEWEST} {THINGS}",
    rf"(?:(?:show|let)(?: me)?(?: see)? )?(?:the )?{NEWEST} {THINGS} (?:by|from|of) {NAME}",
    rf"what(?: is|['’]s) new (?:from|by|with) {NAME}",
    rf"was hat {NAME}(?: (?:zuletzt|neulich|kürzlich|in letzter zeit|gerade))?"
    r" (?:geschrieben|gemacht|veröffentlicht|gepostet|gemalt|geteilt)",
    rf"(?:zeig(?:e)?(?: mir)? )?{NAME}s {NEUESTE} {WERKE}",
    rf"(?:zeig(?:e)?(?: mir)? )?(?:die |das )?{NEUESTE} {WERKE} von {NAME}",
    rf"qué (?:han? (?:escrito|hecho|publicado|pintado|compartido)|escribió|hizo|publicó|pintó)"
    rf" {NAME}(?: (?:últimamente|hoy|ayer|hace poco))?",
    rf"(?:(?:muéstrame|enséñame) )?(?:lo último|l[ao]s? últim[ao]s? {OBRAS}) de {NAME}",
    r"(?P<name>[^\s、。は]+?)(?:さん|ちゃん|君)?(?:は|が)(?:最近|この頃|今日)?、?(?:何|なに)を"
    r"(?:書いた|書きました|作った|作りました|描いた|描きました|投稿した|投稿しました)(?:の|か|んですか)?",
    r"(?P<name>[^\s、。は]+?)(?:さん|ちゃん|君)?の(?:最新の?|最近の|新しい)(?:作品|投稿|詩|絵)(?:を見せて)?",
)
READ = [re.compile(it, re.IGNORECASE) for it in PATTERNS]
# Whoever is meant by these, it is nobody's name.
PRONOUNS = """
i we you he she it they one who people everybody everyone anybody anyone somebody someone others
friends my your his her their our me us the a an ich wir du er sie es man jemand wer alle leute die
der das mein meine dein yo tú él ella nosotros ellos ellas usted todos gente alguien la el los las
mi mis 私 僕 俺 彼 彼女 誰 だれ みんな 皆 あなた
"""
NOBODY = frozenset(PRONOUNS.split())


async def made_by(turn: Turn, text: str) -> Call | None:
    """The search for what a member made whom the text asks after; None where it does not.

    A single word that is nobody's name yet is looked for too: the answer says that nobody has it.
    """
    said = text.strip().strip("¿?？!.…。 \t").strip()
    if len(said) > LONGEST:
        return None
    for pattern in READ:
        if match := pattern.fullmatch(said):
            name = match["name"].strip()
            words = name.casefold().split()
            async with turn.store.read() as view:
                known = await makers.named(view, reader=turn.reader, text=name)
            if known or (len(words) == 1 and NOBODY.isdisjoint(words)):
                return Call("search", {"by": name})
    return None
