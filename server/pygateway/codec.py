"""Values to bodies and back. No I/O.

A body is JSON text in ASCII. None, bool, int up to 64 bits, finite float and str stand for themselves; every other
value is an array that begins with a tag, and a plain dict with text keys is an object. Bytes, arrays and long lists of
numbers travel as buffers beside the body. PROTOCOL.md has the table; the tags below are its second column.

Two ways to encode differ in what happens to a plain mutable value: ARGUMENT copies it, RESULT refers to it.
"""

import json
import struct
import sys
from json import encoder as json_encoder

from .errors import ProtocolError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, Dict, List, Tuple

    from .frames import Buffer

    Body = Tuple[int, bytes, Sequence[Buffer]]
    Encoder = Callable[["Writer", Any], Any]

from .frames import KEYWORDS, TAGGED

PLAIN = frozenset((type(None), bool, int, float, str))
_ALL_TEXT = frozenset((str,))
_ALL_INT = frozenset((int,))
_ALL_FLOAT = frozenset((float,))

#: From this many items on a list of only ints or only floats travels as a buffer of 8 bytes an item.
VECTOR_FROM = 64
#: Text of an int may be cut off by Python from 4300 digits on; a body this short has none that long.
_SURELY_SHORT = 4000
_INT64 = 1 << 63

RECURSION = "the value contains itself or is nested too deeply to be copied; pass it with pygateway.ref()"


def _make_dumps() -> "Callable[[Any], str]":
    """The C encoder made once, not once a call; the public class where the interpreter has no C encoder."""
    make = getattr(json_encoder, "c_make_encoder", None)
    if make is None:
        return json.JSONEncoder(separators=(",", ":"), allow_nan=False, check_circular=False).encode
    default = json.JSONEncoder().default
    encode = make(None, default, json_encoder.encode_basestring_ascii, None, ":", ",", False, False, False)
    join = "".join

    def dumps(value: "Any") -> str:
        return join(encode(value, 0))

    return dumps


_dumps = _make_dumps()
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined] # JSONDecoder's own C scanner, public by its name


def encode_arguments(references: "References", args: "Sequence[Any]", kwargs: "Dict[str, Any]") -> "Body":
    """The body of a request: (flags, body, buffers). No arguments are an empty body.

    Raises ValueError for a value that can't be copied because it contains itself.
    """
    if not kwargs:
        if not args:
            return 0, b"", ()
        if PLAIN.issuperset(map(type, args)):
            try:
                body = _dumps(args).encode("ascii")
            except ValueError:  # a NaN, an infinity or an int too long for text: these have tags
                pass
            else:
                if len(body) < _SURELY_SHORT:
                    return 0, body, ()
    writer = Writer(references, ARGUMENT)
    try:
        items = [writer.encode(arg) for arg in args]
        if kwargs:
            items.append({name: writer.encode(value) for name, value in kwargs.items()})
            return TAGGED | KEYWORDS, _dumps(items).encode("ascii"), writer.buffers
        return TAGGED, _dumps(items).encode("ascii"), writer.buffers
    except RecursionError:
        raise ValueError(RECURSION) from None


def encode_value(references: "References", value: "Any", how: "Dict[type, Encoder]") -> "Body":
    """The body of an answer: (flags, body, buffers), `how` being RESULT or ARGUMENT. None is an empty body.

    Raises ValueError for a value that can't be copied because it contains itself.
    """
    if value is None:
        return 0, b"", ()
    kind = type(value)
    if (
        kind is str
        or kind is bool
        or (kind is int and -_INT64 <= value < _INT64)
        or (kind is float and value - value == 0.0)
    ):
        return 0, _dumps((value,)).encode("ascii"), ()
    writer = Writer(references, how)
    try:
        return TAGGED, _dumps((writer.encode(value),)).encode("ascii"), writer.buffers
    except RecursionError:
        raise ValueError(RECURSION) from None


def encode_numbers(numbers: "Sequence[int]") -> bytes:
    """A body of object numbers alone."""
    return _dumps(numbers).encode("ascii")


def decode(
    references: "References", flags: int, body: bytes, buffers: "Sequence[bytes]"
) -> "Tuple[List[Any], Dict[str, Any]]":
    """The positional and the keyword values of a body. Raises ProtocolError if it is not well formed."""
    if not body:
        return [], {}
    try:
        items, end = _scan(body.decode("ascii"), 0)
    except (ValueError, StopIteration, RecursionError) as error:
        raise ProtocolError("a body that is no JSON text: %s" % error) from None
    if type(items) is not list or end != len(body):
        raise ProtocolError("a body that is no JSON array")
    if not flags:
        return items, {}
    reader = Reader(references, buffers)
    try:
        kwargs = items.pop() if flags & KEYWORDS else {}
        return [reader.decode(item) for item in items], {name: reader.decode(kwargs[name]) for name in kwargs}
    except (IndexError, KeyError, TypeError, ValueError, ArithmeticError, ImportError, struct.error, RecursionError) as error:
        raise ProtocolError("a body with a malformed value: %s: %s" % (type(error).__name__, error)) from None


