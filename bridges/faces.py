"""A typed command line to an act's call: "/remix 1,2 as an erasure poem"."""

import re
from collections.abc import Sequence
from typing import Any

from pydantic import JsonValue

from agents.act import Act, Acts
from agents.answer import Call
from agents.parameters import LINE, Kind, Parameter, named_ones

NAMED = re.compile(r'([A-Za-z_]+):(?:"([^"]*)"|(\S+))\s*')
NAMED_LAST = re.compile(rf"(?:^|.*\s){NAMED.pattern}$", re.DOTALL)
MORE = ""  # the name of what is left of a line when the act takes nothing at all
# "cover on": its value is typed behind its name, since "on" may begin what comes next.
NAMED_FIRST = frozenset({"cover"})


def read_line(acts: Acts, line: str) -> Call:
    """The call that a line with a leading slash stands for; values stay as typed.

    The name is one word or, for families, two ("/digest set" or "/digest_set"); a family's name
    alone shows what there is, where it has an act for that, or explains it. Arguments come in
    the order the act declares them; one that is optional and not recognised is passed over, and
    the last text takes the rest of the line as it is. What the act declares behind that text is
    named, and stands before or after it: "/create visibility:room the words".
    """
    name, rest = _name(acts, line.removeprefix("/").strip())
    found = acts.get(name)
    if found is None and not rest and acts.get(f"{name} show"):
        return Call(f"{name} show", {})
    if found is None:
        family = any(it.name.startswith(f"{name} ") for it in acts)
        return Call("help", {"about": f"{name} {rest}".strip()}) if family else Call(name, {})
    return Call(name, _arguments(found, rest))


def write_line(acts: Acts, call: Call) -> str:
    """How a person would type a call; its inverse as far as words allow."""
    found = acts.get(call.act)
    shapes = found.parameters if found else []
    given = [it for it in shapes if it.name in call.arguments]
    behind = named_ones(shapes)
    typed = [_named(it.name, call.arguments[it.name]) for it in given if it in behind]
    typed += [_typed(it, call.arguments[it.name]) for it in given if it not in behind]
    return " ".join([f"/{call.act}", *filter(None, typed)])


def _name(acts: Acts, line: str) -> tuple[str, str]:
    head, rest = _first_word(line)
    head = head.lower()
    if "_" in head and acts.get(head.replace("_", " ")):
        return head.replace("_", " "), rest
    second, further = _first_word(rest)
    if acts.get(f"{head} {second.lower()}"):
        return f"{head} {second.lower()}", further
    return head, rest


def _first_word(text: str) -> tuple[str, str]:
    """The first word, and all that follows the space or line end behind it."""
    word, *rest = text.split(maxsplit=1) or [""]
    return word, "".join(rest)


def _arguments(found: Act[Any], rest: str) -> dict[str, JsonValue]:
    given: dict[str, JsonValue] = {}
    behind = {it.name for it in named_ones(found.parameters)}
    shapes = [it for it in found.parameters if it.name not in behind]
    for position, shape in enumerate(shapes):
        while (match := NAMED.match(rest)) and match[1].lower() in behind:
            given[match[1].lower()] = match[3] or match[2]
            rest = rest[match.end() :]
        if not rest:
            break
        last_text = shape.kind in LINE and not any(it.kind in LINE for it in shapes[position + 1 :])
        if last_text:
            while (match := NAMED_LAST.match(rest)) and match[1].lower() in behind:
                given[match[1].lower()] = match[3] or match[2]
                rest = rest[: match.start(1)].rstrip()
            if rest:
                given[shape.name], rest = rest, ""
            after = found.parameters[found.parameters.index(shape) + 1 :][:1]
            for number in after if shape.name in given else ():
                if number.name not in given:
                    _take_number(given, shape.name, number)
        elif shape.many:
            taken, rest = _references(shape, rest)
            if taken:
                given[shape.name] = taken
        else:
            word, further = _first_word(rest)
            named, behind_name = _first_word(further)
            if word.lower() == shape.name and _value(shape, named) is not None:
                word, further = named, behind_name
            elif shape.name in NAMED_FIRST:
                continue
            value = _value(shape, word)
            if value is not None or shape.required:
                given[shape.name], rest = word if value is None else value, further
    if rest:  # nothing typed is passed over in silence: the act says what it cannot read
        last = next(reversed(given), shapes[0].name if shapes else MORE)
        given[last] = f"{_typed_again(given.get(last))} {rest}".strip()
    for shape in found.parameters:
        if shape.kind is Kind.CHOICE and isinstance(called := given.get(shape.name), str):
            given[shape.name] = shape.choice(called) or called
    return given


def _take_number(given: dict[str, JsonValue], text: str, number: Parameter) -> None:
    """A number at the end of a text is the number that is asked for after it ("rain 10")."""
    pattern = rf"(.*\S)\s+(\d{{1,9}})(?:\s+{re.escape(number.name)})?"
    if number.kind is Kind.NUMBER and (found := re.fullmatch(pattern, str(given[text]), re.DOTALL)):
        given[text], given[number.name] = found[1], found[2]


def _typed_again(value: JsonValue) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _value(shape: Parameter, word: str) -> JsonValue:
    """The word as a value of this parameter; None when it is none."""
    if shape.reference is not None:
        return word if shape.reference.pattern().fullmatch(word) else None
    if shape.kind is Kind.SWITCH:  # its own name only: "no" and "on" begin sentences
        return True if word.lower() == shape.name else None
    if shape.kind is Kind.CHOICE:
        return shape.choice(word)
    if shape.kind is Kind.NUMBER:
        return word if word.lstrip("-").isdecimal() else None
    return word


def _references(shape: Parameter, rest: str) -> tuple[list[JsonValue], str]:
    """The run of references that the text begins with ("1, #2 and 3 as a haiku")."""
    assert shape.reference is not None
    taken: list[JsonValue] = []
    one = re.compile(
        rf"\s*(?:,|;|&|\+|and\b)?\s*({shape.reference.pattern().pattern})(?=[\s,;&+]|$)",
        re.IGNORECASE,
    )
    end = 0
    while match := one.match(rest, end):
        taken.append(match[1])
        end = match.end()
    return taken, rest[end:].lstrip(", ;\n\t")


def _named(name: str, value: JsonValue) -> str:
    quoted = any(it.isspace() for it in str(value)) or not str(value)
    return f'{name}:"{value}"' if quoted else f"{name}:{value}"


def _typed(shape: Parameter, value: JsonValue) -> str:
    if shape.kind is Kind.SWITCH:
        return shape.name if value else ""
    if shape.name in NAMED_FIRST:
        return f"{shape.name} {value}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ",".join(str(it) for it in value)
    return str(value)
