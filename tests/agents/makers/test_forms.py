"""Each form keeps the rule that it is named after."""

import re
from itertools import pairwise

import pytest

from agents.makers.beats import beats
from agents.makers.choosing import makers
from agents.makers.forms.abecedary import Abecedary
from agents.makers.forms.acrostic import Acrostic
from agents.makers.forms.chimera import Chimera
from agents.makers.forms.cinquain import Cinquain
from agents.makers.forms.corpse import Corpse
from agents.makers.forms.elevenie import Elevenie
from agents.makers.forms.fib import Fib
from agents.makers.forms.lipogram import Lipogram
from agents.makers.forms.litany import Litany
from agents.makers.forms.mesostic import Mesostic
from agents.makers.forms.mirror import Mirror
from agents.makers.forms.pantoum import Pantoum
from agents.makers.forms.permutation import Permutation, changes
from agents.makers.forms.refrain import Refrain
from agents.makers.forms.s7 import SPlusSeven
from agents.makers.forms.snowball import Snowball
from agents.makers.forms.tanka import Tanka
from agents.makers.forms.telegram import Telegram
from agents.makers.forms.triolet import Triolet
from agents.makers.forms.univocal import Univocal
from agents.makers.languages import LATIN, Language
from agents.makers.making import Maker, NothingToMake, Source
from agents.makers.nouns import NOUNS
from agents.makers.plain import plain
from agents.makers.reading import read
from tests.agents.makers.creations import (
    BUS,
    CAT,
    GARDEN,
    GERMAN_BUS,
    GUTTER,
    HOSTILE,
    JAPANESE_BUS,
    LETTER,
    RAIN,
    SPANISH_BUS,
)

SEEDS = range(6)
BY_LANGUAGE = {
    Language.ENGLISH: [BUS, GARDEN, CAT],
    Language.GERMAN: [GERMAN_BUS],
    Language.SPANISH: [SPANISH_BUS],
    Language.JAPANESE: [JAPANESE_BUS],
}


def text(*sources: Source) -> str:
    return "\n".join(f"{it.title}\n{it.body}" for it in sources).casefold()


def stanzas(body: str) -> list[list[str]]:
    return [it.splitlines() for it in body.split("\n\n")]


def test_there_are_more_than_twelve_makers_and_each_cites_where_it_comes_from() -> None:
    assert len(makers()) >= 20
    names = [it.name for it in makers()]
    assert len(set(names)) == len(names)
    for maker in makers():
        module = __import__(type(maker).__module__, fromlist=["_"])
        assert re.search(r"1\d{3}|20\d\d|\d+th century|about \d+", module.__doc__ or ""), maker.name


@pytest.mark.parametrize("seed", SEEDS)
def test_every_line_of_a_pantoum_is_heard_twice_and_the_first_is_the_last(seed: int) -> None:
    made = stanzas(Pantoum().make([BUS, GARDEN], wish="", seed=seed).body)

    lines = [line for stanza in made for line in stanza]
    assert {lines.count(it) for it in lines} == {2}
    assert lines[0] == lines[-1]
    for before, after in pairwise(made):
        assert (before[1], before[3]) == (after[0], after[2])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_triolet_says_its_first_line_three_times(seed: int) -> None:
    lines = Triolet().make([CAT], wish="", seed=seed).body.splitlines()

    assert lines[0] == lines[3] == lines[6]
    assert lines[1] == lines[7]
    assert len(lines) == 8
    assert len(set(lines)) == 5


@pytest.mark.parametrize("seed", SEEDS)
def test_every_stanza_of_a_refrain_poem_ends_alike(seed: int) -> None:
    made = stanzas(Refrain().make([CAT, GARDEN], wish="", seed=seed).body)

    assert len(made) > 1
    assert len({stanza[-1] for stanza in made}) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mirror_poem_reads_backwards_from_its_middle(seed: int) -> None:
    there, back = stanzas(Mirror().make([CAT], wish="", seed=seed).body)

    assert back == there[::-1]


@pytest.mark.parametrize("sources", BY_LANGUAGE.values(), ids=[str(it) for it in BY_LANGUAGE])
def test_a_permutation_poem_has_the_same_words_in_every_line_and_no_line_twice(
    sources: list[Source],
) -> None:
    for seed in SEEDS:
        lines = Permutation().make(sources, wish="", seed=seed).body.splitlines()
        assert len({tuple(sorted(it.split())) for it in lines}) == 1
        assert len(set(lines)) == len(lines) >= 6