class References:
    """What the codec asks of the connection: to refer to objects, and to find what is referred to."""

    def refer(self, value: "Any") -> "List[Any]":
        """The tagged form that stands for `value`: an object of this side, or one of the peer's sent home."""
        raise NotImplementedError

    def resolve(self, number: int, described: int) -> "Any":
        """The proxy for the peer's object `number`, whose class the peer describes as `described`."""
        raise NotImplementedError

    def home(self, number: int) -> "Any":
        """This side's own object `number`, sent home."""
        raise NotImplementedError


class ByReference:
    """What `pygateway.ref` returns: an argument that is to arrive as a proxy, whatever its type."""

    __slots__ = ("value",)

    def __init__(self, value: "Any") -> None:
        self.value = value


class Writer:
    """Encodes the values of one body and collects the buffers that go beside it."""

    __slots__ = ("buffers", "how", "references")

    def __init__(self, references: References, how: "Dict[type, Encoder]") -> None:
        self.references = references
        self.how = how
        self.buffers: List[Buffer] = []

    def encode(self, value: "Any") -> "Any":
        kind = type(value)
        if kind is str or kind is bool or value is None:
            return value
        return _encoder(kind, self.how)(self, value)

    def beside(self, tag: str, buffer: "Buffer") -> "List[Any]":
        self.buffers.append(buffer)
        return [tag, len(self.buffers) - 1]

    def each(self, values: "Iterable[Any]") -> "List[Any]":
        encode = self.encode
        return [encode(value) for value in values]


def _refer(writer: Writer, value: "Any") -> "Any":
    return writer.references.refer(value)


def _int(_: Writer, value: int) -> "Any":
    return value if -_INT64 <= value < _INT64 else ["i", "%x" % value]


def _float(_: Writer, value: float) -> "Any":
    if value - value == 0.0:  # neither an infinity nor a NaN
        return value
    return ["f", repr(value)]


def _complex(writer: Writer, value: complex) -> "Any":
    return ["c", _float(writer, value.real), _float(writer, value.imag)]


def _list(writer: Writer, value: "List[Any]") -> "Any":
    if len(value) >= VECTOR_FROM:
        kinds = set(map(type, value))
        if kinds == _ALL_FLOAT:
            return writer.beside("ld", struct.pack("<%dd" % len(value), *value))
        if kinds == _ALL_INT:
            try:
                return writer.beside("lq", struct.pack("<%dq" % len(value), *value))
            except struct.error:  # an int of more than 64 bits among them
                pass
        elif kinds == _ALL_TEXT:
            return ["l", *value]
    return ["l", *writer.each(value)]


def _dict(writer: Writer, value: "Dict[Any, Any]") -> "Any":
    if _ALL_TEXT.issuperset(map(type, value)):
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
        zone = writer.encode(value.tzinfo)
        if zone is not None and zone[0] not in ("tz", "zi"):  # a class of zones that the other side can't know
            return writer.references.refer(value)
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
    tuple: lambda w, v: ["t", *w.each(v)],
    frozenset: lambda w, v: ["fs", *w.each(v)],
    range: lambda w, v: ["r", *w.each((v.start, v.stop, v.step))],
    slice: lambda w, v: ["sl", *w.each((v.start, v.stop, v.step))],
    type(...): lambda w, v: ["e"],
    type(NotImplemented): lambda w, v: ["ni"],
    ByReference: lambda w, v: w.references.refer(v.value),
}
_COPIES: "Dict[type, Encoder]" = {
    list: _list,
    dict: _dict,
    set: lambda w, v: ["s", *w.each(v)],
    bytearray: lambda w, v: w.beside("ba", bytes(v)),
}
_OF_TIME = ("hour", "minute", "second", "microsecond")
# Types of modules that many programs never import: known by name until the first value of theirs comes along.
_LATE: "Dict[Tuple[str, str], Encoder]" = {
    ("decimal", "Decimal"): lambda w, v: ["dec", str(v)],
    ("uuid", "UUID"): lambda w, v: ["u", v.hex],
    ("datetime", "date"): lambda w, v: ["date", v.year, v.month, v.day],
    ("datetime", "time"): _date_or_time("time", *_OF_TIME),
    ("datetime", "datetime"): _date_or_time("dt", "year", "month", "day", *_OF_TIME),
    ("datetime", "timedelta"): lambda w, v: ["td", v.days, v.seconds, v.microseconds],
    ("datetime", "timezone"): _timezone,
    ("zoneinfo", "ZoneInfo"): lambda w, v: ["zi", v.key] if v.key else w.references.refer(v),
}
_LATE_COPIES: "Dict[Tuple[str, str], Encoder]" = {("array", "array"): _array}

#: Mutable values are referred to.
RESULT: "Dict[type, Encoder]" = dict(_BY_VALUE)
#: Plain mutable values are copied, and what in them can't be is referred to.
ARGUMENT: "Dict[type, Encoder]" = {**_BY_VALUE, **_COPIES}


