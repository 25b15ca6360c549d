import re
from itertools import pairwise

import pytest

from agents.makers.choosing import made_from, makers, named
from agents.makers.forms.cento import Cento
from agents.makers.forms.cutup import CutUp
from agents.makers.forms.erasure import Erasure
from agents.makers.forms.haiku import Haiku
from agents.makers.making import UNITS, Maker, NothingToMake, Source
from agents.makers.reading import READ_AT_MOST, read
from agents.makers.syllables import syllables
from agents.wording import sentence
from feed_core.states import Taken
from tests.agents.makers.creations import BUS, GARDEN, GUTTER, RAIN

GERMAN = Source(
    5,
    "eva",
    "Der Regen",
    "Der Regen fällt auf das alte Dach, und niemand hört ihm zu. In der Küche brennt noch Licht."
    " Ich zähle die Tropfen wie andere Leute Schafe.",
)
CHINESE = Source(
    6,
    "fei",
    "夜",
    "我独自走在路上，月亮很圆。风吹过来，树叶沙沙响。远处有一盏灯，像一颗星。",
)
ARABIC = Source(
    7, "gad", "المطر", "المطر يهطل على السطح القديم، ولا أحد يسمع. في المطبخ ما زال الضوء مشتعلا."
)
DANGLING = {"a", "an", "the", "of", "in", "on", "for", "and", "or", "with", "to", "my", "its"}


def words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.casefold())


def text_of(*sources: Source) -> list[str]:
    return words(" ".join(f"{source.title} {source.body}" for source in sources))


def is_subsequence(some: list[str], of: list[str]) -> bool:
    rest = iter(of)
    return all(word in rest for word in some)


@pytest.mark.parametrize("maker", makers(), ids=lambda maker: maker.name)
def test_the_same_sources_wish_and_seed_make_the_same_and_again_makes_another(
    maker: Maker,
) -> None:
    made = [maker.make([BUS, GARDEN], wish="as you like", seed=seed) for seed in range(4)]
    again = [maker.make([BUS, GARDEN], wish="as you like", seed=seed) for seed in range(2)]

    assert made[:2] == again
    assert len({one.body for one in made}) >= 3


FOR_TWO_LINES = [CutUp(), Cento(), Erasure(), Haiku()]


@pytest.mark.parametrize("maker", FOR_TWO_LINES, ids=lambda maker: maker.name)
@pytest.mark.parametrize("seed", range(12))
def test_two_tiny_creations_are_enough_for_many_makers(maker: Maker, seed: int) -> None:
    made = maker.make([RAIN, GUTTER], wish="", seed=seed)

    lines = made.body.splitlines()
    assert len(lines) >= 2
    assert len(set(lines)) == len(lines)
    assert set(words(made.body)) <= set(text_of(RAIN, GUTTER))
    assert made.taken == {1: Taken.TEXT, 2: Taken.TEXT}
    assert made.title
    assert made.title.casefold() not in {RAIN.title.casefold(), GUTTER.title.casefold()}


@pytest.mark.parametrize("seed", range(12))
def test_an_erasure_keeps_only_words_of_the_sources_in_their_order(seed: int) -> None:
    made = Erasure().make([RAIN, GUTTER], wish="as an erasure poem", seed=seed)

    assert is_subsequence(words(made.body), text_of(RAIN, GUTTER))
    assert len(words(made.body)) < len(text_of(RAIN, GUTTER))
    assert made.label == "erasure poem"


@pytest.mark.parametrize("sources", [[RAIN, GUTTER], [BUS], [BUS, GARDEN]])
def test_no_line_of_an_erasure_or_haiku_ends_in_a_small_word(sources: list[Source]) -> None:
    for seed in range(10):
        for maker in (Erasure(), Haiku()):
            body = maker.make(sources, wish="", seed=seed).body
            ends = {words(line)[-1] for line in body.splitlines() if line}
            assert not ends & DANGLING, body


def test_a_blackout_shows_bars_where_words_were_struck_out() -> None:
    made = Erasure().make([BUS], wish="as a blackout poem", seed=0)

    assert made.label == "blackout poem"
    assert "██" in made.body
    assert is_subsequence(words(made.body.replace("█", "")), text_of(BUS))


@pytest.mark.parametrize("sources", [[RAIN, GUTTER], [BUS], [BUS, GARDEN]])
def test_a_haiku_counts_five_seven_five(sources: list[Source]) -> None:
    for seed in range(7):
        body = Haiku().make(sources, wish="a haiku", seed=seed).body
        beats = [sum(syllables(word) or 0 for word in words(line)) for line in body.splitlines()]
        assert beats == [5, 7, 5], body


def test_a_cento_takes_every_line_word_for_word_and_every_source_has_its_turn() -> None:
    sources = [BUS, GARDEN, RAIN]
    for seed in range(8):
        made = Cento().make(sources, wish="as a cento", seed=seed)
        homes = []
        for line in made.body.splitlines():
            home = [s for s in sources if line in s.body or line == s.title]
            assert home, line
            homes.append(home[0].creation_id)
        assert made.taken == dict.fromkeys((1, 3, 4), Taken.TEXT) == dict(made.taken)
        assert set(homes) == {1, 3, 4}
        assert all(a != b for a, b in pairwise(homes))


def test_a_cut_up_joins_pieces_that_did_not_stand_together() -> None:
    made = CutUp().make([RAIN, GUTTER], wish="cut-up", seed=0)

    assert sorted(words(made.body)) == sorted(text_of(RAIN, GUTTER))
    before = " ".join(text_of(RAIN, GUTTER))
    assert any(" ".join(words(line)) not in before for line in made.body.splitlines())


