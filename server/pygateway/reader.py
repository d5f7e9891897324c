"""Forms back to values. No I/O. Whatever a malformed form raises here, `codec.decode` makes a ProtocolError of it."""

import struct
import sys

from .references import References

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, Dict, List


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
    kind: Any = datetime.time if tag == "time" else datetime.datetime
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
    "st": lambda r, f: r.buffers[f[1]].decode("utf-32-le", "surrogatepass"),
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