def is_copied(value: "Any") -> bool:
    """Whether an argument like `value` arrives as a value of its own, not as a proxy."""
    return value is None or type(value) in (str, bool) or _encoder(type(value), ARGUMENT) is not _refer


def _encoder(kind: type, how: "Dict[type, Encoder]") -> "Encoder":
    """The encoder for values of exactly this type; those of the late types are remembered once met."""
    encoder = how.get(kind)
    if encoder is not None:
        return encoder
    name = (kind.__module__, kind.__name__)
    encoder = _LATE.get(name)
    if encoder is None and how is not RESULT:
        encoder = _LATE_COPIES.get(name)
    if encoder is None or kind is not getattr(sys.modules.get(name[0]), name[1], None):
        return _refer
    how[kind] = encoder
    return encoder


class Reader:
    """Decodes the values of one body."""

    __slots__ = ("buffers", "references")

    def __init__(self, references: References, buffers: "Sequence[bytes]") -> None:
        self.references = references
        self.buffers = buffers

    def decode(self, form: "Any") -> "Any":
        kind = type(form)
        if kind is list:
            return _DECODERS[form[0]](self, form)
        if kind is dict:
            return {name: self.decode(form[name]) for name in form}
        return form

    def rest(self, form: "List[Any]") -> "Iterable[Any]":
        return map(self.decode, form[1:])


def _decode_vector(code: str) -> "Callable[[Reader, List[Any]], Any]":
    def read(reader: Reader, form: "List[Any]") -> "Any":
        buffer = reader.buffers[form[1]]
        return list(struct.unpack("<%d%s" % (len(buffer) // 8, code), buffer))

    return read


def _decode_list(reader: Reader, form: "List[Any]") -> "Any":
    decode = reader.decode
    return [decode(item) if type(item) is list or type(item) is dict else item for item in form[1:]]


def _decode_dict(reader: Reader, form: "List[Any]") -> "Any":
    items = list(reader.rest(form))
    return dict(zip(items[::2], items[1::2]))


def _decode_array(reader: Reader, form: "List[Any]") -> "Any":
    import array

    _, index, code, size = form
    value = array.array(code)
    if value.itemsize != size:  # 'l' and 'L' differ between systems
        code = next(other for other in "bBhHiIlLqQ" if array.array(other).itemsize == size and other.islower() == code.islower())
        value = array.array(code)
    value.frombytes(reader.buffers[index])
    if sys.byteorder == "big":
        value.byteswap()
    return value


def _decode_wide(_: Reader, form: "List[Any]") -> "Any":
    import array

    try:
        return array.array(form[1], form[2])
    except ValueError:  # 'w' before Python 3.13
        return array.array("u", form[2])


def _decode_decimal(_: Reader, form: "List[Any]") -> "Any":
    import decimal

    return decimal.Decimal(form[1])


def _decode_uuid(_: Reader, form: "List[Any]") -> "Any":
    import uuid

    return uuid.UUID(hex=form[1])


def _decode_moment(reader: Reader, form: "List[Any]") -> "Any":
    import datetime

    tag, rest = form[0], list(reader.rest(form))
    if tag == "date":
        return datetime.date(*rest)
    if tag == "td":
        return datetime.timedelta(*rest)
    if tag == "tz":
        return datetime.timezone(*rest)
    fold, zone = rest[-2:]
    kind = datetime.time if tag == "time" else datetime.datetime
    return kind(*rest[:-2], tzinfo=zone, fold=fold)


def _decode_zone(_: Reader, form: "List[Any]") -> "Any":
    from zoneinfo import ZoneInfo  # Python 3.9 and later

    return ZoneInfo(form[1])


_DECODERS: "Dict[str, Callable[[Reader, List[Any]], Any]]" = {
    "o": lambda r, f: r.references.resolve(f[1], f[2]),
    "h": lambda r, f: r.references.home(f[1]),
    "i": lambda r, f: int(f[1], 16),
    "f": lambda r, f: float(f[1]),
    "c": lambda r, f: complex(*r.rest(f)),
    "b": lambda r, f: r.buffers[f[1]],
    "ba": lambda r, f: bytearray(r.buffers[f[1]]),
    "t": lambda r, f: tuple(r.rest(f)),
    "fs": lambda r, f: frozenset(r.rest(f)),
    "s": lambda r, f: set(r.rest(f)),
    "l": _decode_list,
    "lq": _decode_vector("q"),
    "ld": _decode_vector("d"),
    "d": _decode_dict,
    "a": _decode_array,
    "au": _decode_wide,
    "r": lambda r, f: range(*r.rest(f)),
    "sl": lambda r, f: slice(*r.rest(f)),
    "e": lambda r, f: ...,
    "ni": lambda r, f: NotImplemented,
    "dec": _decode_decimal,
    "u": _decode_uuid,
    "date": _decode_moment,
    "time": _decode_moment,
    "dt": _decode_moment,
    "td": _decode_moment,
    "tz": _decode_moment,
    "zi": _decode_zone,
}
