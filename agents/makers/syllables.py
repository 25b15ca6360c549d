"""How many syllables a word has, by rule; writing whose vowels are not written has no count.

English goes by groups of vowels, silent letters and a list of exceptions. Kana, Hangul and Han
characters count one each, Cyrillic and Greek words by their vowels.
"""

import re
import unicodedata

_EXCEPTIONS = {
    word: count
    for count, words in {
        1: """whole whose once eyes eye ewe queue queues gauge aisle isle isles hour hours our flour
            sour aches clothes bathes mauve aren't weren't aged loved gone tongue tongues worked
            friend friends pier piers tier tiers fierce pierce pierced blessed fruits suits bridge
            marched curled""",
        2: """giant giants safety ninety rhythm rhythms duo wednesday wednesdays eyebrow eyebrows
            every evening evenings business people peoples quiet science ruin choir
            maybe something sometimes someone somewhere somehow nowhere naked wicked rugged ragged
            crooked wretched learned ocean oceans social ancient patience fatigue special
            cafe soldier soldiers shoelace someplace biscuit circuit circuits argue argues
            argued being beings genius marriage carriage brilliant million billion onion onions
            rescue value values
            welcome become becomes awesome welcomed therefore handsome lonesome tiresome
            chaos create creates naive poem poems poet poets idol drawer drawers statue
            statues virtue issue issues tissue cliche karate's ago suede's elsewhere heartache
            senior junior colleague colleagues rainy nineteen seaside jigsaw""",
        3: """theatre theatres theater theaters idea ideas area areas quietly
            lavender november december september october favourite
            favorite recipe recipes anyone wherever whoever however moreover
            everyone everything everywhere everyday another hyacinth ratio radius opera operas
            continue continued continues avenue avenues familiar peculiar italian karate horizon
            museum museums vegetable vegetables camera cameras businessman suicide
            chocolate chocolates finale forever sesame penelope's simile similes coyote coyotes
            poetic heroic stoic catholic realise realize mosaic prosaic linear
            oasis theories theory hideous piteous idiot employee vietnam nevermore cinema oriole
            violence violet violets violent persuaded catalogue synagogue dialogue guarantee""",
        4: """everybody january february karaoke catastrophe apostrophe reality aquarium society
            societies variety anxiety memorial experience associate appreciate evaluate graduation
            ceremony nevertheless criticism diameter hyperbole""",
        5: """imagination anniversary university refrigerator appreciation association""",
    }.items()
    for word in words.split()
}
_VOWEL_GROUPS = re.compile("[aeiouy]+")
# Two vowels side by side that are two beats: li-on, cre-ate, du-el, po-em, mu-se-um, go-ing.
_TWO_BEATS = re.compile(
    r"(?<![tcsgx])(?<!ll)ia(?!ge)|[tc]ia(?=t)|(?<![tcsgxn])(?<!sh)(?<!ll)io|iu(?=m)|"
    r"(?<![tc])ie(?=n[ct]|ns?\b|ts?\b|tl|ty|th\b|st\b)|(?<=[a-z]{2})ier|"
    r"(?<!g)eo(?!us|u)|eu(?=m)|crea(?=t(?!u))|^rea(?=ct|li|ss)|thea|ea(?=n\b|ns\b)(?<=[np]ea)|"
    r"ue(?=l\b|ls\b|nc|nt)(?<![gq]ue)|(?<![gq])ua(?!ge)|(?<![gqb])ui(?=ns?\b|n[ie]|d\b|ti)|"
    r"[aeou]ing|yi|^geo(?=[glm])|poe(?=[tm])|^coo(?=rd|p)|oi(?=ng)|(?<=[bcdfghjklmprstvw])y[ae](?!\b)"
)
_SILENT_PAIR = re.compile(r"(?<=[tcsgx])i(?=[aou])|(?<=[gq])u(?=[aeiou])|(?<=g)e(?=o)")
_FIRST_PART = re.compile(
    r"^(?:base|some|home|time|fire|life|side|shore|smoke|snake|stone|store|tide|wine|fore|grape|game|"
    r"goose|horse|house|lake|line|love|moon|name|nose|note|pipe|race|rope|safe|space|spine|stage|"
    r"tape|trade|tree|wave|whale|where|wide|wise|bone|cake|cheese|cave|edge|face|gate|here|there|"
    r"hope|ice|juice|lace|like|live|nine|pine|rose|shape|use|wake|white|wire|care|blue|bare|frame|"
    r"lime|drive|guide|ware|state|were|come|fare|grave|hate|taste|tune)"
    r"(?=(?![lrs]y?$)(?!ment|ness|ful|less|some)[bcdfghjklmnpqstvwz][a-z]*[aeiouy][a-z])"
)
_HAN = re.compile("[\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
_KANA = re.compile("[\u3041-\u30ff]")
_SMALL_KANA = frozenset("ぁぃぅぇぉゃゅょゎァィゥェォャュョヮ")
_CYRILLIC_VOWELS = frozenset("аеёиоуыэюяіїєўѣ")
_GREEK = re.compile("αι|ει|οι|υι|ου|αυ|ευ|[αεηιουω]")
_OWN_VOWELS = re.compile("[aeiouyøœæıɪ]+")


def syllables(word: str, *, english: bool = True) -> int | None:
    """The syllables of one word; None where its writing does not tell."""
    word = word.casefold().replace("’", "'").strip("'-")
    if not word or any(character.isdigit() for character in word):
        return None
    if "-" in word or "‑" in word:
        parts = [syllables(part, english=english) for part in re.split("[-‑]", word) if part]
        return None if None in parts else sum(part or 0 for part in parts)
    if word.isascii():
        return _english(word) if english else max(1, len(_OWN_VOWELS.findall(word)))
    return _elsewhere(word, english=english)


def _english(word: str) -> int:
    if word in _EXCEPTIONS:
        return _EXCEPTIONS[word]
    if word.endswith("'s"):
        stem = word[:-2]
        hisses = stem.endswith(("s", "x", "z", "ch", "sh", "ce", "ge", "se", "ze"))
        return _english(stem) + hisses
    if "'" in word:
        stem, _, tail = word.partition("'")
        if tail == "t" and len(stem) > 2 and stem.endswith("n"):
            one_beat = stem in {"don", "won", "can", "aren", "weren", "shan", "ain"}
            return 1 if one_beat else _english(stem[:-1]) + 1
        whole = _english(stem) if stem else 1
        return whole + (tail in {"ve", "d", "ll"} and stem.endswith(("d", "t")))
    if not word.isalpha():
        return 1
    if part := _FIRST_PART.match(word):
        rest = word[part.end() :]
        if len(rest) > 2 and not rest.startswith(("d", "s")):
            return _english(part.group()) + _english(rest)
    bare = _spoken(word)
    bare = re.sub(r"(?<=[aeiouw])y(?=[aeiou])|^y(?=[aeiou])|(?<=n)y(?=[ao])", "j", bare)
    beats = len(_TWO_BEATS.findall(bare))
    count = len(_VOWEL_GROUPS.findall(_SILENT_PAIR.sub("", bare) if len(bare) > 3 else bare))
    return max(1, count + beats + word.endswith(("sm", "sms")))


def _spoken(word: str) -> str:
    """The word without the letters e that are written but not spoken, and with those only heard."""
    word = word.replace("ically", "icly")
    if word.endswith("s") and not word.endswith(("ss", "us", "is", "es")):
        word = word[:-1]
    for suffix in ("lessly", "fully", "ly", "less", "ness", "ful", "ment", "ship"):
        stem = word.removesuffix(suffix)
        if stem != word and len(stem) > 3 and _has_vowel(stem[:-1]) and stem.endswith("e"):
            return _spoken(stem) + suffix
    if word.endswith("es") and len(word) > 3:
        if re.search("(?:[cs]h|[scgzx])es$", word):
            return word
        word = word[:-1]
    if re.search(r"[gq]ue$", word) and _has_vowel(word[:-2]):
        return word[:-2]  # vague, mosque
    if re.search(r"[^aeiouyr]re$", word):
        return word[:-2] + "er"  # acre, centre
    if word.endswith("ed") and len(word) > 3:
        full = re.search(r"(?:[td]|[^aeiouyrwl]l|[^aeiouyr]r)ed$", word)
        return word if full or not _has_vowel(word[:-2]) else word[:-2]
    if word.endswith("e") and len(word) > 2:
        heard = re.search(r"[^aeiouyrwl]le$", word) is not None or word[-2] in "aeiouy"
        return word if heard or not _has_vowel(word[:-1]) else word[:-1]
    return word


def _has_vowel(part: str) -> bool:
    return _VOWEL_GROUPS.search(part) is not None


def _elsewhere(word: str, *, english: bool) -> int | None:
    han, kana = len(_HAN.findall(word)), [c for c in word if _KANA.match(c)]
    if han or kana:
        return han + sum(character not in _SMALL_KANA for character in kana)
    if any(character in _CYRILLIC_VOWELS for character in word):
        return sum(character in _CYRILLIC_VOWELS for character in word)
    plain = "".join(
        character
        for character in unicodedata.normalize("NFD", word)
        if not unicodedata.combining(character)
    )
    if plain.isascii():
        if english:
            listed = plain in _EXCEPTIONS
            return _english(plain + "x" if word.endswith("é") and not listed else plain)
        return max(1, len(_OWN_VOWELS.findall(plain)))
    if greek := _GREEK.findall(plain.replace("ς", "σ")):
        return len(greek)
    latin = _OWN_VOWELS.findall(plain.replace("ß", "ss"))
    return len(latin) or None
