"""The first jam at the terminal, through the command itself."""

import os
import re
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.dialogs.command import JAMFEED, ROOT, command

STORY = [
    "/create Rain on the tin roof: all night the same song in a new key",
    "/create The gutter: a drum for nobody",
    "/paint rain on a tin roof",
    "/publish",
    "/feed",
    "/remix 1,2 as an erasure poem",
    "/publish",
    "/lineage 4",
    "show me what I have made",
    "remember that I love haiku",
    "/memory",
    "/digest now",
]


def jamfeed(
    *arguments: str,
    home: Path,
    lines: str = "",
    cwd: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JAMFEED_", "OPENAI_"))
    }
    return subprocess.run(
        command(*arguments),
        cwd=cwd,
        env={**inherited, "JAMFEED_HOME": str(home), **(environment or {})},
        input=lines,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


def chat(home: Path, *lines: str, environment: Mapping[str, str] | None = None) -> list[str]:
    """The answers to lines typed by Ana, one for each."""
    done = jamfeed(
        "chat", "--as", "ana", home=home, lines="\n".join(lines), environment=environment
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout.strip().split("\n\n")


def test_the_first_jam_shows_each_steps_result_without_a_model(tmp_path: Path) -> None:
    answers = chat(tmp_path, *STORY)

    assert len(answers) == len(STORY)
    rain, gutter, painted, picture, feed, erased, remix, lineage, mine, kept, memory, digest = (
        answers
    )
    assert "#1 Rain on the tin roof" in rain
    assert "#2 The gutter" in gutter
    assert "d1 Rain on a tin roof" in painted
    assert "/publish d1" in painted
    assert "#3 Rain on a tin roof" in picture
    assert [ref in feed for ref in ("#1", "#2", "#3")] == [True] * 3
    assert "d2" in erased
    assert "from #1, #2" in erased
    assert "#4" in remix
    assert "#4" in lineage
    assert "from #1 and #2" in lineage
    assert (tmp_path / "pictures" / "lineage-4.png").read_bytes().startswith(b"\x89PNG")
    assert all(ref in mine for ref in ("#1", "#2", "#3", "#4"))
    assert "m1" in kept
    assert "I love haiku" in memory
    assert "#4" in digest


def test_an_erasure_holds_only_words_of_its_sources(tmp_path: Path) -> None:
    *_, erased = chat(tmp_path, *STORY[:2], "/remix 1,2 as an erasure poem")
    said = "Rain on the tin roof all night the same song in a new key The gutter a drum for nobody"
    body = [line.strip() for line in erased.splitlines() if line.startswith("  ")][:-2]

    words = " ".join(body).lower().split()
    assert words
    assert set(words) <= set(said.lower().split())


def test_what_was_published_is_there_after_a_restart(tmp_path: Path) -> None:
    chat(tmp_path, "/create Umbrella: it remembers", "remember that I live in Lisbon")

    feed, memory = chat(tmp_path, "/feed", "/memory")

    assert "#1 Umbrella" in feed
    assert "Lisbon" in memory


def test_the_demo_plays_its_scenes_and_exits_0(tmp_path: Path) -> None:
    done = jamfeed("demo", home=tmp_path)

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert [f"Scene {it}" in done.stdout for it in (1, 2, 3)] == [True] * 3
    assert "[telegram → ben]" in done.stdout
    assert "cento" in done.stdout


BAD_LINES = [
    ("/remx 1", "/remix"),
    ("/show 99", "#99"),
    ("/show twelve", "number"),
    ("/publish", "No draft"),
    ("/create   ", "/create"),
    ("/remix 1 as a haiku", "#1"),
    ("x" * 100_000, "100,000"),
    ("/create " + "y" * 100_000, "20,000"),
    ("/drop everything", "draft"),
    ("\x00\x07 \u202e\u200b", "/help"),
    ("/digest set 99:99", "99:99"),
    ("/link WRONGCODE", "code"),
    ("/forget m7", "m7"),
    ("/create see @nothere.png", "file"),
]


def test_bad_input_gets_a_sentence_and_the_next_line_its_answer(tmp_path: Path) -> None:
    lines = [part for line, _ in BAD_LINES for part in (line, "/drafts")]
    answers = "\n\n".join(chat(tmp_path, *lines, environment={"JAMFEED_MODEL": "offline"}))

    told = re.split(r"No draft waits for you\. /write, /remix or /paint makes one\.\s*", answers)
    told = [it for it in told if it.strip()]
    expected = [told for line, told in BAD_LINES if line != "/publish"]
    assert [want in got for want, got in zip(expected, told, strict=True)] == [True] * len(told)
    assert answers.count("No draft") == len(BAD_LINES) + 1
    assert "Traceback" not in answers
    assert "incident" not in answers


def test_a_key_is_shown_to_nobody_and_the_words_are_kept(tmp_path: Path) -> None:
    told, kept = chat(tmp_path, "/create a key sk-abcdefghijklmnopqrstuvwx", "/drafts")

    assert "not shown here" in told
    assert "sk-abcdefghijklmnopqrstuvwx" not in told
    assert "d1 a key" in kept


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"JAMFEED_MODEL": "nonsense"}, "JAMFEED_MODEL"),
        ({"JAMFEED_MODEL": "openai:gpt-5-mini"}, "OPENAI_API_KEY"),
        ({"JAMFEED_MODEL": "nowhere:gpt"}, "nowhere"),
        ({"JAMFEED_AGENTS": "missing.yaml"}, "missing.yaml"),
        ({"JAMFEED_DATABASE_URL": "postgresql://x"}, "JAMFEED_DATABASE_URL"),
        ({"JAMFEED_HOME": "/proc/nothing"}, "JAMFEED_HOME"),
        ({"JAMFEED_LOG_LEVEL": "LOUD"}, "JAMFEED_LOG_LEVEL"),
    ],
)
def test_a_wrong_setting_is_named_with_its_mend_and_exits_2(
    tmp_path: Path, environment: dict[str, str], told: str
) -> None:
    home = Path(environment.pop("JAMFEED_HOME", str(tmp_path)))
    done = jamfeed("chat", "--as", "ana", home=home, lines="hello\n", environment=environment)

    assert done.returncode == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_agents_yaml_is_told_so(tmp_path: Path) -> None:
    done = jamfeed("chat", "--as", "ana", home=tmp_path / "home", cwd=tmp_path, lines="hello\n")

    assert done.returncode == 2
    assert "agents.yaml" in done.stderr


