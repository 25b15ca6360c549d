"""Reads `agents.yaml`: personas, models, autonomy, budgets, feeds, digests and moderation."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import available_timezones

import yaml
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from agents import providers
from agents.mixing import Feeds
from agents.policy import Moderation
from agents.strict import Strict
from feed_core.errors import ConfigurationError

MODEL = r"^[a-z0-9_]+:\S+$"
LARGEST = 2**20  # bytes
OTHER_FILE = "start from the agents.yaml that comes with Jamfeed"


class Leash(StrEnum):
    """How freely an agent does what others will see."""

    ASK = "ask"
    UNDO = "undo"
    FREE = "free"


class Joining(StrEnum):
    """Who becomes a member by writing to Jamfeed."""

    OPEN = "open"
    SERVERS = "servers"
    INVITE = "invite"


class Persona(Strict):
    """How an agent speaks."""

    name: str = Field(min_length=1, max_length=40)
    voice: str = Field(min_length=1, max_length=2_000)


class Price(Strict):
    """What a million tokens cost."""

    input: float = Field(0.0, ge=0)
    output: float = Field(0.0, ge=0)


def _known_provider(name: str) -> str:
    provider = name.partition(":")[0]
    if provider not in providers.PACKAGES:
        raise ValueError(providers.unknown(provider))
    return name


class Model(Strict):
    """A language model by its LangChain name ("provider:model"), and what it can do.

    `json` in the file says that its provider holds answers to a JSON schema.
    """

    name: Annotated[str, Field(pattern=MODEL), AfterValidator(_known_provider)]
    tools: bool = True
    answers_json: bool = Field(False, alias="json")
    context: int = Field(32_000, ge=1_000)
    price: Price = Price()


class PictureModel(Strict):
    """A model behind an images endpoint; `price` is that of one picture."""

    name: str = Field(min_length=1, max_length=200)
    price: float = Field(0.0, ge=0)
    size: str = Field("", pattern=r"^(\d+x\d+|auto)?$")
    base_url: str = Field("", pattern=r"^(https?://\S+)?$")


class SpeechModel(Strict):
    """A model behind an endpoint for audio transcriptions; `price` is that of a minute."""

    name: str = Field(min_length=1, max_length=200)
    price: float = Field(0.0, ge=0)
    base_url: str = Field("", pattern=r"^(https?://\S+)?$")


class Most(Strict):
    """The most that may be spent, in tokens and in the prices' currency; None is any amount."""

    tokens: int | None = Field(None, ge=0)
    money: float | None = Field(None, ge=0)


class Allowance(Strict):
    """The most that may be spent in a day and in a month, both of UTC."""

    day: Most = Most()
    month: Most = Most()


class Budget(Strict):
    """What model calls may take: of one member, of what their agent does unasked, and of all."""

    currency: str = Field("USD", min_length=1, max_length=8)
    member: Allowance = Allowance(
        day=Most(tokens=200_000, money=0.5), month=Most(tokens=2_000_000, money=5)
    )
    background: Allowance = Allowance(
        day=Most(tokens=40_000, money=0.1), month=Most(tokens=400_000, money=1)
    )
    all: Allowance = Allowance(
        day=Most(tokens=5_000_000, money=10), month=Most(tokens=50_000_000, money=100)
    )


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"there is no time zone {name!r}")
    return name


