"""Values to bodies and back. No I/O.

A body is JSON text in ASCII. None, bool, int up to 64 bits, finite float and str stand for themselves; every other
value is an array that begins with a tag, and a plain dict with text keys is an object. Bytes, arrays and long lists of
numbers travel as buffers beside the body. PROTOCOL.md has the table of tags, which `writer` and `reader` know.

Two ways to encode differ in what happens to a plain mutable value: ARGUMENT copies it, RESULT refers to it.
"""

import json
import math
import sys
from json import encoder as json_encoder

from .errors import GatewayError, LimitError, ProtocolError
from .frames import BATCH, BEHIND_LENGTH, DEADLINE, HEADER, KEYWORDS, MAX_DEADLINE, TAGGED, pack
from .frames import RESULT as ANSWER
from .reader import Reader
from .references import References
from .writer import ARGUMENT, INT64, RESULT, Writer, is_copied

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import FrameType
    from typing import Any, Dict, List, Optional, Tuple

    from .frames import Arrived, Buffer
    from .writer import Encoder

    #: Kind, member, positional and keyword arguments.
    Call = Tuple[int, int, Sequence[Any], Dict[str, Any]]

__all__ = [
    "ARGUMENT",
    "RESULT",
    "decode",
    "decode_batch",
    "decode_batch_answer",
    "decode_numbers",
    "decode_value",
    "encode_numbers",
    "is_copied",
    "pack_answer",
    "pack_batch",
    "pack_batch_answer",
    "pack_request",
]

PLAIN = frozenset((type(None), bool, int, float, str))
#: What JSON text has in it where a string holds surrogates, or may: two lone ones side by side would be read as one
#: character, so such strings are looked at one by one.
_SURROGATE = "\\ud"
#: Text of an int may be cut off by Python from 4300 digits on; a body this short has none that long.
_SURELY_SHORT = 4000
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
_quoted = json_encoder.encode_basestring_ascii
_TRUTH = ("[false]", "[true]")
#: The header of a frame that `pack` would have nothing to look at in: small, and without buffers.
_head = HEADER.pack
_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined] # JSONDecoder's own C scanner, public by its name


def pack_request(
    references: References,
    kind: int,
    request: int,
    number: int,
    member: int,
    args: "Sequence[Any]",
    kwargs: "Optional[Dict[str, Any]]" = None,
    within: "Optional[float]" = None,
) -> "List[Buffer]":
    """The pieces of a request's frame, to be answered `within` so many seconds. No arguments are an empty body.

    Raises ValueError for an argument that can't be copied because it contains itself, LimitError for a frame that is
    too large; then no reference counts as sent.
    """
    if not kwargs and within is None:
        if not args:
            return [_head(BEHIND_LENGTH, kind, 0, request, number, member)]
        if PLAIN.issuperset(map(type, args)):
            try:
                text = _dumps(args)
            except ValueError:  # a NaN, an infinity or an int too long for text: these have tags
                pass
            else:
                if len(text) < _SURELY_SHORT and _SURROGATE not in text:
                    body = text.encode("ascii")
                    return [_head(BEHIND_LENGTH + len(body), kind, 0, request, number, member) + body]

    def form(writer: Writer) -> "Tuple[int, Any]":
        items = [writer.encode(arg) for arg in args]
        if not kwargs:
            return TAGGED, items
        items.append({name: writer.encode(value) for name, value in kwargs.items()})
        return TAGGED | KEYWORDS, items

    return _pack(references, ARGUMENT, kind, request, number, member, form, within)