@pytest.mark.parametrize("source", [GERMAN, CHINESE, ARABIC], ids=lambda source: source.maker_name)
def test_other_languages_and_scripts_are_cut_and_erased_too(source: Source) -> None:
    for maker in (Erasure(), CutUp()):
        made = maker.make([source], wish="", seed=1)
        pieces = re.split(r"[\n、\u3000, ]+", made.body)
        whole = f"{source.title} {source.body}".casefold()
        assert all(piece.casefold() in whole for piece in pieces)
        assert made.title.casefold() != source.title.casefold()


@pytest.mark.parametrize("text", ["", "word", "🎉🎉 ❤️", "… !! —", "https://a.example/b", "我"])
@pytest.mark.parametrize("maker", makers(), ids=lambda maker: maker.name)
def test_too_little_material_is_refused_with_what_was_found_and_needed(
    maker: Maker, text: str
) -> None:
    with pytest.raises(NothingToMake) as refused:
        maker.make([Source(1, "ana", "", text)], wish="", seed=0)

    assert refused.value.code == "too_little_material"
    assert refused.value.maker == maker.name
    assert refused.value.found < refused.value.needed
    assert refused.value.unit in UNITS
    assert maker.name in sentence(refused.value)


def test_no_source_at_all_is_too_little() -> None:
    for maker in makers():
        with pytest.raises(NothingToMake):
            maker.make([], wish="", seed=0)


LONG = {
    "prose": " ".join(f"{BUS.body} {GARDEN.body}" for _ in range(160))[:100_000],
    "one word": "rain " * 20_000,
    "no space": "x" * 100_000,
    "no pause": "我独自走在路上" * 14_000,
    "commas": "a, " * 33_000,
}


@pytest.mark.parametrize("body", LONG.values(), ids=LONG)
def test_of_a_hundred_thousand_characters_a_sample_is_read(body: str) -> None:
    reading = read([Source(1, "ana", "Long", body), GARDEN], seed=3)

    assert reading.words
    assert sum(len(it.text) for it in reading.words) <= READ_AT_MOST


@pytest.mark.parametrize("maker", makers(), ids=lambda maker: maker.name)
def test_what_is_made_of_a_hundred_thousand_characters_can_be_posted(maker: Maker) -> None:
    made = maker.make([Source(1, "ana", "Long", LONG["prose"]), GARDEN], wish="", seed=3)

    assert made.body
    assert len(made.body) < 4_000


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        ("as an erasure poem", "erasure"),
        ("make it a haiku", "haiku"),
        ("cut-up", "cut-up"),
        ("Cut up, please", "cut-up"),
        ("as a CENTO", "cento"),
        ("an erasur poem", "erasure"),
        ("hiaku!", "haiku"),
        ("blackout", "erasure"),
        ("in the manner of dada", "cut-up"),
        ("do S+7 with it", "s+7"),
        ("n+7", "s+7"),
        ("make a snowbal", "snowball"),
        ("an exquisite corpse, please", "exquisite corpse"),
        ("like a telegram", "telegram"),
        ("without the letter e", "lipogram"),
        ("als Haiku", "haiku"),
        ("als Akrostichon", "acrostic"),
        ("mach ein Elfchen daraus", "elevenie"),
        ("als Schneeball", "snowball"),
        ("como acróstico", "acrostic"),
        ("como haiku", "haiku"),
        ("un poema espejo", "mirror"),
        ("con un estribillo", "refrain"),
        ("俳句にして", "haiku"),
        ("短歌で", "tanka"),
        ("折句にしてください", "acrostic"),
        ("黒塗り詩にして", "erasure"),
    ],
)
def test_a_maker_is_chosen_by_its_name_in_plain_words(wish: str, name: str) -> None:
    chosen = named(wish)
    assert chosen is not None
    assert chosen.name == name


@pytest.mark.parametrize("wish", ["", "something about rain", "as a limerick", "only fifty cent"])
def test_without_a_name_several_sources_make_a_cento_and_one_an_erasure(wish: str) -> None:
    assert named(wish) is None
    assert made_from([RAIN, GUTTER], wish=wish, seed=0)[1].name == "cento"
    assert made_from([BUS], wish=wish, seed=0)[1].name == "erasure"


def test_without_a_name_a_maker_is_found_for_whatever_carries_one() -> None:
    assert made_from([Source(1, "a", "", "pizza tastes better")], wish="", seed=0)[1].name
    with pytest.raises(NothingToMake):
        made_from([Source(1, "a", "hi", "")], wish="", seed=0)


def test_a_refusal_names_a_maker_that_the_sources_are_enough_for() -> None:
    with pytest.raises(NothingToMake) as refused:
        made_from([GUTTER], wish="as a pantoum", seed=0)

    assert refused.value.instead
    assert named(f"as a {refused.value.instead}") is not None
    made_from([GUTTER], wish=refused.value.instead, seed=0)
    assert refused.value.instead in sentence(refused.value)


def test_a_maker_of_one_language_refuses_another_and_names_one_that_does_not() -> None:
    with pytest.raises(NothingToMake) as refused:
        made_from([GERMAN], wish="s+7", seed=0)

    assert refused.value.unit == "language"
    assert refused.value.instead == "erasure"


def test_links_mentions_and_markup_do_not_get_into_what_is_made() -> None:
    noisy = Source(
        9, "n", "Hi", f"@everyone <@123> https://evil.example/x {BUS.body} `rm` **{GARDEN.body}**"
    )
    for maker in (Erasure(), CutUp(), Haiku()):
        for seed in range(6):
            body = maker.make([noisy], wish="", seed=seed).body
            assert not re.search(r"[@<>*`]|http|everyone", body), body
    for seed in range(6):
        body = Cento().make([noisy, GARDEN], wish="", seed=seed).body
        assert "@everyone" not in body
        assert "http" not in body
