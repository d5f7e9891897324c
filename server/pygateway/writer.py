"""Values to forms: what JSON text can hold, and the buffers beside it. No I/O."""

import struct
import sys
from itertools import groupby
from types import TracebackType

from . import memory
from .builtin_classes import NAMES
from .references import ByReference, References

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, Dict, List, Optional, Tuple

    from .frames import Buffer

    Encoder = Callable[["Writer", Any], Any]

_ALL_TEXT = frozenset((str,))

#: From this many items on a list or tuple of only ints, only floats or only texts travels as a buffer.
VECTOR_FROM = 64
INT64 = 1 << 63


class Writer:
    """Encodes the values of one body and collects the buffers that go beside it."""

    __slots__ = ("buffers", "careful", "errors", "how", "references", "sent", "whole")

    def __init__(self, references: References, how: "Dict[type, Encoder]", careful: bool = False) -> None:
        """`careful` looks for surrogates in each text."""
        self.references = references
        #: Numbers of this side's objects that are referred to.
        self.sent: List[int] = []
        self.how = how
        self.careful = careful
        self.buffers: List[Buffer] = []
        #: The exceptions met, by identity, each with its number among those that are whole; None while it is not.
        self.errors: Dict[int, Tuple[BaseException, Optional[int]]] = {}
        self.whole = 0

    def encode(self, value: "Any") -> "Any":
        kind = type(value)
        if kind is str or kind is bool or value is None:
            return value if kind is not str or not self.careful else _text(self, value)
        return _encoder(kind, self.how)(self, value)

    def refer(self, value: "Any") -> "List[Any]":
        form = self.references.refer(value)
        if form[0] == "o":
            self.sent.append(form[1])
        return form

    def beside(self, tag: str, buffer: "Buffer") -> "List[Any]":
        self.buffers.append(buffer)
        return [tag, len(self.buffers) - 1]

    def each(self, values: "Iterable[Any]") -> "List[Any]":
        encode = self.encode
        return [encode(value) for value in values]


def _refer(writer: Writer, value: "Any") -> "Any":
    return writer.refer(value)


def _text(writer: Writer, value: str) -> "Any":
    return writer.beside("st", value.encode("utf-32-le", "surrogatepass")) if _has_surrogates(value) else value