def pack_answer(
    references: References, kind: int, request: int, value: "Any", how: "Dict[type, Encoder]"
) -> "List[Buffer]":
    """The pieces of an answer's frame, `how` being RESULT or ARGUMENT. None is an empty body.

    Raises as `pack_request`.
    """
    if value is None:
        return [_head(BEHIND_LENGTH, kind, 0, request, 0, 0)]
    of = type(value)
    if of is str:
        text = "[%s]" % _quoted(value)
        if _SURROGATE not in text:
            return _fitting(references, pack(kind, 0, request, 0, 0, text.encode("ascii")))
    elif of is bool or (of is int and -INT64 <= value < INT64) or (of is float and value - value == 0.0):
        body = (_TRUTH[value] if of is bool else "[%r]" % value).encode("ascii")
        return [_head(BEHIND_LENGTH + len(body), kind, 0, request, 0, 0) + body]
    return _pack(references, how, kind, request, 0, 0, lambda writer: (TAGGED, (writer.encode(value),)))


def _is_bare(value: "Any", writer: Writer) -> bool:
    """Whether `value` stands for itself in JSON text, as can be told without a call for its type."""
    of = type(value)
    if of is str:
        return not writer.careful
    return of is bool or (of is int and -INT64 <= value < INT64) or (of is float and value - value == 0.0)


def pack_batch(
    references: References, request: int, number: int, calls: "Sequence[Call]", within: "Optional[float]" = None
) -> "List[Buffer]":
    """The pieces of a frame that asks for several calls of one object. Raises as `pack_request`."""

    def form(writer: Writer) -> "Tuple[int, Any]":
        encode = writer.encode
        return TAGGED, [
            (kind, member)
            if not args and not kwargs
            else (kind, member, [arg if _is_bare(arg, writer) else encode(arg) for arg in args])
            if not kwargs
            else (kind, member, writer.each(args), {name: encode(value) for name, value in kwargs.items()})
            for kind, member, args, kwargs in calls
        ]

    return _pack(references, ARGUMENT, BATCH, request, number, 0, form, within)


def pack_batch_answer(references: References, request: int, answers: "Sequence[Tuple[bool, Any]]") -> "List[Buffer]":
    """The pieces of the answer to a batch: of each call whether it failed, and its result or what is told of its error.

    Raises as `pack_request`.
    """

    def form(writer: Writer) -> "Tuple[int, Any]":
        items = []
        for failed, value in answers:
            if not failed and (value is None or _is_bare(value, writer)):
                items.append(value)
            else:
                writer.how = ARGUMENT if failed else RESULT
                items.append((int(failed), writer.encode(value)))
        return TAGGED, items

    return _pack(references, RESULT, ANSWER, request, 0, 0, form)


def decode_batch(references: References, body: bytes, buffers: "Sequence[Arrived]") -> "List[Call]":
    """The calls of a batch. Raises ProtocolError."""
    with _malformed:
        reader = Reader(references, buffers)
        return [(form[0], form[1], (), {}) if len(form) == 2 else _call(reader, *form) for form in _array(body)]


def _call(
    reader: Reader, kind: int, member: int, args: "List[Any]", kwargs: "Optional[Dict[str, Any]]" = None
) -> "Call":
    plain = PLAIN.issuperset(map(type, args))
    keywords = {name: reader.decode(kwargs[name]) for name in kwargs} if kwargs else {}
    return kind, member, args if plain else [reader.decode(arg) for arg in args], keywords


def decode_batch_answer(references: References, body: bytes, buffers: "Sequence[Arrived]") -> "List[Tuple[bool, Any]]":
    """The answers to a batch, as they were given to `pack_batch_answer`. Raises ProtocolError."""
    with _malformed:
        reader = Reader(references, buffers)
        return [
            (False, form) if type(form) in PLAIN else (bool(form[0]), reader.decode(form[1])) for form in _array(body)
        ]


def decode_value(references: References, flags: int, body: bytes, buffers: "Sequence[Arrived]") -> "Any":
    """The one value of an answer. Raises ProtocolError if it is not well formed."""
    items = _array(body) if body and not flags else decode(references, flags, body, buffers)[0]
    if len(items) != 1:
        raise ProtocolError("an answer of %d values" % len(items))
    return items[0]


