"""Finds set hours in plain words of several languages, and says them in English.

"jeden Freitag um 18 Uhr: mein bestes Haiku" parts into the hours and what is to be done then.
"""

import re

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
GERMAN = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
SPANISH = ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")
JAPANESE = "月火水木金土日"

DAY_EN = rf"(?:{'|'.join(WEEKDAYS)})s?"
DAY_DE = rf"(?:{'|'.join(GERMAN)}|sonnabend)s?"
DAY_ES = rf"(?:{'|'.join(SPANISH)})s?"
HOUR = r"\d{1,2}(?:[:.]\d\d)?"
HALF = r"(?:\s*[ap]\.?m\b\.?)"
NAMED = (
    r"(?:(?:half|quarter) (?:past|to) )?(?:noon|midday|midnight|one|two|three|four|five|six|seven|"
    r"eight|nine|ten|eleven|twelve)(?: o'clock)?"
)
PIECES = (
    rf"(?:every|each) (?:day|morning|noon|afternoon|evening|night|week(?:day|end)|{DAY_EN})\b",
    rf"(?:on )?{DAY_EN}\b",
    r"(?:(?:on|at) )?week(?:days|ends)\b|\bdaily\b",
    rf"at {HOUR}(?:{HALF}| o'clock)?|\b{HOUR}{HALF}|\b\d{{1,2}}:\d\d\b|at {NAMED}\b",
    r"in the (?:morning|afternoon|evening)\b|at night\b",
    r"\b[A-Z]\w+/[A-Z]\w+",
    rf"jede[nrsm]? (?:tag|morgen|mittag|nachmittag|abend|nacht|wochenende|{DAY_DE})\b",
    rf"(?:am |immer )?{DAY_DE}\b|täglich|werktags|am wochenende",
    rf"(?:um )?{HOUR} ?uhr(?: \d\d\b)?|um {HOUR}\b",
    r"\b(?:morgens|mittags|nachmittags|abends)\b",
    rf"cada (?:día|mañana|tarde|noche|{DAY_ES})\b",
    rf"todos los (?:días|{DAY_ES})\b|todas las (?:mañanas|tardes|noches)\b",
    rf"(?:los|el) {DAY_ES}\b|a diario|entre semana|(?:los )?fines de semana",
    rf"a las? {HOUR}(?: y media)?|de la (?:mañana|tarde|noche)\b|al? mediodía",
    rf"毎週[{JAPANESE}]曜日?[のに]?|毎[日朝晩]|平日|週末",
    r"(?:午前|午後)?\d{1,2}時(?:半|\d{1,2}分)?[にの]?",
)
PIECE = rf"(?:{'|'.join(PIECES)})"
JOINED = rf"{PIECE}(?:[\s,、]*(?:(?:and|und|y|、)\s*)?{PIECE})*"
LEAD = re.compile(
    r"\s*(?:from now on|(?:set )?(?:an? )?standing order(?: for)?|ab jetzt|von nun an|"
    r"a partir de ahora|please|bitte|por favor)\b[\s,:]*",
    re.IGNORECASE,
)
FIRST = re.compile(rf"\s*({JOINED})", re.IGNORECASE)
LAST = re.compile(rf"(?<!\w)({JOINED})[\s.!。]*$", re.IGNORECASE)
COLON = re.compile(r":\s+|：\s*")
AROUND = " \t\r\n,;:.–—-、。"

NUMBERS_DE = (
    *("ein", "zwei", "drei", "vier", "fünf", "sechs"),
    *("sieben", "acht", "neun", "zehn", "elf", "zwölf"),
)
NUMBERS_ES = (
    *("una", "dos", "tres", "cuatro", "cinco", "seis"),
    *("siete", "ocho", "nueve", "diez", "once", "doce"),
)