def test_plain_changes_go_through_every_order_by_changing_two_neighbours() -> None:
    orders = list(changes(4))

    assert len(set(orders)) == len(orders) == 24
    for a, b in pairwise(orders):
        moved = [n for n in range(4) if a[n] != b[n]]
        assert len(moved) == 2
        assert moved[1] - moved[0] == 1


@pytest.mark.parametrize(
    ("wish", "spelt"),
    [
        ("an acrostic of rain", "rain"),
        ("Akrostichon auf Bus", "bus"),
        ("acrostic", ""),
        ("“bed”", "bed"),
    ],
)
def test_an_acrostic_spells_what_it_was_asked_for(wish: str, spelt: str) -> None:
    sources = [GERMAN_BUS] if "Akro" in wish else [BUS, GARDEN, CAT, RAIN]
    for seed in SEEDS:
        made = Acrostic().make(sources, wish=wish, seed=seed)
        initials = "".join(plain(line)[0] for line in made.body.splitlines())
        assert initials == (spelt or plain(made.title))


def test_an_acrostic_that_cannot_be_spelt_says_how_far_it_came() -> None:
    with pytest.raises(NothingToMake) as refused:
        Acrostic().make([BUS], wish="acrostic on xylophone", seed=0)

    assert refused.value.unit == "letters"
    assert refused.value.found < refused.value.needed == len("xylophone")


def test_a_japanese_acrostic_goes_by_kana() -> None:
    made = Acrostic().make([JAPANESE_BUS], wish="「うみ」で折句", seed=0)

    firsts = [read([Source(0, "", "", it)], seed=0).words[0] for it in made.body.splitlines()]
    assert "".join(it.sound[0] for it in firsts) == made.title == "ウミ"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_mesostic_shows_its_word_in_capitals_by_the_rule_of_fifty_per_cent(seed: int) -> None:
    made = Mesostic().make([BUS, GARDEN], wish="", seed=seed)

    body = made.body.replace("\n", " ")
    spine = "".join(re.findall("[A-Z]", body)).lower()
    assert spine.replace(made.title.lower(), "") == ""
    for _, between, following in re.findall("(?=([A-Z])([^A-Z]*)([A-Z]))", body):
        assert following.lower() not in between


@pytest.mark.parametrize("seed", SEEDS)
def test_an_abecedary_goes_down_the_alphabet(seed: int) -> None:
    lines = Abecedary().make([BUS, GARDEN], wish="", seed=seed).body.splitlines()

    firsts = [plain(it)[0] for it in lines]
    assert firsts == sorted(set(firsts))


@pytest.mark.parametrize(
    "sources", [BY_LANGUAGE[it] for it in sorted(LATIN)], ids=[str(it) for it in sorted(LATIN)]
)
def test_a_snowball_grows_by_a_letter_a_line_and_melts_when_asked(sources: list[Source]) -> None:
    for seed in SEEDS:
        lines = Snowball().make(sources, wish="", seed=seed).body.splitlines()
        sizes = [len(it) for it in lines]
        assert sizes == list(range(sizes[0], sizes[0] + len(sizes)))
        assert set(map(str.casefold, lines)) <= set(re.findall(r"\w+", text(*sources)))
        melted = Snowball().make(sources, wish="a melting snowball", seed=seed).body
        assert melted.splitlines() == lines[::-1]


@pytest.mark.parametrize(
    "sources", [BY_LANGUAGE[it] for it in sorted(LATIN)], ids=[str(it) for it in sorted(LATIN)]
)
def test_a_lipogram_never_has_its_letter_not_even_in_the_title(sources: list[Source]) -> None:
    for seed in SEEDS:
        made = Lipogram().make(sources, wish="", seed=seed)
        letter = made.label[-1].lower()
        assert letter not in plain(made.body + made.title)


def test_a_lipogram_leaves_out_the_letter_that_is_named() -> None:
    for wish in ("without the letter a", "ohne a", "sin la letra a", "no a"):
        made = Lipogram().make([BUS, GARDEN], wish=wish, seed=0)
        assert made.label == "lipogram without A"
        assert "a" not in plain(made.body)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_univocal_poem_has_one_vowel(seed: int) -> None:
    made = Univocal().make([BUS, GARDEN, LETTER, CAT], wish="", seed=seed)

    assert len(set(plain(made.body)) & set("aeiou")) == 1


