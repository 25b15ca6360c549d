"""What memories can be about, so that a member may say of what nothing is ever remembered."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from feed_core.errors import Refusal
from feed_core.models.memories import MemoryKind
from memory.asking import EMPTY
from memory.texts import alike
from memory.words import stems


@dataclass(eq=False)
class NeverRemembered(Refusal):
    """The member said that nothing of this kind is ever remembered."""

    kind: str
    code = "never_remembered"


class Topic(StrEnum):
    """What somebody may want nobody to keep in mind."""

    HOME = "home"
    WORK = "work"
    FAMILY = "family"
    HEALTH = "health"
    AGE = "age"
    NAME = "name"
    CONTACT = "contact"
    BELIEFS = "beliefs"
    MONEY = "money"


WORDS = {  # English, German, Spanish; what is written without spaces stands apart below
    Topic.HOME: "home hometown address live lives lived living moved reside residence wohn\\w* "
    "umgezogen zuhause adresse heimat vivo vivía vivimos dirección domicilio mudé residencia hogar",
    Topic.WORK: "work works worked working job jobs profession employer employed boss colleagues? "
    "career office arbeit\\w* beruf\\w* chefin? kolleg\\w+ trabajo trabajaba profesión jefe jefa "
    "empleo",
    Topic.FAMILY: "family mother father mum mom dad parents? brothers? sisters? sons? daughters? "
    "child children kids? wife husband spouse partner girlfriend boyfriend married divorced? "
    "divorce grand\\w+ aunts? uncles? cousins? familie mutter vater eltern bruder schwester "
    "sohn tochter kinder? ehefrau ehemann freundin verheiratet geschieden scheidung familia madre "
    "padre padres herman[oa]s? hij[oa]s? espos[oa] marido mujer novi[oa] casad[oa] divorciad[oa]",
    Topic.HEALTH: "health healthy ill illness sick disease doctor hospital therapy therapist "
    "medicine medication diagnos\\w+ allerg\\w+ depress\\w+ anxiety pregnan\\w+ cancer diabet\\w+ "
    "gesundheit krank\\w* arzt ärztin therapie medikament\\w* schwanger salud enferm\\w+ médic[oa] "
    "embarazada alergi\\w+",
    Topic.AGE: "age old birthday born years alter geburtstag geboren jahre edad cumpleaños años "
    "nací",
    Topic.NAME: "name named called surname nickname heiße nachname vorname llamo nombre apellido",
    Topic.CONTACT: "phone email e-mail number telephone telefon\\w* handynummer teléfono correo",
    Topic.BELIEFS: "religion religious church mosque god faith politics political vote voted party "
    "kirche glaube\\w* politik\\w* wähle religión iglesia política voto",
    Topic.MONEY: "money salary income debts? rent wage geld gehalt einkommen schulden miete dinero "
    "salario sueldo deudas ingresos",
}
JAPANESE = {
    Topic.HOME: "住|引っ越|住所",
    Topic.WORK: "仕事|職業|働",
    Topic.FAMILY: "家族|母|父|娘|息子|妻|夫|兄|弟|姉|妹",
    Topic.HEALTH: "健康|病|医者",
    Topic.AGE: "年齢|歳|誕生日|生まれ",
    Topic.NAME: "名前|と申します",
    Topic.CONTACT: "電話|メール",
    Topic.BELIEFS: "宗教|政治",
    Topic.MONEY: "お金|給料|借金",
}
PATTERNS = {
    topic: re.compile(rf"\b(?:{'|'.join(words.split())})\b|{JAPANESE[topic]}", re.IGNORECASE)
    for topic, words in WORDS.items()
}
KINDS = {
    MemoryKind.FACT: re.compile(r"\W*(?:facts?|fakten|hechos|datos)\W*", re.IGNORECASE),
    MemoryKind.TASTE: re.compile(
        r"\W*(?:(?:my )?tastes?|what i like|likes|geschmack|gustos?)\W*", re.IGNORECASE
    ),
    MemoryKind.EPISODE: re.compile(
        r"\W*(?:episodes?|what i do|what happen(?:s|ed)|episoden|episodios?)\W*", re.IGNORECASE
    ),
}
SLOTS = {
    "home": Topic.HOME,
    "job": Topic.WORK,
    "name": Topic.NAME,
    "age": Topic.AGE,
    "birthday": Topic.AGE,
}


def rules_of(words: str) -> list[str]:
    """What "never remember …" means by these words: kinds and topics that they name, or themselves.

    Written as they are stored: "kind:taste", "topic:home", "words:my divorce".
    """
    kinds = [f"kind:{kind}" for kind, known in KINDS.items() if known.fullmatch(words)]
    topics = [f"topic:{topic}" for topic in Topic if topic == alike(words)]
    topics = topics or [f"topic:{it}" for it in topics_of(words)]
    return kinds or topics or [f"words:{alike(words)}"]


def topics_of(text: str) -> list[Topic]:
    """The topics that a text names by words of theirs."""
    return [topic for topic, words in PATTERNS.items() if words.search(text)]


def forbidding(never: Sequence[str], *, kind: MemoryKind, slot: str, text: str) -> str | None:
    """The first of the rules that lets such a memory not be kept; None where all do."""
    topics = {SLOTS[slot]} if slot in SLOTS else set(topics_of(text))
    said = set(stems(text))
    for rule in never:
        what, _, value = rule.partition(":")
        match what:
            case "kind":
                holds = value == kind
            case "slot":
                holds = value == slot
            case "topic":
                holds = value in topics
            case _:
                holds = bool(wanted := set(_telling(value))) and wanted <= said
        if holds:
            return rule
    return None


def _telling(words: str) -> list[str]:
    found = stems(words)
    return [it for it in found if it not in EMPTY] or found
