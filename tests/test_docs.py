"""The documents say what the code does."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from bridges.cli import cli
from tests.pages import PAGES, ROOT

DOCUMENTS = sorted(
    [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "changes").glob("*.md")]
)
README = ROOT / "README.md"
CODE = re.compile(r"^```.*?^```|^ {4}\S[^\n]*|`[^`\n]+`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def code(document: Path) -> str:
    """What stands in a document as code."""
    return "\n".join(CODE.findall(document.read_text(encoding="utf-8")))


def named(pattern: str, documents: list[Path]) -> set[str]:
    return {it for document in documents for it in re.findall(pattern, code(document))}


def commands() -> set[str]:
    """The commands that `jamfeed` has."""
    return set(getattr(get_command(cli), "commands", {}))


def targets() -> set[str]:
    """What `make` can make."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def anchors(document: Path) -> set[str]:
    """The headings of a document, as links name them."""
    headings = HEADING.findall(document.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", it.lower()).strip().replace(" ", "-") for it in headings}


@pytest.mark.parametrize("path", PAGES, ids=lambda it: it.name)
def test_a_page_made_from_the_code_is_up_to_date(path: Path) -> None:
    """Run `make fix` when this fails."""
    assert path.read_text(encoding="utf-8") == PAGES[path]()


def test_the_documents_name_no_make_target_that_is_not_there() -> None:
    assert named(r"\bmake ([a-z]+)\b", DOCUMENTS) <= targets()


def test_the_documents_name_no_command_that_is_not_there() -> None:
    assert commands()
    assert named(r"(?<![\w.-])jamfeed ([a-z]+)\b", DOCUMENTS) <= commands()


def test_every_command_is_named_in_a_document() -> None:
    assert commands() <= named(r"(?<![\w.-])jamfeed ([a-z]+)\b", DOCUMENTS)


def test_the_readme_says_how_to_start() -> None:
    assert {"demo", "test"} <= named(r"\bmake ([a-z]+)\b", [README])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda it: str(it.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    lost = []
    for link in LINK.findall(document.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue  # to the outside; no test goes there
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)

    assert lost == []
