"""As much of ONNX's file format as it takes to read a model's tensors and to write a graph.

The messages and the numbers of their fields are those of onnx.proto (onnx/onnx, IR version 10);
the wire format is that of Protocol Buffers. The package `onnx` would do it too, and cost a start
its import.
"""

from __future__ import annotations  # NumPy is named here, imported when used

import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]

IR_VERSION = 10
OPSETS = {"": 18, "com.microsoft": 1}
TYPES = {1: "float32", 2: "uint8", 3: "int8", 7: "int64", 9: "bool"}  # TensorProto.DataType
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def tensors(model: bytes) -> dict[str, Array]:
    """The initializers of a model by their names; views into its bytes, not to be written to."""
    import numpy as np

    found: dict[str, Array] = {}
    for graph in _all(memoryview(model), 7):
        for tensor in _all(graph, 5):
            fields = list(_fields(tensor))
            shape = [it for number, value in fields if number == 1 for it in _integers(value)]
            values = dict(fields)
            kind = TYPES[values[2]]
            found[bytes(values[8]).decode()] = np.frombuffer(values[9], kind).reshape(shape)
    return found


class Graph:
    """A graph that grows by constants and nodes, each named by the graph itself."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._names = 0

    def input(self, name: str, *, integers: bool, dimensions: int) -> str:
        """A value that is handed in: int64 or float32, of any size in each dimension."""
        self._parts.append(_field(11, _value(name, 7 if integers else 1, dimensions)))
        return name

    def constant(self, values: Array) -> str:
        """A tensor of one of `TYPES`."""
        name = self._name()
        kind = next(number for number, it in TYPES.items() if it == values.dtype.name)
        shape = [_field(1, size) for size in values.shape]
        parts = [*shape, _field(2, kind), _field(8, name), _field(9, values.tobytes())]
        self._parts.append(_field(5, b"".join(parts)))
        return name

    def node(self, kind: str, *inputs: str, domain: str = "", **attributes: float) -> str:
        """The first output of an operator; an input that is left out is an empty string."""
        return self.nodes(kind, *inputs, outputs=1, domain=domain, **attributes)[0]

    def nodes(
        self, kind: str, *inputs: str, outputs: int, domain: str = "", **attributes: float
    ) -> list[str]:
        """The outputs of an operator."""
        names = [self._name() for _ in range(outputs)]
        parts = [_field(1, it) for it in inputs] + [_field(2, it) for it in names]
        parts += [_field(4, kind), _field(7, domain)]
        parts += [_field(5, _attribute(name, value)) for name, value in attributes.items()]
        self._parts.append(_field(1, b"".join(parts)))
        return names

    def model(self, output: str) -> bytes:
        """The model whose only result is this value, of 32-bit floats or integers."""
        graph = [*self._parts, _field(2, "graph"), _field(12, _field(1, output))]
        opsets = [
            _field(8, _field(1, domain) + _field(2, version)) for domain, version in OPSETS.items()
        ]
        return b"".join([_field(1, IR_VERSION), *opsets, _field(7, b"".join(graph))])

    def _name(self) -> str:
        self._names += 1
        return f"v{self._names}"


def _attribute(name: str, value: float) -> bytes:
    if isinstance(value, int):
        return _field(1, name) + _field(3, value) + _field(20, 2)
    return _field(1, name) + _key(2, _FIXED32) + struct.pack("<f", value) + _field(20, 1)


def _value(name: str, kind: int, dimensions: int) -> bytes:
    shape = b"".join(_field(1, _field(2, f"{name}{it}")) for it in range(dimensions))
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, shape)))


def _field(number: int, value: int | str | bytes) -> bytes:
    if isinstance(value, int):
        return _key(number, _VARINT) + _varint(value)
    content = value.encode() if isinstance(value, str) else value
    return _key(number, _BYTES) + _varint(len(content)) + content


def _key(number: int, wire: int) -> bytes:
    return _varint(number << 3 | wire)


def _varint(value: int) -> bytes:
    value &= 2**64 - 1  # a negative number is written as its two's complement
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _all(message: memoryview, number: int) -> Iterator[memoryview]:
    return (value for found, value in _fields(message) if found == number)


def _integers(value: int | memoryview) -> list[int]:
    """A repeated integer: one of it, or all in a row."""
    if isinstance(value, int):
        return [value]
    found, at = [], 0
    while at < len(value):
        one, at = _read_varint(value, at)
        found.append(one)
    return found


def _fields(message: memoryview) -> Iterator[tuple[int, Any]]:
    """The number and the value of each field: an integer, or the bytes of anything else."""
    at = 0
    while at < len(message):
        key, at = _read_varint(message, at)
        wire = key & 7
        if wire == _VARINT:
            value, at = _read_varint(message, at)
            yield key >> 3, value
            continue
        size = {_FIXED64: 8, _FIXED32: 4}.get(wire)
        if size is None:
            size, at = _read_varint(message, at)
        yield key >> 3, message[at : at + size]
        at += size


def _read_varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
