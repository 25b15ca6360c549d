"""Writes what is made from the code, pages and vectors: `python -m tests.pages`."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from agents import guidance
from agents.act import Act, Effect
from agents.acts.listing import all_acts
from agents.model import KEYS
from agents.parameters import Kind, Parameter
from agents.router import Router
from agents.turn import Authority
from benchmarks import capacity_page
from bridges.settings import Settings
from memory.embedding import Embedder
from tests import training
from tests.makers import makers_page, sheets
from tests.records import records_page

SHOWN = 5  # examples of each act; the router knows them all
ROOT = Path(__file__).parent.parent
EFFECTS = {
    Effect.READ: "It only looks; nothing changes.",
    Effect.OWN: "It changes only what is yours; nobody else sees it.",
    Effect.PUBLISH: "Others see it. Your agent asks you first, unless you let it do so on its own.",
    Effect.ACCOUNT: "It concerns your account: only you can do it, never your agent.",
}
WRITTEN = {
    Kind.TEXT: "words",
    Kind.NUMBER: "a number",
    Kind.SWITCH: "yes or no",
    Kind.CREATION: "a number such as #12",
    Kind.DRAFT: "a number such as d1",
    Kind.PIECE: "a number such as #12 or d1",
    Kind.COMMENT: "a number such as c5",
    Kind.POST: "a number such as #12, or c5 for a comment",
    Kind.MEMORY: "a number such as m3",
    Kind.ORDER: "a number such as o1",
    Kind.MAKER: "a maker, such as Ben",
    Kind.TAG: "a tag, such as rain",
    Kind.SUBJECT: "words",
    Kind.DAY: "a day, such as yesterday",
    Kind.PLACE: "as its pages write it",
}
ACTS = """\
# What you can do

Everything here works in Discord, in Telegram and at the terminal, as a command or in your own
words: your agent picks the act that you mean. In Telegram a command of two words is written as one,
such as `/digest_now`. What stands in `<…>` is needed; what stands in `[…]` is not. Who leaves out
something needed is asked for it.
"""
SETTINGS = """\
# Settings

Set these in the environment, or one a line in a file `.env` where Jamfeed is started: `NAME=value`.
The environment wins. All else (personas, models, budgets, digests, moderation) stands in
`agents.yaml`, which says what each part is for. `jamfeed doctor` says what is set wrongly and what
mends it.
"""
MODELS = """\
## Keys of language models

Without any of these Jamfeed runs without a language model. The library of each provider reads its
own; `OPENAI_BASE_URL` leads to another server that speaks OpenAI's protocol.
"""


def acts_page() -> str:
    """Every act, in the order in which help shows them."""
    acts = list(all_acts())
    contents = " · ".join(f"[{it.name}](#{it.name.replace(' ', '-')})" for it in acts)
    return "\n".join([ACTS, contents, "", *(explained(it) for it in acts)]).rstrip() + "\n"


def explained(act: Act[Any]) -> str:
    """One act: how it is typed, what it does, what it asks for, what people say who want it."""
    lines = [f"## {act.name}", "", act.summary, "", f"    {guidance.usage(act)}", ""]
    lines += [f"- `{it.name}`: {it.doc} ({written(it)})" for it in act.parameters]
    lines += [""] if act.parameters else []
    lines.append("Or say: " + ", ".join(f"“{it}”" for it in act.examples[:SHOWN]) + ".")
    notes = [EFFECTS[act.effect]]
    if act.authority is Authority.MODERATOR:
        notes.append("Only moderators can do it, and by their own hand.")
    if act.private and act.effect is not Effect.ACCOUNT:
        notes.append("The answer is for your eyes only.")
    if act.files:
        notes.append("You can send a picture or recording along.")
    return "\n".join([*lines, "", " ".join(notes), ""])


def written(parameter: Parameter) -> str:
    """How a value is written."""
    kind = " or ".join(parameter.choices) if parameter.choices else WRITTEN[parameter.kind]
    return f"{kind}, or several" if parameter.many else kind


def settings_page() -> str:
    """Every setting, with its default."""
    prefix = Settings.model_config.get("env_prefix", "")
    rows = [
        f"| `{prefix}{name.upper()}` | {_default(field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    keys = [f"- `{it}`" for it in KEYS.values()]
    table = ["| name | default | what it does |", "|---|---|---|", *rows]
    return "\n".join([SETTINGS, *table, "", MODELS, *keys]) + "\n"


def _default(value: object) -> str:
    if value is None or value is PydanticUndefined:
        return "not set"
    shown = value.get_secret_value() if isinstance(value, SecretStr) else value
    return f"`{shown}`"


# What each generated page has to say.
PAGES: Mapping[Path, Callable[[], str]] = {
    ROOT / "docs" / "acts.md": acts_page,
    ROOT / "docs" / "capacity.md": capacity_page.page,
    ROOT / "docs" / "makers.md": makers_page,
    ROOT / "docs" / "records.md": records_page,
    ROOT / "docs" / "settings.md": settings_page,
}


def main() -> None:
    """Write the pages."""
    for path, page in PAGES.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(page(), encoding="utf-8")
    sheets(ROOT / "docs" / "pictures")
    embedder = Embedder()
    training.train(Router(all_acts(), embedder), embedder)


if __name__ == "__main__":
    main()
