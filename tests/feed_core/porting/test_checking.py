"""What is wrong with an export is found and named before anything is brought in."""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import func, select

from feed_core.models.creations import Creation
from feed_core.models.members import Member
from feed_core.porting import checking, exporting, importing, layout
from feed_core.porting.kinds import Kind
from feed_core.porting.layout import MANIFEST, Manifest
from feed_core.porting.lines import LONGEST_LINE
from feed_core.porting.problems import SHOWN, Problem, Problems, Trouble
from feed_core.porting.refusals import (
    BrokenManifest,
    ExportChanged,
    ExportNewer,
    FilesRefused,
    NoExport,
)
from tests.fakes.community import join
from tests.feed_core.porting.conftest import Feed, silent

Export = tuple[Path, Manifest]
Change = Callable[[dict[str, Any]], object]


async def checked(feed: Feed, folder: Path, kinds: Sequence[Kind]) -> Problems:
    manifest = layout.read_manifest(folder)
    problems = await checking.check(feed.store, folder, manifest, kinds, silent)
    problems.add((await importing.check_media(folder, manifest, kinds, silent)).first)
    return problems


def write(folder: Path, kind: str, content: bytes) -> None:
    """Other lines for a kind, with a manifest that agrees with them."""
    (folder / f"{kind}.jsonl").write_bytes(content)
    told = json.loads((folder / MANIFEST).read_text())
    for it in told["records"]:
        if it["kind"] == kind:
            it |= {
                "rows": content.count(b"\n"),
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
    (folder / MANIFEST).write_text(json.dumps(told))


def lines(folder: Path, kind: str) -> list[dict[str, Any]]:
    return [json.loads(it) for it in (folder / f"{kind}.jsonl").read_bytes().splitlines()]


def rewrite(folder: Path, kind: str, them: Sequence[dict[str, Any]]) -> None:
    write(folder, kind, b"".join(json.dumps(it).encode() + b"\n" for it in them))


@pytest.mark.parametrize(
    ("kind", "line", "change", "trouble", "field"),
    [
        ("creation", 3, lambda it: it.update(title=7), Trouble.WRONG_VALUE, "title"),
        ("creation", 3, lambda it: it.pop("title"), Trouble.WRONG_VALUE, "title"),
        ("creation", 3, lambda it: it.update(smell="wet"), Trouble.WRONG_VALUE, "smell"),
        ("creation", 3, lambda it: it.update(kind="opera"), Trouble.WRONG_VALUE, "kind"),
        ("creation", 3, lambda it: it.update(id="3"), Trouble.WRONG_VALUE, "id"),
        ("creation", 3, lambda it: it.update(id=True), Trouble.WRONG_VALUE, "id"),
        ("creation", 3, lambda it: it.update(id=2**70), Trouble.WRONG_VALUE, "id"),
        ("creation", 3, lambda it: it.update(author_id=2**31), Trouble.WRONG_VALUE, "author_id"),
        ("creation", 3, lambda it: it.update(title="a\x00b"), Trouble.NUL, "title"),
        ("creation", 3, lambda it: it.update(steps=[{"\x00": 1}]), Trouble.NUL, "steps"),
        ("creation", 3, lambda it: it.update(uid="12"), Trouble.WRONG_VALUE, "uid"),
        ("creation", 3, lambda it: it.update(tags="rain"), Trouble.WRONG_VALUE, "tags"),
        ("creation", 3, lambda it: it.update(tags=[None]), Trouble.WRONG_VALUE, "tags.0"),
        ("creation", 3, lambda it: it.update(tainted=1), Trouble.WRONG_VALUE, "tainted"),
        (
            *("creation", 3, lambda it: it.update(created_at="2026-03-14T12:00:00")),
            *(Trouble.WRONG_VALUE, "created_at"),
        ),
        ("creation", 3, lambda it: it.update(id=1), Trouble.OUT_OF_ORDER, "id"),
        ("creation", 3, lambda it: it.update(id=2), Trouble.TWICE, "id"),
        ("creation", 3, lambda it: it.update(author_id=99), Trouble.LOST_REFERENCE, "author_id"),
        ("creation", 3, lambda it: it.update(room_id=99), Trouble.LOST_REFERENCE, "room_id"),
        (
            *("creation", 3, lambda it: it.update(media_hash="0" * 64)),
            *(Trouble.LOST_REFERENCE, "media_hash"),
        ),
        (
            *("member", 20, lambda it: it.update(merged_into_id=21)),
            *(Trouble.LOST_REFERENCE, "merged_into_id"),
        ),
        (
            *("edge", 1, lambda it: it.update(parent_id=it["child_id"])),
            *(Trouble.RULE_BROKEN, "parent_is_older"),
        ),
        ("digest_entry", 1, lambda it: it.update(digest_id=0), Trouble.LOST_REFERENCE, "digest_id"),
        ("memory", 20, lambda it: it.update(owner_id=99), Trouble.LOST_REFERENCE, "owner_id"),
    ],
)
async def test_a_line_that_is_wrong_is_named_with_its_field(
    exported: Export,
    empty: Feed,
    kinds: list[Kind],
    kind: str,
    line: int,
    change: Change,
    trouble: Trouble,
    field: str,
) -> None:
    folder, _ = exported
    them = lines(folder, kind)
    change(them[line - 1])
    rewrite(folder, kind, them)

    found = await checked(empty, folder, kinds)

    first = found.first[0]
    assert (first.trouble, first.file, first.line, first.field) == (
        *(trouble, f"{kind}.jsonl"),
        *(line, field),
    )


async def test_what_has_to_be_unique_is_found_when_it_comes_twice(
    exported: Export, empty: Feed, kinds: list[Kind]
) -> None:
    folder, _ = exported
    people, accounts = lines(folder, "member"), lines(folder, "identity")
    people[16]["uid"] = people[4]["uid"]
    accounts[7] |= {it: accounts[1][it] for it in ("platform", "external_id")}
    rewrite(folder, "member", people)
    rewrite(folder, "identity", accounts)

    found = await checked(empty, folder, kinds)

    assert found.first == [
        Problem(Trouble.TWICE, "member.jsonl", 17, "uid"),
        Problem(Trouble.TWICE, "identity.jsonl", 8, "platform, external_id"),
    ]


@pytest.mark.parametrize(
    ("line", "trouble"),
    [
        (b"", Trouble.NOT_JSON),
        (b"not json", Trouble.NOT_JSON),
        (b"[1, 2]", Trouble.WRONG_VALUE),
        (b"null", Trouble.WRONG_VALUE),
        (b'{"id": 1', Trouble.NOT_JSON),
        (b"\x00\xff\xfe", Trouble.NOT_JSON),
        (b'{"id": "\\ud800"}', Trouble.NOT_JSON),
        (b'{"id": NaN}', Trouble.NOT_JSON),
        (b"[" * 100_000, Trouble.NOT_JSON),
        (b"\xef\xbb\xbf{}", Trouble.NOT_JSON),
        (b'{"id": ' + b"9" * 300 + b"}", Trouble.WRONG_VALUE),
        (b"x" * (LONGEST_LINE + 1), Trouble.TOO_LONG),
        (b"x" * (3 * LONGEST_LINE), Trouble.TOO_LONG),
    ],
)
async def test_a_line_that_is_no_record_is_named_and_the_next_one_is_read(
    exported: Export, empty: Feed, kinds: list[Kind], line: bytes, trouble: Trouble
) -> None:
    folder, _ = exported
    whole = (folder / "comment.jsonl").read_bytes().splitlines(keepends=True)
    write(folder, "comment", b"".join([*whole[:5], line + b"\n", *whole[5:]]))

    found = await checked(empty, folder, kinds)

    assert [(it.trouble, it.line) for it in found.first] == [(trouble, 6)]
    assert found.count == 1


async def test_a_number_that_no_json_knows_is_refused_deep_inside_too(
    exported: Export, empty: Feed, kinds: list[Kind]
) -> None:
    folder, _ = exported
    whole = (folder / "room.jsonl").read_bytes()
    write(folder, "room", whole.replace(b'"settings":{}', b'"settings":{"a":[-Infinity]}', 1))

    found = await checked(empty, folder, kinds)

    assert [it.trouble for it in found.first] == [Trouble.NOT_JSON]


async def test_a_file_that_was_cut_off_is_told_from_one_that_was_changed(
    exported: Export, empty: Feed, kinds: list[Kind]
) -> None:
    folder, _ = exported
    comments, verdicts = folder / "comment.jsonl", folder / "verdict.jsonl"
    comments.write_bytes(comments.read_bytes()[:-20])
    verdicts.write_bytes(verdicts.read_bytes().replace(b"rain", b"ruin", 1))

    found = await checked(empty, folder, kinds)

    assert [(it.trouble, it.file) for it in found.first] == [
        (Trouble.CUT_OFF, "comment.jsonl"),
        (Trouble.OTHER_CONTENT, "verdict.jsonl"),
    ]


async def test_a_missing_whole_last_line_is_noticed(
    exported: Export, empty: Feed, kinds: list[Kind]
) -> None:
    folder, _ = exported
    whole = (folder / "comment.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "comment.jsonl").write_bytes(b"".join(whole[:-1]))

    found = await checked(empty, folder, kinds)

    assert found.first[0].trouble is Trouble.OTHER_CONTENT


async def test_of_a_hundred_thousand_broken_lines_a_few_are_kept_and_all_counted(
    exported: Export, empty: Feed, kinds: list[Kind]
) -> None:
    folder, _ = exported
    write(folder, "comment", b"broken\n" * 100_000)

    found = await checked(empty, folder, kinds)

    assert found.count == 100_000
    assert [it.line for it in found.first] == list(range(1, SHOWN + 1))


async def test_files_that_are_not_there_or_no_files_are_named(
    exported: Export, empty: Feed, kinds: list[Kind], tmp_path: Path
) -> None:
    folder, _ = exported
    (folder / "comment.jsonl").unlink()
    (folder / "follow.jsonl").unlink()
    (folder / "follow.jsonl").mkdir()
    (folder / "mute.jsonl").unlink()
    os.mkfifo(folder / "mute.jsonl")
    (folder / "verdict.jsonl").rename(tmp_path / "elsewhere")
    (folder / "verdict.jsonl").symlink_to(tmp_path / "elsewhere")

    found = await checked(empty, folder, kinds)

    assert {(it.trouble, it.file) for it in found.first} == {
        (Trouble.NO_FILE, f"{it}.jsonl") for it in ("comment", "follow", "mute", "verdict")
    }


HOSTILE = ["../../../etc/passwd", "/etc/passwd", "", "AB" * 32, "a" * 63, "a" * 64 + "\n"]


@pytest.mark.parametrize("name", HOSTILE)
async def test_media_names_lead_nowhere_else(
    exported: Export, empty: Feed, kinds: list[Kind], name: str
) -> None:
    folder, _ = exported
    them = sorted(
        [*lines(folder, "media")[1:], {**lines(folder, "media")[0], "hash": name}],
        key=lambda it: str(it["hash"]),
    )
    rewrite(folder, "media", them)

    found = await importing.check_media(folder, layout.read_manifest(folder), kinds, silent)

    assert [it.trouble for it in found.first] == [Trouble.NO_MEDIA_NAME]


async def test_media_of_a_type_that_is_not_known_are_refused(
    exported: Export, empty: Feed, kinds: list[Kind]
) -> None:
    folder, _ = exported
    them = lines(folder, "media")
    them[2]["type"] = "image/../svg+xml"
    rewrite(folder, "media", them)

    found = await checked(empty, folder, kinds)

    assert [it.trouble for it in found.first] == [Trouble.NO_MEDIA_NAME]


async def test_media_that_are_missing_changed_or_grown_are_named(
    exported: Export, empty: Feed, kinds: list[Kind], tmp_path: Path
) -> None:
    folder, _ = exported
    gone, changed, grown, linked, *_ = sorted((folder / "media").rglob("*.png"))
    gone.unlink()
    changed.write_bytes(changed.read_bytes()[:-1] + b"!")
    grown.write_bytes(grown.read_bytes() + b"<script>")
    linked.rename(tmp_path / "kept")
    linked.symlink_to(tmp_path / "kept")

    found = await checked(empty, folder, kinds)

    assert [(it.trouble, it.file) for it in found.first] == [
        (Trouble.NO_FILE, str(gone.relative_to(folder))),
        (Trouble.OTHER_MEDIA, str(changed.relative_to(folder))),
        (Trouble.OTHER_MEDIA, str(grown.relative_to(folder))),
        (Trouble.NO_FILE, str(linked.relative_to(folder))),
    ]


async def test_media_that_the_feed_itself_had_lost_keep_nobody_from_anything(
    feed: Feed, empty: Feed, kinds: list[Kind], tmp_path: Path
) -> None:
    lost, damaged, *_ = sorted((feed.folder / "media").rglob("*.png"))
    lost.unlink()
    damaged.write_bytes(b"?")
    folder = tmp_path / "out"
    manifest = await exporting.export(feed.store, feed.shelf, folder, kinds, silent)

    assert manifest.media.missing == [lost.stem, damaged.stem]
    assert manifest.media.files == 18
    assert (await checked(empty, folder, kinds)).first == []
    brought = await importing.bring_in(empty.store, empty.shelf, folder, manifest, kinds, silent)
    assert brought.files == 18


async def test_numbers_that_belong_to_something_else_are_named_and_nothing_is_changed(
    exported: Export, empty: Feed, kinds: list[Kind]
) -> None:
    folder, _ = exported
    await join(empty.store, "Somebody")
    accounts = lines(folder, "identity")
    accounts[4] |= {"platform": "recording", "external_id": "Somebody"}
    rewrite(folder, "identity", accounts)

    found = await checked(empty, folder, kinds)

    assert found.first == [
        Problem(Trouble.TAKEN, "member.jsonl", 1, "id", "1"),
        Problem(Trouble.TAKEN, "identity.jsonl", 1, "id", "1"),
        Problem(Trouble.TAKEN, "identity.jsonl", 5, "platform, external_id", "5"),
    ]
    async with empty.store.read() as view:
        assert (await view.db.exec(select(func.count()).select_from(Member))).one() == 1
        assert (await view.db.exec(select(func.count()).select_from(Creation))).one() == 0


async def test_kinds_and_columns_that_are_not_known_are_named(
    exported: Export, empty: Feed, kinds: list[Kind]
) -> None:
    folder, _ = exported
    told = json.loads((folder / MANIFEST).read_text())
    records = {it["kind"]: it for it in told["records"]}
    records["comment"]["columns"].append("mood")
    records["verdict"]["columns"].remove("thing_id")
    told["records"].append({**records["mute"], "kind": "../evil"})
    (folder / MANIFEST).write_text(json.dumps(told))

    found = await checked(empty, folder, kinds)

    assert [(it.trouble, it.file, it.field) for it in found.first] == [
        (Trouble.UNKNOWN_KIND, MANIFEST, "../evil"),
        (Trouble.UNKNOWN_COLUMN, "comment.jsonl", "mood"),
        (Trouble.MISSING_COLUMN, "verdict.jsonl", "thing_id"),
    ]


async def test_columns_that_an_older_export_did_not_have_get_their_defaults(
    exported: Export, empty: Feed, kinds: list[Kind]
) -> None:
    folder, _ = exported
    them = lines(folder, "creation")
    for it in them:
        del it["label"], it["tags"]
    rewrite(folder, "creation", them)
    told = json.loads((folder / MANIFEST).read_text())
    for part in told["records"]:
        if part["kind"] == "creation":
            part["columns"] = [it for it in part["columns"] if it not in {"label", "tags"}]
    (folder / MANIFEST).write_text(json.dumps(told))

    assert (await checked(empty, folder, kinds)).first == []
    manifest = layout.read_manifest(folder)
    await importing.bring_in(empty.store, empty.shelf, folder, manifest, kinds, silent)

    async with empty.store.read() as view:
        found = await view.db.exec(select(Creation.label, Creation.tags))
        assert {(label, tuple(tags)) for label, tags in found} == {("", ())}


async def test_a_file_that_changes_after_the_check_stops_the_import(
    exported: Export, empty: Feed, kinds: list[Kind]
) -> None:
    folder, manifest = exported
    comments = folder / "comment.jsonl"
    comments.write_bytes(b"broken\n" + comments.read_bytes())

    with pytest.raises(ExportChanged):
        await importing.bring_in(empty.store, empty.shelf, folder, manifest, kinds, silent)


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        (None, NoExport),
        ("", BrokenManifest),
        ("{}", BrokenManifest),
        ("[]", BrokenManifest),
        ("rain", BrokenManifest),
        ('{"jamfeed": "members", "version": 1}', BrokenManifest),
        ('{"jamfeed": "feed", "version": 2, "and": "who knows"}', ExportNewer),
        ('{"jamfeed": "feed", "version": 1, "database": "9999"}', ExportNewer),
        ('{"jamfeed": "feed", "version": "2"}', BrokenManifest),
    ],
)
def test_a_manifest_that_cannot_be_used_is_refused(
    tmp_path: Path, told: str | None, refusal: type[Exception]
) -> None:
    if told is not None:
        (tmp_path / MANIFEST).write_text(told)

    with pytest.raises(refusal):
        layout.read_manifest(tmp_path)


def test_a_manifest_that_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / MANIFEST)

    with pytest.raises(FilesRefused):
        layout.read_manifest(tmp_path)
