"""Numbers by which people name things: #12, d1, c5, m3."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from feed_core.services.threads import Cursor

LARGEST = 10**15


@dataclass(frozen=True, slots=True)
class Reference:
    """A number of one kind of thing; reads 12, "12", its prefixed form and a link ending in it."""

    id: int

    prefix: ClassVar[str] = ""
    what: ClassVar[str] = "thing"

    def __str__(self) -> str:
        return f"{self.prefix}{self.id}"

    @classmethod
    def pattern(cls) -> re.Pattern[str]:
        """What a typed reference looks like."""
        return re.compile(
            rf"(?:{cls.prefix}|[^\s,;&+]{{1,200}}/)?(?P<id>\d{{1,16}})", re.IGNORECASE
        )

    @classmethod
    def read(cls, typed: object) -> Self:
        """The reference that was typed.

        Raises:
            ValueError: it is none; the message says what is wanted.
        """
        if isinstance(typed, cls):
            return typed
        number = 0
        if isinstance(typed, int) and not isinstance(typed, bool):
            number = typed
        elif isinstance(typed, str) and (match := cls.pattern().fullmatch(typed.strip())):
            number = int(match["id"])
        if not 1 <= number <= LARGEST:
            raise ValueError(f"name {cls.what} by its number, such as {cls.prefix}12")
        return cls(number)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.read,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda it: it.id),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "integer", "minimum": 1}


@dataclass(frozen=True, slots=True)
class CreationRef(Reference):
    """A creation: #12."""

    prefix = "#"
    what = "a creation"


@dataclass(frozen=True, slots=True)
class DraftRef(Reference):
    """One of the member's own drafts: d1."""

    prefix = "d"
    what = "a draft"


@dataclass(frozen=True, slots=True)
class CommentRef(Reference):
    """A comment: c5."""

    prefix = "c"
    what = "a comment"


@dataclass(frozen=True, slots=True)
class OrderRef(Reference):
    """One of the member's own standing orders: o1."""

    prefix = "o"
    what = "a standing order"


@dataclass(frozen=True, slots=True)
class NameRef(Reference):
    """A name that waits for a moderator: n2."""

    prefix = "n"
    what = "a name"


@dataclass(frozen=True, slots=True)
class PostRef(Reference):
    """Something for moderators: a creation (#12), a comment (c5), a name that waits (n2)."""

    of: type[Reference] = CreationRef

    prefix = "#"
    what = "a creation or a comment"

    @property
    def ref(self) -> Reference:
        """The reference of its own kind."""
        return self.of(self.id)

    def __str__(self) -> str:
        return str(self.ref)

    @classmethod
    def pattern(cls) -> re.Pattern[str]:
        """What a typed reference of any of the kinds looks like."""
        any_of = (it.pattern().pattern for it in (CreationRef, CommentRef, NameRef))
        return re.compile("|".join(any_of).replace("?P<id>", ""), re.IGNORECASE)

    @classmethod
    def read(cls, typed: object) -> Self:
        """The reference that was typed; a number alone is a creation's.

        Raises:
            ValueError: it is none; the message says what is wanted.
        """
        if isinstance(typed, cls):
            return typed
        letter = typed.strip()[:1].casefold() if isinstance(typed, str) else ""
        of: type[Reference] = {"c": CommentRef, "n": NameRef}.get(letter, CreationRef)
        return cls(of.read(typed).id, of)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.read, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "pattern": r"^(#?|[cn])\d{1,16}$"}


@dataclass(frozen=True, slots=True)
class MemoryRef(Reference):
    """One of the member's own memories: m3."""

    prefix = "m"
    what = "a memory"


@dataclass(frozen=True, slots=True)
class SaidRef(Reference):
    """A message outside the feed, counted from the one that was pointed at: 1 is that."""

    what = "a message"


@dataclass(frozen=True, slots=True)
class PlaceInThread:
    """A place between two entries of a thread, as pages hand it on; None is its beginning."""

    cursor: Cursor | None = None

    def __str__(self) -> str:
        return str(self.cursor or "")

    @classmethod
    def read(cls, typed: object) -> Self:
        """The place that was typed.

        Raises:
            ValueError: it is none.
        """
        if isinstance(typed, cls):
            return typed
        if not isinstance(typed, str):
            raise ValueError("a place in a thread is written as its pages write it")
        return cls(Cursor.read(typed) if typed.strip() else None)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.read, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class PieceRef(Reference):
    """One's own draft or creation: d1 or #12; a number alone is a creation's."""

    draft: bool = False

    what = "a creation or a draft"

    def __str__(self) -> str:
        return f"{'d' if self.draft else '#'}{self.id}"

    @classmethod
    def pattern(cls) -> re.Pattern[str]:
        """What a typed reference looks like."""
        return re.compile(r"(?:[#d]|[^\s,;&+]{1,200}/)?(?P<id>\d{1,16})", re.IGNORECASE)

    @classmethod
    def read(cls, typed: object) -> Self:
        """The reference that was typed.

        Raises:
            ValueError: it is none; the message says what is wanted.
        """
        if isinstance(typed, cls):
            return typed
        draft = isinstance(typed, str) and typed.strip().lower().startswith("d")
        try:
            number = CreationRef.read(typed.strip()[1:] if draft else typed)  # type: ignore[attr-defined]  # a draft's is text
        except ValueError as error:
            raise ValueError("name a creation or a draft, such as #12 or d1") from error
        return cls(number.id, draft)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.read, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string"}


LATEST_DRAFT = PieceRef(0, draft=True)  # the default of acts on either
LATEST = DraftRef(0)  # the default of acts on drafts: the newest one