def _has_surrogates(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _int(_: Writer, value: int) -> "Any":
    return value if -INT64 <= value < INT64 else ["i", "%x" % value]


def _float(_: Writer, value: float) -> "Any":
    if value - value == 0.0:  # neither an infinity nor a NaN
        return value
    return ["f", repr(value)]


def _complex(writer: Writer, value: complex) -> "Any":
    return ["c", _float(writer, value.real), _float(writer, value.imag)]


def _items(tag: str, vector: "Optional[str]" = None) -> "Encoder":
    """Containers; those of ints, floats or texts alone as a buffer, with the tag `vector` and a letter for the type."""

    def encode(writer: Writer, values: "Any") -> "Any":
        form = _vector(writer, vector, values) if vector and len(values) >= VECTOR_FROM else None
        if form is not None:
            return form
        form, how = [tag], writer.how
        for value in values:  # in one function, for speed, and since each level of nesting takes of Python's stack
            kind = type(value)
            if value is None or kind is bool or (kind is str and not writer.careful):
                form.append(value)
            elif kind is str:
                form.append(_text(writer, value))
            else:
                form.append((how.get(kind) or _encoder(kind, how))(writer, value))
        return form

    return encode


def _vector(writer: Writer, tag: str, values: "Any") -> "Optional[List[Any]]":
    """The form of a list or tuple of only ints, only floats or only texts; None for any other."""
    runs = groupby(values, type)
    kind, _ = next(runs)
    if next(runs, None) is not None:  # a run of another type
        return None
    if kind is int:
        return _ints(writer, tag, values)
    if kind is float:
        return writer.beside(tag + "d", struct.Struct("<%dd" % len(values)).pack(*values))
    return _texts(writer, tag, values) if kind is str else None


def _ints(writer: Writer, tag: str, values: "Any") -> "Optional[List[Any]]":
    """As 2, 4 or 8 bytes each, as a few of them suggest; None with one of more than 64 bits."""
    # A Struct's method takes a tuple as it is; struct.pack would copy it behind the format.
    count = len(values)
    largest = max(map(abs, values[:: count // 4]))
    for code in "q" if largest >= 1 << 31 else "iq" if largest >= 1 << 15 else "hq":
        try:
            return writer.beside(tag + code, struct.Struct("<%d%s" % (count, code)).pack(*values))
        except struct.error:
            continue
    return None


def _texts(writer: Writer, tag: str, values: "Any") -> "Optional[List[Any]]":
    """As UTF-8 with a zero between them; None with a zero or a surrogate in one."""
    try:
        joined = "\0".join(values).encode("utf-8")
    except UnicodeEncodeError:
        return None
    return writer.beside(tag + "t", joined) if joined.count(b"\0") == len(values) - 1 else None


def _exception(writer: Writer, error: BaseException) -> "Any":
    """One that was met before in this body by its number; one that is within itself by reference."""
    _, number = writer.errors.get(id(error), (error, -1))
    if number is None:
        return writer.refer(error)
    if number >= 0:
        return ["x", number]
    writer.errors[id(error)] = (error, None)
    how, writer.how = writer.how, ARGUMENT
    form = ["x", writer.encode(writer.references.tell(error))]
    writer.how = how
    writer.errors[id(error)] = (error, writer.whole)
    writer.whole += 1
    return form


def _class(writer: Writer, of: type) -> "Any":
    if of in NAMES:
        return ["ty", NAMES[of]]
    if issubclass(of, BaseException):
        return ["xt", writer.encode(writer.references.tell_class(of))]
    return writer.refer(of)


def _dict(writer: Writer, value: "Dict[Any, Any]") -> "Any":
    texts = _ALL_TEXT.issuperset(map(type, value))
    if texts and not (writer.careful and any(map(_has_surrogates, value))):
        return {name: writer.encode(item) for name, item in value.items()}
    form: List[Any] = ["d"]
    for key, item in value.items():
        form.append(writer.encode(key))
        form.append(writer.encode(item))
    return form


def _array(writer: Writer, value: "Any") -> "Any":
    if value.typecode in "uw":
        return ["au", value.typecode, value.tounicode()]
    if sys.byteorder == "big":
        value = value[:]
        value.byteswap()
    return [*writer.beside("a", value.tobytes()), value.typecode, value.itemsize]


def _date_or_time(tag: str, *fields: str) -> "Encoder":
    def encode(writer: Writer, value: "Any") -> "Any":
        if not is_copied(value):
            return writer.refer(value)
        zone = writer.encode(value.tzinfo)
        return [tag, *[getattr(value, field) for field in fields], value.fold, zone]

    return encode


def _timezone(writer: Writer, value: "Any") -> "Any":
    offset, *name = value.__getinitargs__()
    return ["tz", writer.encode(offset), *name]


_BY_VALUE: "Dict[type, Encoder]" = {
    int: _int,
    float: _float,
    complex: _complex,
    bytes: lambda w, v: w.beside("b", v),
    tuple: _items("t", "tu"),
    frozenset: _items("fs"),
    range: lambda w, v: ["r", *w.each((v.start, v.stop, v.step))],
    slice: lambda w, v: ["sl", *w.each((v.start, v.stop, v.step))],
    type(...): lambda w, v: ["e"],
    type(NotImplemented): lambda w, v: ["ni"],
    TracebackType: lambda w, v: None,  # it would lead to the frames of the program, and so to all its variables
    type: _class,
    ByReference: lambda w, v: w.refer(v.value),
}
_COPIES: "Dict[type, Encoder]" = {
    list: _items("l", "l"),
    dict: _dict,
    set: _items("s"),
    bytearray: lambda w, v: w.beside("ba", bytes(v)),
    memoryview: memory.memory_view,
}
_OF_TIME = ("hour", "minute", "second", "microsecond")
# Types of modules that many programs never import: known by name until the first value of theirs comes along.
_LATE: "Dict[Tuple[str, str], Encoder]" = {
    ("decimal", "Decimal"): lambda w, v: ["dec", str(v)],
    ("fractions", "Fraction"): lambda w, v: ["fr", w.encode(v.numerator), w.encode(v.denominator)],
    ("uuid", "UUID"): lambda w, v: ["u", v.hex],
    ("datetime", "date"): lambda w, v: ["date", v.year, v.month, v.day],
    ("datetime", "time"): _date_or_time("time", *_OF_TIME),
    ("datetime", "datetime"): _date_or_time("dt", "year", "month", "day", *_OF_TIME),
    ("datetime", "timedelta"): lambda w, v: ["td", v.days, v.seconds, v.microseconds],
    ("datetime", "timezone"): _timezone,
    ("zoneinfo", "ZoneInfo"): lambda w, v: ["zi", v.key] if v.key else w.refer(v),
}
_LATE_COPIES: "Dict[Tuple[str, str], Encoder]" = {("array", "array"): _array, ("numpy", "ndarray"): memory.array}
#: Encoders that refer to what is not like this.
_ONLY_IF: "Dict[Encoder, Callable[[Any], bool]]" = {
    _class: lambda value: value in NAMES or issubclass(value, BaseException),
    memory.memory_view: memory.is_plain_view,
    memory.array: memory.is_plain_array,
}

#: Mutable values are referred to.
RESULT: "Dict[type, Encoder]" = dict(_BY_VALUE)
#: Plain mutable values are copied, and what in them can't be is referred to.
ARGUMENT: "Dict[type, Encoder]" = {**_BY_VALUE, **_COPIES}


def is_copied(value: "Any") -> bool:
    """Whether an argument like `value` arrives as a value of its own, not as a proxy."""
    kind = type(value)
    if value is None or kind is str or kind is bool:
        return True
    encoder = _encoder(kind, ARGUMENT)
    if encoder is _refer or encoder is _exception:
        return encoder is _exception
    if encoder in _ONLY_IF:
        return _ONLY_IF[encoder](value)
    zone = getattr(value, "tzinfo", None)  # one of a class that the other side can't know takes its datetime along
    return zone is None or is_copied(zone)


def _encoder(kind: type, how: "Dict[type, Encoder]") -> "Encoder":
    """The encoder for values of exactly this type; those of the late types are remembered once met."""
    encoder = how.get(kind)
    if encoder is not None:
        return encoder
    name = (kind.__module__, kind.__name__)
    encoder = _LATE.get(name)
    if encoder is None and how is not RESULT:
        encoder = _LATE_COPIES.get(name)
    if encoder is None and name[0] == "numpy" and memory.is_scalar_class(kind):
        encoder = memory.scalar
    elif encoder is None or kind is not getattr(sys.modules.get(name[0]), name[1], None):
        return _exception if issubclass(kind, BaseException) else _refer
    how[kind] = encoder
    return encoder