def test_s_plus_seven_takes_the_seventh_noun_and_leaves_all_else() -> None:
    made = SPlusSeven().make([RAIN], wish="", seed=0)

    assert made.label == "S+7"
    word = NOUNS[NOUNS.index("key") + 7]
    assert made.body == f"all nurse the same spinach in a new {word}"
    assert SPlusSeven().make([RAIN], wish="s+2", seed=0).label == "S+2"
    assert SPlusSeven().make([RAIN], wish="", seed=1).label == "S+8"


def test_s_plus_seven_keeps_number_article_capital_and_marks() -> None:
    source = Source(1, "a", "", "An apple fell. Snails, slow and sure, ate it; my feet were cold!")

    body = SPlusSeven().make([source], wish="", seed=0).body

    assert re.fullmatch(
        r"An? \w+ fell\. [A-Z]\w+s, slow and sure, ate it; my \w+s were cold!", body
    )
    for article, noun in re.findall(r"\b(an?) (\w)", body.casefold()):
        assert (article == "an") == (noun in "aeiou")


def test_the_dictionary_is_in_order_and_kind() -> None:
    assert list(NOUNS) == sorted(set(NOUNS))
    assert len(NOUNS) > 900


@pytest.mark.parametrize("seed", SEEDS)
def test_a_chimera_has_things_of_one_source_in_sentences_of_the_other(seed: int) -> None:
    made = Chimera().make([BUS, GARDEN], wish="", seed=seed)

    frame, other = (BUS, GARDEN) if "ten past twelve" in made.body else (GARDEN, BUS)
    assert len(made.body.split()) == len(frame.body.split())
    added = set(re.findall(r"\w+", made.body.casefold())) - set(re.findall(r"\w+", text(frame)))
    assert added
    assert all(it[:3] in text(other) for it in added)
    assert set(made.taken) == {frame.creation_id, other.creation_id}


@pytest.mark.parametrize("seed", SEEDS)
def test_no_sentence_of_an_exquisite_corpse_stood_in_a_source(seed: int) -> None:
    made = Corpse().make([BUS, GARDEN, CAT], wish="", seed=seed)

    whole = re.sub(r"\W+", " ", text(BUS, GARDEN, CAT))
    for sentence in made.body.splitlines():
        assert re.sub(r"\W+", " ", sentence.casefold()).strip() not in whole


def test_a_litany_greets_things_of_the_source() -> None:
    body = Litany().make([BUS], wish="", seed=0).body

    for line in body.splitlines():
        assert line.startswith("For ")
        assert line[4:].rstrip(",.").casefold() in text(BUS)


@pytest.mark.parametrize(
    "sources", [BY_LANGUAGE[it] for it in sorted(LATIN)], ids=[str(it) for it in sorted(LATIN)]
)
def test_a_telegram_saves_words_and_stops(sources: list[Source]) -> None:
    body = Telegram().make(sources, wish="", seed=0).body

    assert body == body.upper()
    assert " STOP" in body
    assert len(body.split()) < len(text(*sources).split())


@pytest.mark.parametrize(
    ("maker", "form"),
    [
        (Tanka(), (5, 7, 5, 7, 7)),
        (Cinquain(), (2, 4, 6, 8, 2)),
        (Fib(), (1, 1, 2, 3, 5, 8)),
        (Elevenie(), (1, 2, 3, 4, 1)),
    ],
    ids=lambda it: getattr(it, "name", ""),
)
def test_counted_poems_have_the_lengths_of_their_form(maker: Maker, form: tuple[int, ...]) -> None:
    for language in sorted(maker.languages & {Language.ENGLISH, Language.GERMAN}):
        body = maker.make(BY_LANGUAGE[language], wish="", seed=2).body
        lines = [read([Source(0, "", "", it)], seed=0).words for it in body.splitlines()]
        counted = [
            len(line) if maker.name == "elevenie" else sum(beats(it, language) or 0 for it in line)
            for line in lines
        ]
        assert tuple(counted) == form, body


@pytest.mark.parametrize("maker", makers(), ids=lambda maker: maker.name)
@pytest.mark.parametrize("source", HOSTILE, ids=lambda source: source.title)
def test_hostile_texts_are_made_into_something_small_or_refused(
    maker: Maker, source: Source
) -> None:
    for sources in ([source], [source, GUTTER]):
        try:
            made = maker.make(sources, wish="", seed=1)
        except NothingToMake as refused:
            assert refused.found < refused.needed
        else:
            assert made.title
            assert made.body.strip()
            assert len(made.title) <= 60
            assert len(made.body) < 20_000
