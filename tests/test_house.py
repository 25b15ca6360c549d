"""The house is tidy: what may stand where, and that nothing of one machine came along."""

import ast
import re
import subprocess
import sys
import tomllib
from dataclasses import fields, is_dataclass
from importlib import import_module
from itertools import chain
from pathlib import Path
from pkgutil import walk_packages
from string import Formatter
from typing import get_type_hints

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import agents
import bridges
import feed_core
import memory
from agents import wording
from feed_core.errors import (
    ConfigurationError,
    JamfeedError,
    Refusal,
    Unavailable,
)

ROOT = Path(__file__).parent.parent
PACKAGES = ("agents", "bridges", "feed_core", "memory")
TOP = {
    *PACKAGES,
    *("tests", "docs", "changes", "benchmarks", ".ci"),
    *("pyproject.toml", "agents.yaml", "README.md", "LICENSE", "Makefile", "requirements.lock"),
}
SHAPELESS = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
LONGEST = 300
REQUIREMENT = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>\S+)")
MACHINE = re.compile(r"(^|[^A-Za-z0-9._/-])/(work|root|farm)/|/home/[a-z]+/|/Users/[A-Za-z]+/")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|pypi\.python\.org|artifactory|devpi|[/.]simple/|nexus[./]"
    r"|--(extra-)?index-url|--find-links|--trusted-host"
)
SECRET = re.compile(r"\bsk-[A-Za-z0-9]{32,}|\bgh[pousr]_[A-Za-z0-9]{36}|-----BEGIN [A-Z ]+KEY-----")


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """What is in the repository, or would be after `git add`."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [it for name in set(listed.stdout.split("\0")) if name and (it := ROOT / name).is_file()]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def texts(files: list[Path]) -> dict[str, str]:
    """The files that are text, by name."""
    found = {}
    for it in files:
        try:
            found[name(it)] = it.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


def test_only_known_names_stand_at_the_top(files: list[Path]) -> None:
    tops = {it.relative_to(ROOT).parts[0] for it in files}

    assert {it for it in tops if not it.startswith(".")} <= TOP
    assert {"pyproject.toml", "agents.yaml", *PACKAGES, "tests"} <= tops


def test_python_files_stay_short(files: list[Path]) -> None:
    long = {
        name(it): count
        for it in files
        if it.suffix == ".py" and it.relative_to(ROOT).parts[0] != "tests"
        if "versions" not in it.parts
        if (count := len(it.read_text(encoding="utf-8").splitlines())) > LONGEST
    }

    assert long == {}


def test_packages_say_nothing_themselves(files: list[Path]) -> None:
    assert [name(it) for it in files if it.name == "__init__.py" and it.stat().st_size] == []


def test_every_file_is_named_after_its_idea(files: list[Path]) -> None:
    assert [name(it) for it in files if it.stem in SHAPELESS] == []
    assert [name(it.parent) for it in files if SHAPELESS & set(it.relative_to(ROOT).parts)] == []


def test_every_module_says_what_it_is_for(files: list[Path]) -> None:
    silent = [
        name(it)
        for it in files
        if it.suffix == ".py" and it.relative_to(ROOT).parts[0] in PACKAGES
        if it.stat().st_size and not ast.get_docstring(ast.parse(it.read_text(encoding="utf-8")))
    ]

    assert silent == []


def test_nothing_names_this_machine_a_registry_or_a_secret(files: list[Path]) -> None:
    found = [
        f"{where}:{number}: {line.strip()[:100]}"
        for where, text in texts(files).items()
        if where != name(Path(__file__))
        for number, line in enumerate(text.splitlines(), start=1)
        if MACHINE.search(line)
        or (REGISTRY.search(line) and not line.startswith("#    uv pip compile"))
        or SECRET.search(line)
    ]

    assert found == []


def test_every_ignored_type_error_says_why(files: list[Path]) -> None:
    bare = re.compile(r"#\s*type:\s*ignore(?!\[[a-z, -]+\]\s+# \S)")
    found = [
        f"{where}:{number}"
        for where, text in texts(files).items()
        if where.endswith(".py") and where != name(Path(__file__))
        for number, line in enumerate(text.splitlines(), start=1)
        if bare.search(line)
    ]

    assert found == []


def locked() -> dict[str, str]:
    """Each requirement of the lock by its name, with the lines that belong to it."""
    blocks: dict[str, str] = {}
    current = ""
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith(" "):
            match = REQUIREMENT.match(line)
            assert match, f"not pinned: {line}"
            current = canonicalize_name(match["name"])
        blocks[current] = blocks.get(current, "") + line + "\n"
    return blocks


def test_every_requirement_is_locked_with_its_hashes() -> None:
    blocks = locked()

    assert len(blocks) > 50
    assert [it for it, text in blocks.items() if "--hash=sha256:" not in text] == []


def test_the_lock_names_no_place_to_download_from() -> None:
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        said = line.partition("#")[0]
        assert "://" not in said
        assert " @ " not in said
        assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host|^-i ", said)


def test_the_lock_holds_whatever_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    blocks = locked()

    for it in map(Requirement, asked):
        block = blocks.get(canonicalize_name(it.name))
        assert block, f"{it.name} is not in the lock: lock again"
        version = REQUIREMENT.match(block)
        assert version
        assert it.specifier.contains(version["version"], prereleases=True), it


@pytest.fixture(scope="module")
def modules() -> list[str]:
    """Every module of the four packages, imported."""
    names = [
        found.name
        for package in (feed_core, memory, agents, bridges)
        for found in walk_packages(package.__path__, f"{package.__name__}.")
        if ".migrations" not in found.name  # Alembic runs those
    ]
    for it in names:
        import_module(it)
    return names


def errors_below(kind: type[JamfeedError]) -> set[type[JamfeedError]]:
    found = {kind} if "code" in vars(kind) else set()
    return found.union(*(errors_below(it) for it in kind.__subclasses__()))


def example(kind: type[JamfeedError]) -> JamfeedError:
    """An error of this kind, with something in every field."""
    given: dict[str, object] = {}
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        given = {it.name: {int: 7, str: "xyzzy"}[hints[it.name]] for it in fields(kind)}
    if kind.code in wording.PROBLEMS:
        given["problem"] = next(iter(wording.PROBLEMS[kind.code]))
    if "unit" in given:
        given["unit"] = next(iter(wording.TOO_LITTLE))
    return kind(**given)


def test_every_error_has_a_code_of_its_own_and_one_of_three_families(modules: list[str]) -> None:
    found = errors_below(JamfeedError)
    codes = [it.code for it in found]

    assert len(found) > 30
    assert len(codes) == len(set(codes))
    assert JamfeedError.__subclasses__() == [Refusal, Unavailable, ConfigurationError]


def test_every_error_has_a_sentence_for_people(modules: list[str]) -> None:
    for kind in errors_below(JamfeedError):
        said = wording.sentence(example(kind))

        assert said.endswith((".", "?", "!", "xyzzy")), (kind, said)
        assert not re.search(r"[{}]|None|<|object at", said), (kind, said)
        assert kind.code not in said.split(), (kind, said)


def test_every_sentence_belongs_to_an_error(modules: list[str]) -> None:
    kinds = {it.code: it for it in errors_below(JamfeedError)}

    assert set(wording.SENTENCES) <= set(kinds)
    for code, said in wording.SENTENCES.items():
        wanted = {field for _, field, _, _ in Formatter().parse(said) if field}
        told = set(vars(example(kinds[code])))
        assert wanted <= (told | {"why", "mend", "kept"} if "rule" in told else told), code


def test_every_problem_with_a_picture_has_a_sentence(files: list[Path]) -> None:
    problems: set[str] = set()
    for it in files:
        if it.suffix == ".py" and it.relative_to(ROOT).parts[0] in PACKAGES:
            problems |= set(
                re.findall(r'PictureRefused\("(\w+)"\)', it.read_text(encoding="utf-8"))
            )

    assert problems == set(wording.PICTURES)


def test_importing_everything_starts_nothing() -> None:
    """A fresh interpreter that imports the four packages has no thread and no child more."""
    program = (
        "import threading, pkgutil, importlib, warnings\n"
        "warnings.simplefilter('ignore')\n"
        "import agents, bridges, feed_core, memory\n"
        "for package in (feed_core, memory, agents, bridges):\n"
        "    for it in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        if '.migrations' not in it.name:\n"
        "            importlib.import_module(it.name)\n"
        "print(threading.active_count())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )

    assert (done.returncode, done.stdout.strip()) == (0, "1"), done.stderr