class Digests(Strict):
    """When a digest comes unless its member says otherwise."""

    time: str = Field("08:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
    zone: Annotated[str, AfterValidator(_known_zone)] = "UTC"


def _not_empty(personas: dict[str, Persona]) -> dict[str, Persona]:
    if not personas:
        raise ValueError("name at least one persona")
    return personas


class Profile(Strict):
    """All that `agents.yaml` says; the first persona is the one new members get."""

    personas: Annotated[dict[str, Persona], AfterValidator(_not_empty)]
    models: tuple[Model, ...] = ()
    pictures: tuple[PictureModel, ...] = ()
    speech: tuple[SpeechModel, ...] = ()
    autonomy: Mapping[str, Leash] = Field(default_factory=dict)
    budget: Budget = Budget()
    join: Joining = Joining.SERVERS
    messages_per_minute: int = Field(60, ge=1)
    feeds: Feeds = Feeds()
    digest: Digests = Digests()
    moderation: Moderation = Moderation()

    @property
    def first_persona(self) -> str:
        """The name of the persona that new members' agents get."""
        return next(iter(self.personas))

    def persona(self, name: str) -> Persona:
        """The persona of this name; the first one when it left the file."""
        return self.personas.get(name) or self.personas[self.first_persona]


def read(path: Path) -> Profile:
    """The profile that stands in this file.

    Raises:
        ConfigurationError: file, line, field and mend of the first thing that is wrong.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ConfigurationError(str(path), "it is too large for a settings file", OTHER_FILE)
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except FileNotFoundError as error:
        raise ConfigurationError(
            str(path),
            "there is no such file",
            "copy the one that comes with Jamfeed, or name another in JAMFEED_AGENTS",
        ) from error
    except OSError as error:
        raise ConfigurationError(str(path), "it cannot be read", "check its rights") from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{path} line {mark.line + 1}" if mark else str(path)
        raise ConfigurationError(
            place, f"this is not YAML: {error.problem}", "check the indentation there"
        ) from error
    except (yaml.YAMLError, ValueError) as error:  # not UTF-8, control characters, no such date
        raise ConfigurationError(str(path), "this is not YAML", OTHER_FILE) from error
    try:
        return Profile.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        line, field = _where(root, first["loc"]), ".".join(map(str, first["loc"]))
        raise ConfigurationError(
            f"{path} line {line}, {field or 'the whole file'}",
            _problem(first["type"], first["msg"]),
            _mend(first["type"], first["loc"], first["input"]),
        ) from error


def _where(node: Any, path: Sequence[int | str]) -> int:
    """The line (from 1) of the deepest part of the path that is in the file."""
    line = node.start_mark.line + 1 if node is not None else 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            found = [(k, v) for k, v in node.value if k.value == str(step)]
            if not found:
                break
            key, node = found[0]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _problem(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "there is no such field"
    if kind == "missing":
        return "this field is needed"
    if kind == "model_type":
        return "there are no fields in it"
    said = message.removeprefix("Value error, ")
    return said[0].lower() + said[1:]


def _mend(kind: str, path: Sequence[int | str], value: object) -> str:
    if kind == "extra_forbidden":
        known = _fields(Profile, path[:-1])
        near = providers.nearest(str(path[-1]), known)
        return f"did you mean {near}?" if near else f"take it out; known are {', '.join(known)}"
    if kind == "missing":
        return f"add {path[-1]}"
    if not path:
        return OTHER_FILE
    if kind == "string_type":
        return "put it in quotes"  # YAML takes 18:30 and 1.5 for numbers, off for a switch
    if kind == "string_pattern_mismatch" and path[-1] == "name":
        return "write provider:model, such as openai:gpt-5-mini"
    if kind == "value_error" and path[0] == "models":
        return providers.mend(str(value).partition(":")[0])
    if kind == "string_pattern_mismatch" and path[-1] == "time":
        return 'write hours and minutes of a day, such as "08:00"'
    if kind == "string_pattern_mismatch" and path[-2:-1] == ("moderators",):
        return "write platform:account, such as discord:123456789 or terminal:ana"
    return "correct it there"


def _fields(part: Any, path: Sequence[int | str]) -> list[str]:
    """The fields that are known at a path."""
    for step in path:
        if isinstance(part, type) and issubclass(part, BaseModel):
            part = next(
                it.annotation
                for name, it in part.model_fields.items()
                if str(step) in (name, it.alias)
            )
        elif isinstance(step, int):  # tuple[Part, ...]
            part = part.__args__[0]
        else:  # dict[str, Part]
            part = part.__args__[1]
    if isinstance(part, type) and issubclass(part, BaseModel):
        return [it.alias or name for name, it in part.model_fields.items()]
    return []