SAID: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), english)
    for pattern, english in (
        *((rf"\b{it}s?\b", day) for it, day in zip(GERMAN, WEEKDAYS, strict=True)),
        *(
            (rf"\bhalb {it}s?\b", f" {at - 1 or 12}:30 ")
            for at, it in enumerate(NUMBERS_DE, start=1)
        ),
        *((rf"\bum {it}s?\b", f" {at}:00 ") for at, it in enumerate(NUMBERS_DE, start=1)),
        *((rf"\ba las? {it} y media\b", f" {at}:30 ") for at, it in enumerate(NUMBERS_ES, start=1)),
        *((rf"\ba las? {it}\b", f" {at}:00 ") for at, it in enumerate(NUMBERS_ES, start=1)),
        (r"\btäglich\b|\ba diario\b|毎日", " daily "),
        (r"\bsonnabends?\b", "saturday"),
        *((rf"\b{it}s?\b", day) for it, day in zip(SPANISH, WEEKDAYS, strict=True)),
        *(
            (rf"(?:毎週)?{it}曜日?[のに]?", f" {day} ")
            for it, day in zip(JAPANESE, WEEKDAYS, strict=True)
        ),
        (r"\b(?:werktags|entre semana)\b|平日", " weekdays "),
        (r"\b(?:wochenende|fines? de semana)\b|週末", " weekend "),
        (r"\b(\d{1,2})[:.](\d\d) ?uhr\b|\b(\d{1,2}) ?uhr (\d\d)\b", r"\1\3:\2\4"),
        (r"\b(\d{1,2}) ?uhr\b", r"\1:00"),
        (r"\ba las? (\d{1,2}) y media\b", r"at \1:30"),
        (r"\b(?:um|a las?) (?=\d)", "at "),
        (r"午前(\d{1,2})時[に]?", r" \1:00 am "),
        (r"午後(\d{1,2})時[に]?", r" \1:00 pm "),
        (r"(\d{1,2})時半[に]?", r" \1:30 "),
        (r"(\d{1,2})時(\d\d)分[に]?", r" \1:\2 "),
        (r"(\d{1,2})時[に]?", r" \1:00 "),
        (r"\b(?:morgens|de la mañana)\b", "in the morning"),
        (r"\b(?:nachmittags|de la tarde)\b", "in the afternoon"),
        (r"\babends\b", "in the evening"),
        (r"\bde la noche\b", "at night"),
        (r"\b(?:jede[nrsm]?|cada|todos los|todas las|los|el)\b|毎", " every "),
        (r"\bmorgen\b|\bmañanas?\b|朝", "morning"),
        (r"\b(?:mittags?|mediodía)\b", "noon"),
        (r"\bnachmittag\b|\btardes?\b", "afternoon"),
        (r"\babend\b|\bnoches?\b|晩", "evening"),
        (r"\b(?:y|und)\b", "and"),
    )
)
TIMES = (  # when only a part of the day is named
    (re.compile(r"\bmornings?\b"), "08:00"),
    (re.compile(r"\bafternoons?\b"), "15:00"),
    (re.compile(r"\b(?:evening|night)s?\b"), "19:00"),
)
TIMED = re.compile(
    rf"\d|\bat {NAMED}\b|\b(?:noon|midday|midnight|o'clock)\b|\b(?:past|to) {NAMED}\b"
    rf"|\b{NAMED} (?:in the|at night|[ap]\.?m)",
    re.IGNORECASE,
)


def parted(typed: str) -> tuple[str, str]:
    """The hours and what is to be done then; the hours are empty where none are named.

    They stand first, with or without a colon behind them, or last.
    """
    lead = LEAD.match(typed)
    words = typed[lead.end() :] if lead else typed.strip()
    if found := FIRST.match(words):
        if colon := COLON.search(words):
            head = words[: colon.start()]
            if not FIRST.sub("", head, count=1).strip(AROUND):
                return head.strip(AROUND), words[colon.end() :].strip()
        return found[1].strip(), words[found.end() :].strip(AROUND)
    if found := LAST.search(words):
        return found[1].strip(), words[: found.start()].strip(AROUND)
    return "", words.strip()


def in_english(hours: str, *, usual: str) -> str:
    """Hours said in English; where no time of day is named, those of its parts, or the usual."""
    said = hours
    for pattern, english in SAID:
        said = pattern.sub(english, said)
    if TIMED.search(said):
        return said
    named = [at for pattern, at in TIMES if pattern.search(said)]
    return f"{said} at {' and '.join(named) or usual}"
