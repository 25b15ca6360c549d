"""What an act is: one thing people can do, described once by its own signature."""

import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Concatenate, Generic, ParamSpec, get_type_hints

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    create_model,
)
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import ErrorDetails, PydanticCustomError

from agents.answer import Answer, Call
from agents.forms import Form
from agents.menus import Menu
from agents.parameters import MOST, WORDS, Kind, Parameter, check_limits, describe, split, whole
from agents.turn import Authority, Turn
from feed_core.errors import BadArgument, MissingArgument

P = ParamSpec("P")
PROBLEMS = {
    "extra_forbidden": "it takes nothing of the kind",
    "enum": "it takes {expected}",
    "literal_error": "it takes {expected}",
    "int_parsing": "it takes a whole number",
    "int_from_float": "it takes a whole number",
    "bool_parsing": "it takes yes or no",
    "greater_than_equal": "it takes {ge} or more",
    "less_than_equal": "it takes {le} or less",
    "string_too_long": "it takes {max_length} characters at most",
}
LARGEST = 10**15  # of a plain number: databases take 64 bits, and some count with it before
UNMARKED = str.maketrans("", "", "<>")
Preview = Callable[[Turn, Mapping[str, Any]], Awaitable[Answer]]
Prefill = Callable[[Turn, Mapping[str, Any]], Awaitable[str]]


class Effect(StrEnum):
    """What an act changes, and so who may do it (the desk decides)."""

    READ = "read"
    OWN = "own"  # the member's own settings, memories and drafts
    PUBLISH = "publish"  # others see it
    ACCOUNT = "account"  # linking, export, erasing: by the member's own hand only


