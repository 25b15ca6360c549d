from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import profile
from agents.profile import Joining, Leash
from agents.wording import sentence
from feed_core.errors import ConfigurationError
from feed_core.models.members import Feed
from feed_core.services.recipes import FOR_YOU, Only, Recipe
from feed_core.services.recipes import SHIPPED as RECIPES

GOOD = """\
personas:
  muse:
    name: Muse
    voice: Warm.
"""
SHIPPED = Path(__file__).parents[2] / "agents.yaml"
FEED_PAGE = Path(__file__).parents[2] / "docs" / "feed.md"


def refused(folder: Path, text: str | bytes) -> ConfigurationError:
    file = folder / "agents.yaml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigurationError) as error:
        profile.read(file)
    assert str(file) in error.value.setting
    assert error.value.mend
    assert sentence(error.value)
    return error.value


def test_the_shipped_file_is_valid() -> None:
    told = profile.read(SHIPPED)
    assert told.first_persona == "muse"
    assert all(":" in it.name for it in told.models)
    assert told.autonomy["publish"] is Leash.ASK


def test_little_is_enough(tmp_path: Path) -> None:
    file = tmp_path / "agents.yaml"
    file.write_text(GOOD)
    told = profile.read(file)
    assert told.join is Joining.SERVERS
    assert told.models == ()
    assert told.persona("who left the file").name == "Muse"


@pytest.mark.parametrize(
    ("more", "line", "field", "mend"),
    [
        ("joins: open\n", 5, "joins", "join"),
        ("jion: open\n", 5, "jion", "did you mean join?"),
        ("models:\n  - name: openia:gpt\n", 6, "models.0.name", "did you mean openai?"),
        ('digest:\n  time: "28:00"\n', 6, "digest.time", "08:00"),
        ("join: everybody\n", 5, "join", ""),
        ("speech:\n  - {name: whisper-1, base_url: here}\n", 6, "speech.0.base_url", ""),
        ("speech:\n  - {name: whisper-1, prize: 1}\n", 6, "speech.0.prize", "price"),
        ("budget:\n  members: {}\n", 6, "budget.members", "member"),
        ("budget:\n  all:\n    day: {tokens: many}\n", 7, "budget.all.day.tokens", ""),
        ("budget:\n  all:\n    month: {money: -1}\n", 7, "budget.all.month.money", ""),
        ("models:\n  - name: gpt\n", 6, "models.0.name", "provider:model"),
        ("models:\n  - name: openai:a\n  - tools: true\n", 7, "models.1.name", "add name"),
        ("models:\n  - name: openai:a\n    price: {in: 2}\n", 7, "models.0.price.in", ""),
        ("digest:\n  zone: Mars/Base\n", 6, "digest.zone", ""),
        ("digest:\n  time: 8 o'clock\n", 6, "digest.time", ""),
        ("digest:\n  time: 18:30\n", 6, "digest.time", "quotes"),
        ("autonomy:\n  publish: always\n", 6, "autonomy.publish", ""),
        ("autonomy: free\n", 5, "autonomy", ""),
        ("moderation:\n  block: [rude]\n", 6, "moderation.block", ""),
        ("moderation:\n  words: {block: rude}\n", 6, "moderation.words.block", ""),
        ("moderation:\n  words:\n    hold: [off]\n", 7, "moderation.words.hold.0", "quotes"),
        ("moderation:\n  words: {hold: ['\u200b']}\n", 6, "moderation.words.hold.0", ""),
        ("moderation:\n  words:\n    label:\n      '': [x]\n", 8, "moderation.words.label", ""),
        ("moderation:\n  patterns:\n    hold:\n      a: '('\n", 8, "patterns.hold.a", ""),
        ("moderation:\n  patterns:\n    hold:\n      a: 'x*'\n", 8, "patterns.hold.a", ""),
        ("moderation:\n  links:\n    deny: ['https://a.b/']\n", 7, "links.deny.0", ""),
        ("moderation:\n  links: {most: -1}\n", 6, "moderation.links.most", ""),
        ("moderation:\n  moderators: [ana]\n", 6, "moderators.0", "platform:account"),
        ("feeds:\n  for_you: {taste: 1}\n", 6, "feeds.for_you", "for-you"),
        ("feeds:\n  mine: {taste: 1}\n", 6, "feeds.mine", "for-you, latest, jams, following"),
        ("feeds:\n  for-you:\n    tast: 1\n", 7, "feeds.for-you.tast", "taste"),
        ("feeds:\n  for-you:\n    taste: -1\n", 7, "feeds.for-you.taste", ""),
        ("feeds:\n  for-you:\n    variety: 2\n", 7, "feeds.for-you.variety", ""),
        ("feeds:\n  jams: {in_a_row: 0}\n", 6, "feeds.jams.in_a_row", ""),
        ("feeds:\n  jams: {only: mine}\n", 6, "feeds.jams.only", ""),
        ("feeds:\n  latest: newest\n", 6, "feeds.latest", ""),
        ("feeds:\n  latest: {explore: .nan}\n", 6, "feeds.latest.explore", ""),
        ("feeds:\n  latest: {taste: .inf}\n", 6, "feeds.latest.taste", ""),
        ("messages_per_minute: 0\n", 5, "messages_per_minute", ""),
        ("5: five\n", 5, "5", ""),
    ],
)
def test_what_is_wrong_is_named_by_line_and_field_with_a_mend(
    tmp_path: Path, more: str, line: int, field: str, mend: str
) -> None:
    error = refused(tmp_path, GOOD + more)
    assert f"line {line}, " in error.setting
    assert field in error.setting
    assert mend in error.mend


