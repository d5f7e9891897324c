"""Forms back to values. No I/O. Whatever a malformed form raises here, `codec.decode` makes a ProtocolError of it."""

import struct
import sys

from .builtin_classes import BY_NAME
from .errors import ProtocolError
from .memory import read_array, read_memory_view, read_scalar
from .references import References

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, Dict, List

    from .frames import Arrived


#: What JSON text has where a form stands, and not a plain value.
_NESTED = frozenset((list, dict))
_CONTAINERS: "Dict[str, Callable[[List[Any]], Any]]" = {"t": tuple, "s": set, "fs": frozenset}


class Reader:
    """Decodes the values of one body."""

    __slots__ = ("buffers", "errors", "references")

    def __init__(self, references: References, buffers: "Sequence[Arrived]") -> None:
        self.references = references
        self.buffers = buffers
        #: The exceptions of the body so far, in the order in which they were whole.
        self.errors: List[BaseException] = []

    def decode(self, form: "Any") -> "Any":
        kind = type(form)
        if kind is list:
            return _DECODERS[form[0]](self, form)
        if kind is dict:
            return {name: self.decode(form[name]) for name in form}
        return form

    def beside(self, number: int) -> bytes:
        """The bytes of a buffer."""
        buffer = self.buffers[number]
        return buffer if isinstance(buffer, bytes) else buffer.getvalue()

    def writable(self, number: int) -> "Any":
        """The bytes of a buffer in memory that may be written to, which nothing else shares."""
        buffer = self.buffers[number]
        return bytearray(buffer) if isinstance(buffer, bytes) else buffer.getbuffer()

    def rest(self, form: "List[Any]") -> "Iterable[Any]":
        return map(self.decode, form[1:])


def _decode_vector(code: str, kind: type) -> "Callable[[Reader, List[Any]], Any]":
    size = struct.calcsize("<" + code)

    def read(reader: Reader, form: "List[Any]") -> "Any":
        buffer = reader.beside(form[1])
        items = struct.unpack("<%d%s" % (len(buffer) // size, code), buffer)
        return items if kind is tuple else list(items)

    return read


def _decode_texts(reader: Reader, form: "List[Any]") -> "Any":
    texts = reader.beside(form[1]).decode("utf-8").split("\0")
    return texts if form[0] == "lt" else tuple(texts)


def _decode_class(_: Reader, form: "List[Any]") -> "Any":
    found = BY_NAME.get(form[1]) if type(form[1]) is str else None
    if found is None:
        raise ProtocolError("%r names no builtin class that goes by value" % (form[1],))
    return found


def _decode_error(reader: Reader, form: "List[Any]") -> "Any":
    _, told = form
    if type(told) is int:
        return reader.errors[told]
    error = reader.references.rebuild(reader.decode(told))
    reader.errors.append(error)
    return error


def _decode_items(reader: Reader, form: "List[Any]") -> "Any":
    items = form[1:]
    if not _NESTED.isdisjoint(map(type, form)):
        items = []
        for item in form[1:]:  # in one function, since each level of nesting takes of Python's stack
            kind = type(item)
            if kind is list:
                items.append(_DECODERS[item[0]](reader, item))
            elif kind is dict:
                items.append(reader.decode(item))
            else:
                items.append(item)
    return items if form[0] == "l" else _CONTAINERS[form[0]](items)


def _decode_dict(reader: Reader, form: "List[Any]") -> "Any":
    items = list(reader.rest(form))
    if len(items) % 2:
        raise ValueError("a key without its value")
    return dict(zip(items[::2], items[1::2]))


def _decode_array(reader: Reader, form: "List[Any]") -> "Any":
    import array

    _, index, code, size = form
    value = array.array(code)
    if value.itemsize != size:  # 'l' and 'L' differ between systems
        alike = [other for other in "bBhHiIlLqQ" if other.islower() == code.islower()]
        code = [other for other in alike if array.array(other).itemsize == size][0]  # noqa: RUF015 - to raise IndexError
        value = array.array(code)
    value.frombytes(reader.beside(index))
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


def _decode_fraction(reader: Reader, form: "List[Any]") -> "Any":
    import fractions

    numerator, denominator = reader.rest(form)
    if type(numerator) is not int or type(denominator) is not int:  # of a text it would compute the power in it
        raise ProtocolError("a fraction of anything but two ints")
    return fractions.Fraction(numerator, denominator)


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
    kind: Any = datetime.time if tag == "time" else datetime.datetime
    return kind(*rest[:-2], tzinfo=zone, fold=fold)


def _decode_zone(_: Reader, form: "List[Any]") -> "Any":
    from zoneinfo import ZoneInfo  # Python 3.9 and later

    return ZoneInfo(form[1])


_DECODERS: "Dict[str, Callable[[Reader, List[Any]], Any]]" = {
    "o": lambda r, f: r.references.resolve(f[1], f[2]),
    "h": lambda r, f: r.references.home(*f[1:]),
    "ty": _decode_class,
    "x": _decode_error,
    "xt": lambda r, f: r.references.rebuild_class(r.decode(f[1])),
    "i": lambda r, f: int(f[1], 16),
    "f": lambda r, f: float(f[1]),
    "c": lambda r, f: complex(*r.rest(f)),
    "b": lambda r, f: r.beside(f[1]),
    "ba": lambda r, f: bytearray(r.beside(f[1])),
    "st": lambda r, f: r.beside(f[1]).decode("utf-32-le", "surrogatepass"),
    **dict.fromkeys(("l", "t", "s", "fs"), _decode_items),
    **{"l" + code: _decode_vector(code, list) for code in "hiqd"},
    **{"tu" + code: _decode_vector(code, tuple) for code in "hiqd"},
    **dict.fromkeys(("lt", "tut"), _decode_texts),
    "d": _decode_dict,
    "a": _decode_array,
    "au": _decode_wide,
    "mv": read_memory_view,
    "nd": read_array,
    "ns": read_scalar,
    "r": lambda r, f: range(*r.rest(f)),
    "sl": lambda r, f: slice(*r.rest(f)),
    "e": lambda r, f: ...,
    "ni": lambda r, f: NotImplemented,
    "dec": _decode_decimal,
    "fr": _decode_fraction,
    "u": _decode_uuid,
    "date": _decode_moment,
    "time": _decode_moment,
    "dt": _decode_moment,
    "td": _decode_moment,
    "tz": _decode_moment,
    "zi": _decode_zone,
}