class _Untitled(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


class Act(Generic[P]):
    """One thing people can do, described by its own signature."""

    def __init__(
        self,
        function: Callable[Concatenate[Turn, P], Awaitable[Answer]],
        name: str,
        *,
        effect: Effect,
        authority: Authority,
        examples: Sequence[str],
        private: bool,
        files: bool,
        slow: bool,
        preview: Preview | None,
        prefill: Prefill | None,
        form: Form | None,
        menu: Menu | None,
        redraws: bool,
    ) -> None:
        self.function, self.name = function, name
        self.effect, self.authority = effect, authority
        self.private, self.files, self.slow = private, files, slow
        self.examples = [it.translate(UNMARKED) for it in examples]
        self.leads = [
            lead for it in examples if "<" in it and (lead := it.partition("<")[0].strip())
        ]
        self.preview, self.prefill = preview, prefill
        self.form, self.menu, self.redraws = form, menu, redraws
        self.summary = (inspect.getdoc(function) or "").partition("\n")[0]
        hints = get_type_hints(function, include_extras=True)
        _, *own = inspect.signature(function).parameters.values()  # the first is the turn
        self.parameters = [describe(it.name, hints[it.name], it.default) for it in own]
        check_limits(name, self.summary, self.parameters)
        fields: dict[str, Any] = {
            shape.name: (
                _readable(shape, hints[shape.name]),
                Field(... if shape.required else it.default, description=shape.doc),
            )
            for shape, it in zip(self.parameters, own, strict=True)
        }
        self.arguments = create_model(
            name.replace(" ", "_"), __config__=ConfigDict(extra="forbid"), **fields
        )

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of its arguments, without titles that only repeat names."""
        schema: dict[str, Any] = self.arguments.model_json_schema(schema_generator=_Untitled)
        schema.pop("title", None)
        return schema

    def call(self, *args: P.args, **kwargs: P.kwargs) -> Call:
        """The act with these arguments, to be stored behind a button."""
        bound = inspect.signature(self.function).bind(None, *args, **kwargs)
        _, *given = bound.arguments.items()
        parsed = self.arguments.model_validate(dict(given))
        return Call(self.name, parsed.model_dump(mode="json", exclude_unset=True))

    async def run(self, turn: Turn, raw: Mapping[str, JsonValue]) -> Answer:
        """Do it with what a face, a model or a button handed in.

        Raises:
            MissingArgument: a required argument is not there.
            BadArgument: one cannot be read.
        """
        return await self.function(turn, **self.parse(raw))  # type: ignore[call-arg]  # parsed from the same signature

    def parse(self, raw: Mapping[str, JsonValue]) -> dict[str, Any]:
        """Typed arguments from values as typed."""
        try:
            parsed = self.arguments.model_validate(raw)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            parameter = str(first["loc"][0])
            if first["type"] in ("missing", "too_short"):
                raise MissingArgument(self.name, parameter) from error
            raise BadArgument(self.name, parameter, _problem(first)) from error
        return {name: getattr(parsed, name) for name in self.arguments.model_fields}

    def takes(self, name: str) -> bool:
        """Whether it has a parameter of this name."""
        return any(it.name == name for it in self.parameters)

    def parameter(self, name: str) -> Parameter:
        """The description of one parameter."""
        return next(it for it in self.parameters if it.name == name)


def _problem(error: ErrorDetails) -> str:
    """What pydantic found wrong, as people say it."""
    words = PROBLEMS.get(error["type"])
    if words is None:
        return error["msg"]
    return words.format_map(error.get("ctx", {})).replace("'", "")


def act(
    name: str,
    *,
    effect: Effect,
    examples: Sequence[str],
    authority: Authority = Authority.MEMBER,
    private: bool = False,
    files: bool = False,
    slow: bool = False,
    preview: Preview | None = None,
    prefill: Prefill | None = None,
    form: Form | None = None,
    menu: Menu | None = None,
    redraws: bool = False,
) -> Callable[[Callable[Concatenate[Turn, P], Awaitable[Answer]]], Act[P]]:
    """Describe a function as an act. Registers nothing: the program lists the acts there are.

    `examples`: what people say who want it; the words that fill a parameter may be marked, as in
    "remember that <I love haiku>".
    `authority`: who may do it; faces may hide it from others, the desk refuses it to them.
    `private`: only the asker sees the answer. `files`: people may send some along.
    `slow`: worth a sign of progress. `preview`: shows the member what their agent proposes to do.
    `prefill`: what somebody who is asked for the act's words starts from. `form`: what they fill in
    first, where there are forms. `menu`: what a message or a person offers in its menu. `redraws`:
    what stands on a creation's card changes by it.
    """
    return lambda function: Act(
        function,
        name,
        effect=effect,
        authority=authority,
        examples=examples,
        private=private,
        files=files,
        slow=slow,
        preview=preview,
        prefill=prefill,
        form=form,
        menu=menu,
        redraws=redraws,
    )


def _readable(shape: Parameter, hint: Any) -> Any:
    """The type of a parameter, with what turns values as typed into it."""
    if shape.many:
        return Annotated[hint, Field(min_length=1, max_length=MOST), BeforeValidator(split)]
    if shape.kind is Kind.NUMBER:
        return Annotated[hint, AfterValidator(_countable)]
    return Annotated[hint, AfterValidator(whole)] if shape.kind in WORDS else hint


def _countable(number: int | None) -> int | None:
    if number is not None and abs(number) > LARGEST:
        raise PydanticCustomError("too_large", "it takes a smaller number")
    return number


class Acts:
    """The acts there are, by name."""

    def __init__(self, acts: Sequence[Act[Any]]) -> None:
        self._acts = {it.name: it for it in acts}
        if len(self._acts) != len(acts):
            raise ValueError("two acts have one name")

    def __iter__(self) -> Iterator[Act[Any]]:
        return iter(self._acts.values())

    def get(self, name: str) -> Act[Any] | None:
        """The act of this name, if there is one."""
        return self._acts.get(name)

    def names(self) -> list[str]:
        """Every name, in the order they were listed."""
        return list(self._acts)
