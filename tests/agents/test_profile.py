from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents import profile
from agents.profile import Joining, Leash
from agents.wording import sentence
from feed_core.errors import ConfigurationError

GOOD = """\
personas:
  muse:
    name: Muse
    voice: Warm.
"""
SHIPPED = Path(__file__).parents[2] / "agents.yaml"


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
        ("join: everybody\n", 5, "join", ""),
        ("budget:\n  member_token: 5\n", 6, "budget.member_token", "member_tokens"),
        ("budget:\n  member_tokens: many\n", 6, "budget.member_tokens", ""),
        ("budget:\n  member_tokens: -1\n", 6, "budget.member_tokens", ""),
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
