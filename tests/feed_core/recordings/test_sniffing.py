import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feed_core.recordings.sniffing import RecordingRefused, recording_type
from tests.fakes.recordings import TYPES, recording


def problem(content: bytes) -> str:
    with pytest.raises(RecordingRefused) as refused:
        recording_type(content)
    return refused.value.problem


@pytest.mark.parametrize("name", TYPES)
def test_a_recording_is_known_by_its_content(name: str) -> None:
    assert recording_type(recording(name)) == TYPES[name]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"\x89PNG\r\n\x1a\n" + bytes(40),
        b"\xff\xd8\xff\xe0" + bytes(40),
        b"GIF89a" + bytes(40),
        b"RIFF\x24\0\0\0WEBPVP8 " + bytes(24),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"PK\x03\x04" + bytes(40),
        b"%PDF-1.7\n",
        b"MZ" + bytes(60),
        b"\0\0\0\x18ftypheic" + bytes(12),
        b"\0\0\0\x18ftypavif" + bytes(12),
    ],
)
def test_what_does_not_begin_as_a_recording_is_none(content: bytes) -> None:
    assert recording_type(content) is None


@pytest.mark.parametrize("name", TYPES)
def test_nothing_may_stand_behind_its_end(name: str) -> None:
    whole = recording(name)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("evil.txt", "boo")
    assert problem(whole + archive.getvalue()) in {"unreadable", "polyglot"}
    if name != "tone.flac":  # its last frame's length stands nowhere
        assert problem(whole + b"<script>alert(1)</script>") == "unreadable"


@pytest.mark.parametrize("name", TYPES)
def test_a_recording_that_was_cut_off_is_broken(name: str) -> None:
    whole = recording(name)
    for end in (4, 12, 40, len(whole) // 3):
        if name in {"tone.mp3", "tone.flac"} and end > 100:
            continue  # frames that are missing at the end leave a shorter recording
        try:
            assert recording_type(whole[:end]) is None
        except RecordingRefused as refused:
            assert refused.problem == "unreadable"


def test_an_archive_inside_a_box_that_players_pass_over_is_seen() -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("evil.txt", "boo")
    hidden = archive.getvalue()
    box = struct.pack(">I4s", 8 + len(hidden), b"free") + hidden
    assert zipfile.is_zipfile(io.BytesIO(recording("squares.mp4") + box))
    assert problem(recording("squares.mp4") + box) == "polyglot"


@pytest.mark.parametrize("mark", [b"%PDF-1.4", b"<?php echo 1;", b"<HTML>", b"<script>"])
def test_a_page_in_a_tag_at_the_beginning_is_seen(mark: bytes) -> None:
    frame = b"COMM" + struct.pack(">I", len(mark)) + b"\0\0" + mark
    tag = b"ID3\x03\0\0" + bytes([0, 0, 0, len(frame)]) + frame
    assert recording_type(tag.replace(mark, b"x" * len(mark)) + mpeg()) == "audio/mpeg"
    assert problem(tag + mpeg()) == "polyglot"


def mpeg() -> bytes:
    """The frames of the tone, without its tag."""
    whole = recording("tone.mp3")
    return whole[whole.index(b"\xff\xfb") if b"\xff\xfb" in whole else whole.index(b"\xff\xf3") :]


def test_frames_with_a_tag_behind_them_or_zeros_are_whole() -> None:
    assert recording_type(mpeg()) == "audio/mpeg"
    assert recording_type(mpeg() + b"TAG" + bytes(125)) == "audio/mpeg"
    assert recording_type(mpeg() + bytes(500)) == "audio/mpeg"
    assert problem(mpeg() + bytes(500) + b"x") == "unreadable"


def test_an_ogg_page_with_a_wrong_checksum_is_broken() -> None:
    whole = bytearray(recording("tone.opus.ogg"))
    whole[-1] ^= 1
    assert problem(bytes(whole)) == "unreadable"


def test_a_file_of_boxes_without_sound_or_pictures_is_broken() -> None:
    whole = recording("squares.mp4")
    assert problem(whole.replace(b"vide", b"text")) == "unreadable"
    assert problem(struct.pack(">I8s", 16, b"ftypisom") + bytes(4)) == "unreadable"


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(sorted(TYPES)),
    changes=st.lists(
        st.tuples(st.integers(0, 3_000), st.binary(min_size=1, max_size=6)), max_size=4
    ),
    end=st.integers(0, 13_000),
)
def test_a_damaged_file_is_refused_or_known_but_never_breaks_us(
    name: str, changes: list[tuple[int, bytes]], end: int
) -> None:
    damaged = bytearray(recording(name))
    for at, put in changes:
        at %= len(damaged)
        damaged[at : at + len(put)] = put
    try:
        found = recording_type(bytes(damaged[:end]))
    except RecordingRefused as refused:
        assert refused.problem in {"unreadable", "polyglot"}
    else:
        assert found is None or found in TYPES.values()