def test_a_broken_agents_yaml_names_file_line_field_and_mend(tmp_path: Path) -> None:
    text = (ROOT / "agents.yaml").read_text()
    (tmp_path / "agents.yaml").write_text(text.replace("tools: true", "tool: true"))

    done = jamfeed("chat", "--as", "ana", home=tmp_path / "home", cwd=tmp_path, lines="hello\n")

    assert done.returncode == 2
    line = 1 + [it.strip() for it in text.splitlines()].index("tools: true")
    for told in ("agents.yaml", f"line {line}", "models.0.tool", "did you mean tools?"):
        assert told in done.stderr


def test_a_folder_in_use_is_told_and_exits_1(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        command("chat", "--as", "ana"),
        cwd=ROOT,
        env={**os.environ, "JAMFEED_HOME": str(tmp_path), "JAMFEED_MODEL": "offline"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdin is not None
        assert holder.stdout is not None
        holder.stdin.write("/drafts\n")
        holder.stdin.flush()
        assert "No draft" in holder.stdout.readline()

        done = jamfeed("chat", "--as", "ben", home=tmp_path, lines="hello\n")
    finally:
        holder.send_signal(signal.SIGTERM)
        holder.communicate(timeout=30)

    assert done.returncode == 1
    assert "Another Jamfeed" in done.stderr
    assert holder.returncode == 0


def test_a_database_from_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    chat(tmp_path, "/create Umbrella: it remembers")
    with closing(sqlite3.connect(tmp_path / "jamfeed.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    before = (tmp_path / "jamfeed.db").read_bytes()

    done = jamfeed("chat", "--as", "ana", home=tmp_path, lines="/feed\n")

    assert done.returncode == 2
    assert "newer" in done.stderr
    assert (tmp_path / "jamfeed.db").read_bytes() == before


def test_the_installed_command_says_that_an_unknown_one_is_wrong_use() -> None:
    done = subprocess.run([JAMFEED, "chta"], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "chta" in done.stderr


def test_a_picture_goes_in_and_comes_out_of_the_terminal(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (64, 48), "teal").save(tmp_path / "sea.png")

    published, feed = chat(tmp_path / "home", f"/create The sea @{tmp_path}/sea.png", "/feed")

    assert "#1 The sea" in published
    kept = [line.strip() for line in feed.splitlines() if line.strip().endswith(".png")]
    with Image.open(kept[0]) as picture:
        assert picture.size == (64, 48)