def _array(body: bytes) -> "List[Any]":
    """The JSON array that a body is."""
    try:
        items, end = _scan(body.decode("ascii"), 0)
    except (ValueError, StopIteration, RecursionError) as error:
        if isinstance(error, RecursionError) and _is_deep():
            raise
        raise ProtocolError("a body that is no JSON text: %s" % error) from None
    if type(items) is not list or end != len(body):
        raise ProtocolError("a body that is no JSON array")
    return items


class _Malformed:
    """Makes a ProtocolError of whatever decoding raises in its block, but for errors of the connection."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: "Any", error: "Optional[BaseException]", trace: "Any") -> None:
        # Constructors of many types are asked, each with errors of its own.
        if not isinstance(error, Exception) or isinstance(error, GatewayError):
            return
        if isinstance(error, RecursionError) and _is_deep():
            return
        raise ProtocolError("a body with a malformed value: %s: %s" % (type(error).__name__, error)) from None


_malformed = _Malformed()


def _pack(
    references: References,
    how: "Dict[type, Encoder]",
    kind: int,
    request: int,
    number: int,
    member: int,
    form: "Callable[[Writer], Tuple[int, Any]]",
    within: "Optional[float]" = None,
) -> "List[Buffer]":
    writer = Writer(references, how)
    try:
        flags, items = form(writer)
        text = _dumps(items)
        if _SURROGATE in text:
            references.take_back(writer.sent)
            writer = Writer(references, how, careful=True)
            text = _dumps(form(writer)[1])
        body = text.encode("ascii")
        if within is not None and within * 1000 < MAX_DEADLINE:
            flags |= DEADLINE
            body = math.ceil(within * 1000).to_bytes(4, "big") + body
        return _fitting(references, pack(kind, flags, request, number, member, body, writer.buffers))
    except BaseException as error:
        references.take_back(writer.sent)
        if isinstance(error, RecursionError) and not _is_deep():
            raise ValueError(RECURSION) from None
        raise


def _fitting(references: References, pieces: "List[Buffer]") -> "List[Buffer]":
    """The pieces of a frame, if the peer takes so many bytes. Raises LimitError."""
    if references.most is not None:
        size = sum(map(len, pieces))
        if size > references.most:
            raise LimitError(
                "a frame of %d bytes is too large for this connection, which takes %d (max_frame of the definition); "
                "pass the data in parts, or by reference with pygateway.ref()" % (size, references.most)
            )
    return pieces


def _is_deep() -> bool:
    """Whether Python's stack was half full before, so that a RecursionError says nothing of a value."""
    frame: Optional[FrameType] = sys._getframe()  # CPython's own, as this package is for CPython
    for _ in range(sys.getrecursionlimit() // 2):
        if frame is None:
            return False
        frame = frame.f_back
    return True


def encode_numbers(numbers: "Sequence[int]") -> bytes:
    """A body of object numbers alone."""
    return _dumps(numbers).encode("ascii")


def decode_numbers(body: bytes) -> "List[int]":
    """The numbers of a body that holds nothing else. Raises ProtocolError."""
    try:
        numbers = json.loads(body.decode("ascii"))
    except (ValueError, RecursionError):
        numbers = None
    if type(numbers) is not list or not all(type(number) is int for number in numbers):
        raise ProtocolError("a body that holds not only numbers")
    return numbers


def decode(
    references: References, flags: int, body: bytes, buffers: "Sequence[Arrived]"
) -> "Tuple[List[Any], Dict[str, Any]]":
    """The positional and the keyword values of a body. Raises ProtocolError if it is not well formed."""
    if not body:
        return [], {}
    items = _array(body)
    if not flags:
        return items, {}
    reader = Reader(references, buffers)
    kwargs = {} if not flags & KEYWORDS else items.pop() if items else None
    if type(kwargs) is not dict:
        raise ProtocolError("keyword arguments that are no object")
    with _malformed:
        return [reader.decode(item) for item in items], {name: reader.decode(kwargs[name]) for name in kwargs}
