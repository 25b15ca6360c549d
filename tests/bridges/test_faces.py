"""A typed line becomes a call, and the other way round."""

import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agents.acts.listing import all_acts
from agents.answer import Call
from bridges.faces import read_line, write_line
from feed_core.errors import BadArgument, MissingArgument

ACTS = all_acts()
NAMES = st.sampled_from(ACTS.names())


@pytest.mark.parametrize(
    ("line", "act", "arguments"),
    [
        ("/feed", "feed", {}),
        ("/FEED 12", "feed", {"before": "12"}),
        (
            "/remix 1,2 as an erasure poem",
            "remix",
            {"sources": ["1", "2"], "how": "as an erasure poem"},
        ),
        (
            "/remix 1, #2 and 3 as a haiku",
            "remix",
            {"sources": ["1", "#2", "3"], "how": "as a haiku"},
        ),
        ("/remix 1 and the moon", "remix", {"sources": ["1"], "how": "and the moon"}),
        (
            "/remix 4 thread as a song",
            "remix",
            {"sources": ["4"], "thread": True, "how": "as a song"},
        ),
        ("/remix 4 no rhymes", "remix", {"sources": ["4"], "how": "no rhymes"}),
        ("/remix 4 on the beach", "remix", {"sources": ["4"], "how": "on the beach"}),
        ("/remix as a haiku", "remix", {"how": "as a haiku"}),
        ("/remix\n1\nas a song", "remix", {"sources": ["1"], "how": "as a song"}),
        ("/create\nRain\nall night", "create", {"words": "Rain\nall night"}),
        ("/create  Rain:  all   night ", "create", {"words": "Rain:  all   night"}),
        ("/create \"it's\" 'don't'", "create", {"words": "\"it's\" 'don't'"}),
        ("/create 雨 🎈 ﷽", "create", {"words": "雨 🎈 ﷽"}),
        ("/create /feed", "create", {"words": "/feed"}),
        ("/digest now", "digest now", {}),
        ("/digest_set telegram 7:30", "digest set", {"where": "telegram", "when": "7:30"}),
        ("/digest set cover off 7:30", "digest set", {"cover": "off", "when": "7:30"}),
        ("/digest set on weekdays at 8", "digest set", {"when": "on weekdays at 8"}),
        ("/Digest\tSET 7:30 on weekdays", "digest set", {"when": "7:30 on weekdays"}),
        ("/digest", "digest show", {}),
        ("/digest set empty tell", "digest set", {"empty": "tell"}),
        ("/digest set length long at 8", "digest set", {"length": "long", "when": "at 8"}),
        ("/digest tomorrow", "help", {"about": "digest tomorrow"}),
        ("/edit d2 Kettle: it hums", "edit", {"piece": "d2", "words": "Kettle: it hums"}),
        ("/edit 12 it hums", "edit", {"piece": "12", "words": "it hums"}),
        ("/edit 12 language:de", "edit", {"piece": "12", "language": "de"}),
        ("/edit language:de 12 hm", "edit", {"piece": "12", "language": "de", "words": "hm"}),
        (
            "/create visibility:room MEME:yes Rain: all",
            "create",
            {"visibility": "room", "meme": "yes", "words": "Rain: all"},
        ),
        ("/create visibility:Private Hm", "create", {"visibility": "only_me", "words": "Hm"}),
        ("/visibility 2 only me", "visibility", {"creation": "2", "visibility": "only_me"}),
        ("/create everyone: knows", "create", {"words": "everyone: knows"}),
        ("/create kind:of blue", "create", {"words": "kind:of blue"}),
        ("/saved before:12 sea poems", "saved", {"before": "12", "collection": "sea poems"}),
        ("/edit Kettle: it hums", "edit", {"words": "Kettle: it hums"}),
        ("/publish", "publish", {}),
        ("/comment 4 so good", "comment", {"creation": "4", "words": "so good"}),
        ("/comment so good", "comment", {"creation": "so", "words": "good"}),
        ("/show https://x.org/c/12", "show", {"creation": "https://x.org/c/12"}),
        ("/link AB12-CD34", "link", {"code": "AB12-CD34"}),
        ("/nosuch thing", "nosuch", {}),
        ("/", "", {}),
        ("//feed", "/feed", {}),
    ],
)
def test_a_line_is_read(line: str, act: str, arguments: dict[str, Any]) -> None:
    assert read_line(ACTS, line) == Call(act, arguments)