def test_a_recipe_changes_what_it_names_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "agents.yaml"
    file.write_text(GOOD + "feeds:\n  for-you: {taste: 3, explore: 0}\n  latest: {only: jams}\n")
    feeds = profile.read(file).feeds

    assert feeds.recipe(Feed.FOR_YOU) == replace(RECIPES[Feed.FOR_YOU], taste=3, explore=0)
    assert feeds.recipe(Feed.LATEST) == replace(RECIPES[Feed.LATEST], only=Only.JAMS)
    assert feeds.recipe(Feed.JAMS) == RECIPES[Feed.JAMS]


def test_the_shipped_recipes_are_those_that_hold_without_a_file() -> None:
    feeds = profile.read(SHIPPED).feeds

    assert {it: feeds.recipe(it) for it in Feed} == RECIPES


def test_each_weight_of_a_recipe_is_documented_with_its_default() -> None:
    rows = [it.split("|") for it in FEED_PAGE.read_text().splitlines() if it.startswith("| `")]
    told = {row[1].strip(" `"): row[4].strip(" `") for row in rows if len(row) == 7}

    assert told == {it.name: str(getattr(FOR_YOU, it.name)) for it in fields(Recipe)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "line 1"),
        ("# only a comment\n", "line 1"),
        ("just words\n", "line 1"),
        ("- a\n- list\n", "line 1"),
        ("personas: {}\n", "personas"),
        ("personas:\n  muse: {}\n", "personas.muse.name"),
        ("personas:\n  muse:\n    name: ''\n    voice: x\n", "line 3"),
        (GOOD + "  broken\n", "line"),
        ("personas: [\n", "line"),
        ("a: b: c\n", "line 1"),
        ("\tpersonas: x\n", "line 1"),
        ("x: !!python/object:os.system {}\n", "line 1"),
        ("x: *nobody\n", "line 1"),
        ("x: 2024-13-45\n", ""),
        (b"\x00\x01\x02", ""),
        (b"\xff\xfe\xfa\x80binary\x07", ""),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ""),
        (b"personas: " + b"x" * 2_000_000, ""),
    ],
)
def test_what_is_no_settings_file_is_told_so(tmp_path: Path, text: str | bytes, told: str) -> None:
    assert told in refused(tmp_path, text).setting


def test_a_file_that_is_not_there_or_a_folder_is_told_so(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.yaml", tmp_path):
        with pytest.raises(ConfigurationError) as error:
            profile.read(path)
        assert error.value.mend


@given(
    st.one_of(
        st.binary(max_size=60), st.text(max_size=60).map(lambda it: it.encode("utf-8", "replace"))
    )
)
def test_no_content_whatever_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    for text in (content, GOOD.encode() + content):
        file.write_bytes(text)
        try:
            profile.read(file)
        except ConfigurationError as error:
            assert str(file) in error.setting