@pytest.mark.parametrize(
    "line",
    [
        *("/mine please", "/like 4 please", "/feed 3 nonsense", "/feed nonsense", "/drafts d1 d2"),
        *("/publish d1 and d2", "/lineage 4 5 6", "/digest off now", "/forget m1 m2", "/show 1 2"),
    ],
)
def test_what_an_act_has_no_place_for_is_not_dropped_but_refused(line: str) -> None:
    call = read_line(ACTS, line)
    found = ACTS.get(call.act)
    assert found is not None
    with pytest.raises(BadArgument):
        found.parse(call.arguments)


@given(NAMES, st.text(max_size=120))
@example("remix", "1\u2028\x1c2 \x00 and")
@example("remix", "0&")
@example("edit", "d\u0661 words")
@example("remix", "\u0661, \u0662")
def test_no_word_that_is_typed_is_lost(name: str, typed: str) -> None:
    call = read_line(ACTS, f"/{name} {typed}")
    kept = [name, *call.act.split(), *call.arguments]  # "/remix 1 thread" switches `thread` on
    for value in call.arguments.values():
        kept += map(str, value) if isinstance(value, list) else [str(value)]
    shown = " ".join(kept).lower()
    for word in re.split(r"[\s,;&+]+", typed.lower()):
        between = word == "and" or not any(it.isalnum() for it in word)
        assert word in shown or between


@given(st.text(max_size=200))
def test_any_line_is_read_and_parsed_or_refused(typed: str) -> None:
    for line in (typed, f"/{typed}", f"/remix {typed}", f"/digest set {typed}"):
        call = read_line(ACTS, line)
        found = ACTS.get(call.act)
        if found is not None:
            try:
                found.parse(call.arguments)
            except (BadArgument, MissingArgument) as refused:
                assert refused.act == found.name


WORDS = st.text(min_size=1, max_size=60).map(lambda it: f"as {it.strip()}".strip())
CALLS = st.one_of(
    st.builds(
        lambda sources, thread, how: Call(
            "remix", {"sources": sources, "how": how} | ({"thread": True} if thread else {})
        ),
        st.lists(st.integers(1, 10**15), min_size=1, max_size=5),
        st.booleans(),
        WORDS,
    ),
    st.builds(
        lambda number, words: Call("edit", {"piece": f"d{number}", "words": words}),
        st.integers(1, 999),
        WORDS,
    ),
    st.builds(lambda words: Call("create", {"words": words}), WORDS),
    st.builds(
        lambda number, words: Call("comment", {"creation": number, "words": words}),
        st.integers(1, 10**15),
        WORDS,
    ),
    st.builds(
        lambda where: Call("digest set", {"where": where}), st.sampled_from(["here", "discord"])
    ),
    st.builds(lambda name: Call(name), NAMES),
)


@given(CALLS)
def test_a_written_call_reads_back_as_the_same(call: Call) -> None:
    found = ACTS.get(call.act)
    assert found is not None
    back = read_line(ACTS, write_line(ACTS, call))
    assert back.act == call.act
    if call.arguments:
        assert found.parse(back.arguments) == found.parse(call.arguments)


@pytest.mark.timeout(10)
@pytest.mark.parametrize("filler", ["x", "1,", "1 ", "and ", "#", " ", "/", "\n", "d1 ", "1" * 17])
def test_a_hundred_thousand_characters_take_no_time(filler: str) -> None:
    for name in ("create", "remix", "show", "digest set", "edit", "mine"):
        call = read_line(ACTS, f"/{name} " + filler * (100_000 // len(filler)))
        assert call.act in (name, "help")
