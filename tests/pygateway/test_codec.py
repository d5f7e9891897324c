"""Values to bodies and back, without I/O: each value of the passing rules keeps its type and its value."""

from __future__ import annotations

import array
import datetime
import decimal
import json
import math
import struct
import sys
import uuid
from collections import OrderedDict, deque, namedtuple
from enum import IntEnum
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pygateway import LimitError, ProtocolError, ReleasedError, codec, error_classes, failures, ref
from pygateway.codec import ARGUMENT, RESULT
from pygateway.frames import CALL, KEYWORDS, MAX_BUFFER_COUNT, MAX_FRAME, TAGGED, FrameReader
from pygateway.frames import RESULT as RESULT_FRAME
from pygateway.reader import _DECODERS
from pygateway.references import References


class Objects(References):
    """Both sides of a connection at once: what is referred to stays what it is."""

    def __init__(self) -> None:
        self.referred: list[Any] = []
        self.taken_back: list[int] = []

    def refer(self, value: Any) -> list[Any]:
        self.referred.append(value)
        return ["o", len(self.referred), 1]

    def take_back(self, numbers: Any) -> None:
        self.taken_back.extend(numbers)

    def resolve(self, number: int, described: int) -> Any:
        return self.referred[number - 1]

    def home(self, number: int, member: int | None = None) -> Any:
        raise ReleasedError(str(number))

    def tell(self, error: BaseException) -> dict[str, Any]:
        return failures.told(error)

    def rebuild(self, told: dict[str, Any]) -> BaseException:
        return failures.rebuild(told, "the other side")

    def tell_class(self, of: type) -> Any:
        return error_classes.told(of)

    def rebuild_class(self, told: Any) -> type:
        found: type = error_classes.caught(told)
        return found

    def arrived(self, pieces: Any) -> tuple[list[Any], dict[str, Any]]:
        """What the other side makes of a frame."""
        frame = FrameReader().take(b"".join(map(bytes, pieces)))
        assert frame is not None
        return codec.decode(self, frame[1], frame[5], frame[6])

    def answered(self, value: Any, how: Any = ARGUMENT) -> Any:
        """The value that arrives for one that is answered."""
        items, _ = self.arrived(codec.pack_answer(self, RESULT_FRAME, 1, value, how))
        return items[0] if items else None

    def asked(self, *args: Any, **kwargs: Any) -> tuple[list[Any], dict[str, Any]]:
        """The arguments that arrive for those of a request."""
        return self.arrived(codec.pack_request(self, CALL, 1, 2, 3, args, kwargs))


def passed(value: Any, how: Any = ARGUMENT) -> Any:
    """The value that arrives as an answer, all by value."""
    objects = Objects()
    arrived = objects.answered(value, how)
    assert not objects.referred
    return arrived


def passed_as_argument(*args: Any, **kwargs: Any) -> tuple[list[Any], dict[str, Any]]:
    """The arguments that arrive, all by value."""
    objects = Objects()
    arrived = objects.asked(*args, **kwargs)
    assert not objects.referred
    return arrived


def form(value: Any) -> Any:
    """What two equal values have in common, and two that differ at all do not: types, signs, NaNs, folds."""
    kind = type(value)
    if kind is float:
        return ("nan",) if math.isnan(value) else (kind, value, math.copysign(1, value))
    if kind is complex:
        return (kind, form(value.real), form(value.imag))
    if kind is decimal.Decimal:
        return (kind, value.as_tuple())
    if kind in (list, tuple):
        return (kind, [form(item) for item in value])
    if kind in (set, frozenset):
        return (kind, sorted(map(repr, map(form, value))))
    if kind is dict:
        return (kind, [(form(key), form(item)) for key, item in value.items()])
    if kind in (range, slice):
        return (kind, value.start, value.stop, value.step)
    if kind in (datetime.datetime, datetime.time):
        return (kind, value.replace(tzinfo=None), value.fold, form(value.tzinfo))
    if kind is datetime.timezone:
        return (kind, repr(value))
    if kind is array.array:
        return (kind, value.typecode, list(map(form, value)))
    return (kind, value)


def shown(value: Any) -> str:
    """A value in the name of a test; sets print in another order each time, and large ints take long."""
    return type(value).__name__ if isinstance(value, (int, set, frozenset)) else ascii(value)[:40]


EAST = datetime.timezone(datetime.timedelta(hours=5, minutes=45), "Kathmandu")
WEST = datetime.timezone(-datetime.timedelta(hours=3, minutes=30))
ODD = datetime.timezone(datetime.timedelta(hours=1, seconds=7, microseconds=5))

BY_VALUE: list[Any] = [
    None,
    True,
    False,
    *(0, 1, -1, 2**31, 2**53 + 1, 2**63 - 1, -(2**63), 2**63, -(2**63) - 1, 2**64, 2**64 - 1, 10**100, -(10**100)),
    *(10**5000, -(10**5000) + 1, 1 << 100_000),
    *(0.0, -0.0, 1.5, 0.1, 1e308, 5e-324, math.pi, math.inf, -math.inf, math.nan, sys.float_info.max),
    *(0j, 3 + 4j, complex(-0.0, 0.0), complex(0.0, -0.0), complex(math.nan, -math.inf), complex(-0.0, -0.0)),
    *("", "text", "é", "\0", "\x1f\x7f\u2028", "😀", "\udc80", "a\ud800", '"\\/', "x" * 100_000, "\U0010ffff"),
    *(b"", b"bytes", bytes(range(256)), b"x" * 200_000),
    *map(
        decimal.Decimal, ["0", "-0", "1.10", "1E+5", "1E-999", "NaN", "-NaN", "sNaN", "NaN123", "Infinity", "-Infinity"]
    ),
    decimal.Decimal(10) ** 100,
    decimal.Decimal((1, (1, 2, 3), 999_999)),
    *(datetime.date.min, datetime.date.max, datetime.date(2024, 2, 29)),
    *(datetime.time(), datetime.time(23, 59, 59, 999_999, fold=1), datetime.time(1, 2, tzinfo=EAST)),
    *(datetime.datetime.min, datetime.datetime.max, datetime.datetime(2024, 10, 27, 2, 30, fold=1)),
    *(datetime.datetime(2024, 1, 1, tzinfo=zone, fold=1) for zone in (datetime.timezone.utc, EAST, WEST, ODD)),
    *(datetime.timedelta.min, datetime.timedelta.max, datetime.timedelta(), datetime.timedelta(-1, 1, 1)),
    *(datetime.timezone.utc, datetime.timezone(datetime.timedelta(0), "UTC"), EAST, WEST, ODD),
    *(uuid.UUID(int=0), uuid.UUID(int=2**128 - 1), uuid.UUID("12345678123456781234567812345678")),
    *(range(0), range(5), range(10, -10, -3), range(10**30, 10**30 + 5)),
    *(slice(None), slice(1, 2, 3), slice(None, -1), slice("a", 1.5, (1,)), slice(2**70)),
    ...,
    NotImplemented,
    (),
    (1, ("two", (3.0, (None, b"five")))),
    *(tuple(range(1000)), tuple(map(float, range(1000))), (2**63,) * 64, (True,) * 70, ("a", "\ud800") * 50),
    *((0,) * 30 + (large,) + (0,) * 90 for large in (2**15, -(2**15) - 1, 2**31, 2**40, -(2**63), 2**63)),
    *((2**15,) * 70, (-(2**31),) * 64, ("",) * 64, ("a\0b",) * 70, ("é😀",) * 70, ("a", "\udfff") * 50),
    *((1.5, math.inf, -0.0, math.nan) * 20, ("text",) * 70, ("text", None) * 40),
    *(int, list, type, object, ValueError, BaseException, UnicodeTranslateError),
    frozenset(),
    frozenset([1, "two", (3, b"4"), frozenset([5])]),
    ("t", "b", 0),  # what a form looks like
]
COPIED: list[Any] = [
    *([], [1, [2, [3]]], ["l"], list(range(63)), list(range(64)), list(range(100_000)), [2**63] * 64, [-(2**63)] * 70),
    *([True] * 70, [1, True] * 40, ["a", "\ud800"] * 50, [1.5, math.inf, -0.0, math.nan] * 20, [1, 1.0] * 40),
    *({}, {"a": 1}, {"l": ["l"]}, {1: 2, "1": 3, (4,): [5]}, {None: None, True: 0, 1.5: {}}, {"": {"": {}}}),
    *(set(), {1, "two", (3,)}, bytearray(), bytearray(b"bytes"), bytearray(200_000)),
    *(array.array(code, [1, 2, 3]) for code in "bBhHiIlLqQ"),
    *(array.array(code, [1.5, -0.0, math.inf]) for code in "fd"),
    array.array("d"),
    array.array("u", "texté😀"),
    {"nested": [({1, 2}, bytearray(b"x"), array.array("i", [1])), {"deeper": [[[[]]]]}]},
]


@pytest.mark.parametrize("value", BY_VALUE, ids=shown)
@pytest.mark.parametrize("how", [RESULT, ARGUMENT], ids=["result", "argument"])
def test_a_value_keeps_its_type_and_value(value: Any, how: Any) -> None:
    assert form(passed(value, how)) == form(value)
    assert form(passed((value,), how)) == form((value,))


@pytest.mark.parametrize("value", COPIED, ids=shown)
def test_a_plain_mutable_argument_arrives_as_a_copy(value: Any) -> None:
    [arrived, again], kwargs = passed_as_argument(value, (value, 1), named=value)
    assert form(arrived) == form(value)
    assert form(again[0]) == form(value)
    assert form(kwargs["named"]) == form(value)
    assert arrived is not value


@pytest.mark.parametrize("value", BY_VALUE, ids=shown)
def test_a_value_keeps_its_type_and_value_as_an_argument(value: Any) -> None:
    args, kwargs = passed_as_argument(value, value, named=value)
    assert [form(arg) for arg in args] == [form(value)] * 2
    assert form(kwargs["named"]) == form(value)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "UTC"])
def test_a_zone_keeps_its_name(zone: str) -> None:
    if zone not in available_timezones():
        pytest.skip("this machine has no time zones")
    moment = datetime.datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=ZoneInfo(zone))
    arrived = passed(moment)
    assert (arrived, arrived.fold, arrived.tzinfo.key) == (moment, 1, zone)
    assert arrived.utcoffset() == moment.utcoffset()


def test_utc_stays_the_one_utc() -> None:
    assert passed(datetime.timezone.utc) is datetime.timezone.utc


@pytest.mark.parametrize("text", ["\ud83d\ude00", "x\udbff\udfffy", "\ud800\udc00" * 3])
def test_two_surrogates_that_would_make_a_pair_stay_two(text: str) -> None:
    """JSON text can't tell them from the one character that they would stand for."""
    assert list(passed(text)) == list(text)
    assert list(passed_as_argument(text)[0][0]) == list(text)
    assert [list(key) for key in passed({text: 1})] == [list(text)]


@pytest.mark.parametrize("count", range(4))
def test_arguments_keep_their_number_order_and_names(count: int) -> None:
    args, kwargs = tuple(range(count)), {f"k{n}": n for n in reversed(range(count))}
    assert passed_as_argument(*args, **kwargs) == (list(args), kwargs)
    assert list(passed_as_argument(**kwargs)[1]) == list(kwargs)


def test_names_of_arguments_may_be_any_text() -> None:
    assert passed_as_argument(**{"o": 1, "é 1": 2, "": 3}) == ([], {"o": 1, "é 1": 2, "": 3})


class Color(IntEnum):
    RED = 1


Point = namedtuple("Point", "x y")


class Text(str):
    __slots__ = ()


class Zone(datetime.tzinfo):
    def utcoffset(self, _: Any) -> datetime.timedelta:
        return datetime.timedelta(hours=1)


BY_REFERENCE: list[Any] = [
    *(object(), print, Color.RED, Point(1, 2), Text("x"), OrderedDict(a=1), deque([1]), Color, sys, type(None)),
    *(iter([]), decimal.getcontext(), Zone(), datetime.datetime(2024, 1, 1, tzinfo=Zone())),
]


@pytest.mark.parametrize("value", BY_REFERENCE, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("how", [RESULT, ARGUMENT], ids=["result", "argument"])
def test_everything_else_goes_by_reference(value: Any, how: Any) -> None:
    objects = Objects()
    assert objects.answered((value,), how)[0] is value
    assert objects.referred == [value]
    assert not codec.is_copied(value)


@pytest.mark.parametrize("value", COPIED[:1] + COPIED[15:], ids=shown)
def test_a_mutable_result_goes_by_reference(value: Any) -> None:
    objects = Objects()
    assert objects.answered(value, RESULT) is value


def test_what_can_not_be_copied_in_a_copied_argument_goes_by_reference() -> None:
    objects, thing = Objects(), object()
    [arrived], _ = objects.asked([1, {"thing": thing}])
    assert arrived == [1, {"thing": thing}]
    assert objects.referred == [thing]


@pytest.mark.parametrize("how", [RESULT, ARGUMENT], ids=["result", "argument"])
def test_an_exception_goes_by_value_with_its_arguments_and_its_cause(how: Any) -> None:
    error = KeyError("name", [1, b"two"])
    error.__cause__ = ValueError("inner")
    arrived = passed(error, how)
    assert (type(arrived), arrived.args) == (KeyError, ("name", [1, b"two"]))
    assert (type(arrived.__cause__), arrived.__cause__.args) == (ValueError, ("inner",))
    assert codec.is_copied(error)


class OddError(ValueError):
    """An exception that no other side knows."""


def test_an_exception_of_any_class_goes_by_value_alone_and_in_containers() -> None:
    [[alone, inside]], named = passed_as_argument([OddError(1), {"key": OddError(2)}], named=OddError(3))
    arrived = [alone, inside["key"], named["named"]]
    assert [error.args for error in arrived] == [(1,), (2,), (3,)]
    assert all(isinstance(error, ValueError) and type(error).__name__ == "OddError" for error in arrived)


def test_one_exception_in_two_places_of_a_body_arrives_as_one() -> None:
    inner = ValueError("inner")
    outer = TypeError(inner)
    [a, b, [c, d]], _ = passed_as_argument(outer, inner, [outer, OddError(inner)])
    assert (c, a.args[0], d.args[0]) == (a, b, b)


def test_an_exception_that_contains_itself_refers_to_itself_in_it() -> None:
    error = ValueError("loop")
    error.args = ("loop", error, [error])
    objects = Objects()
    [arrived], _ = objects.asked(error)
    assert arrived.args == ("loop", error, [error])
    assert objects.referred == [error, error]


def test_exceptions_that_wrap_each_other_again_and_again_stay_small() -> None:
    """Each names the last both as its argument and as its cause, as code that tries again and again makes them."""
    error: Exception = ValueError("first")
    for number in range(60):
        wrapped = RuntimeError(number, error)
        wrapped.__cause__ = error
        error = wrapped
    pieces = codec.pack_answer(Objects(), RESULT_FRAME, 1, error, RESULT)
    assert sum(map(len, pieces)) < 2_000_000


def test_a_name_of_no_builtin_class_is_a_protocol_error() -> None:
    for name in ("Point", "ExceptionGroup", "eval", "print", "__loader__", "None", "", None, 5, ["t"]):
        with pytest.raises(ProtocolError, match="names no builtin class"):
            decoded(json.dumps([["ty", name]]).encode("ascii"))


@pytest.mark.parametrize("kind", [tuple, list], ids=["tuple", "list"])
def test_values_nested_500_deep_pass(kind: type) -> None:
    value: Any = 1
    for _ in range(500):
        value = kind([value])
    arrived, depth = passed(value), 0
    while type(arrived) is kind:
        [arrived], depth = arrived, depth + 1
    assert (arrived, depth) == (1, 500)


def test_ref_makes_a_plain_list_go_by_reference() -> None:
    objects, items = Objects(), [1]
    [arrived], _ = objects.asked(ref(items))
    assert arrived is items


@pytest.mark.parametrize("depth", [10_000, 200_000])
@pytest.mark.parametrize("kind", [list, tuple, dict])
def test_a_value_nested_too_deeply_is_refused_with_advice(depth: int, kind: type) -> None:
    value: Any = 1
    for _ in range(depth):
        value = {"x": value} if kind is dict else kind([value])
    with pytest.raises(ValueError, match=r"too deeply.*pygateway.ref"):
        Objects().asked(value)


def test_a_stack_that_is_full_already_is_a_recursion_error_and_no_fault_of_a_value() -> None:
    seen: list[type] = []

    def deeper(value: Any) -> Any:
        try:
            return deeper(value)
        except RecursionError:
            try:
                return passed(value)
            except Exception as error:
                seen.append(type(error))
                raise

    assert deeper([(1, b"x", [2])]) == [(1, b"x", [2])]
    assert set(seen) == {RecursionError}


def test_a_value_that_contains_itself_is_refused_with_advice() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(ValueError, match=r"contains itself.*pygateway.ref"):
        Objects().answered(value)


@pytest.mark.parametrize("large", ["x" * MAX_FRAME, [b""] * (MAX_BUFFER_COUNT + 1)], ids=["text", "buffers"])
def test_what_a_frame_that_is_too_large_refers_to_is_taken_back(large: Any) -> None:
    objects = Objects()
    with pytest.raises(LimitError):
        objects.asked([object(), object(), large])
    with pytest.raises(LimitError):
        objects.answered((object(), large), ARGUMENT)
    assert objects.taken_back == [1, 2, 3]


# Any values.

any_text = st.text(st.characters(codec=None, categories=None)).filter(
    lambda text: not any("\ud800" <= a <= "\udbff" and "\udc00" <= b <= "\udfff" for a, b in pairwise(text))
)
zones = st.none() | st.builds(
    datetime.timezone, st.timedeltas(-datetime.timedelta(hours=23), datetime.timedelta(hours=23))
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**64), 2**64),
    st.floats(),
    st.complex_numbers(),
    any_text,
    st.binary(),
    st.decimals(),
    st.dates(),
    st.times(timezones=zones),
    st.datetimes(timezones=zones),
    st.timedeltas(),
    st.uuids(),
    st.builds(range, st.integers(), st.integers(), st.integers().filter(bool)),
    st.just(...),
)
frozen = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4).map(tuple), max_leaves=10)
keys = st.one_of(st.none(), st.integers(), any_text, st.binary(), st.dates(), st.uuids())
values = st.recursive(
    scalars | st.binary().map(bytearray) | st.lists(st.integers(-9, 9)).map(lambda items: array.array("q", items)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.lists(inner, max_size=5).map(tuple),
        st.dictionaries(keys, inner, max_size=4),
        st.dictionaries(any_text, inner, max_size=4),
        st.sets(keys, max_size=4),
        st.frozensets(keys, max_size=4),
    ),
    max_leaves=20,
)


@given(frozen)
def test_any_immutable_value_passes_both_ways(value: Any) -> None:
    assert form(passed(value, RESULT)) == form(value)
    assert form(passed(value, ARGUMENT)) == form(value)


@given(st.lists(values, max_size=4), st.dictionaries(any_text, values, max_size=3))
def test_any_plain_values_pass_as_arguments(args: list[Any], kwargs: dict[str, Any]) -> None:
    arrived, named = passed_as_argument(*args, **kwargs)
    assert form(arrived) == form(args)
    assert form(named) == form(kwargs)


@given(st.lists(st.integers(), min_size=60, max_size=70) | st.lists(st.floats(), min_size=60, max_size=70))
def test_any_list_of_numbers_passes_however_it_travels(numbers: list[Any]) -> None:
    assert form(passed(numbers)) == form(numbers)


# Malformed bodies.


def decoded(body: bytes, flags: int = TAGGED, buffers: Any = (b"12345678", b"123")) -> Any:
    return codec.decode(Objects(), flags, body, buffers)


@pytest.mark.parametrize(
    "body",
    [
        *(b"x", b"[", b"[1", b"[1]x", b"[1] ", b" [1]", b"1", b'"x"', b"{}", b"null", b"\xff\xfe", b"[\xc3\xa9]"),
        b"[1,]",
        *(b"[" * 100_000, b'["\n"]', b"[01]", b"[1" + b"0" * 100_000 + b"]", b'{"a":1}', b"[" * 5000 + b"]" * 5000),
    ],
    ids=lambda body: repr(body[:20]),
)
@pytest.mark.parametrize("flags", [0, TAGGED, TAGGED | KEYWORDS])
def test_a_body_that_is_no_json_array_is_a_protocol_error(body: bytes, flags: int) -> None:
    with pytest.raises(ProtocolError):
        decoded(body, flags)


MALFORMED: list[Any] = [
    *([], [[]], ["nonsense"], [None], [1], [["t"]], [{}]),
    *(["i"], ["i", 5], ["i", "zz"], ["i", None], ["i", ["i", "1"]]),
    *(["f"], ["f", "many"], ["f", None], ["c", "x"], ["c", 1, 2, 3], ["c", None]),
    *(["b"], ["b", 9], ["b", "0"], ["b", None], ["b", 0.5], ["ba", 9], ["ba", ["t"]]),
    *(["s", ["l"]], ["fs", ["l"]], ["fs", {}], ["d", ["l"], 1], ["d", {}, 1]),
    *(["lq"], ["lq", 1], ["ld", 1], ["lq", 9], ["ld", "0"]),
    *(["a"], ["a", 0], ["a", 0, "zz", 8], ["a", 0, 5, 8], ["a", 0, "i", 3], ["a", 1, "q", 8], ["a", 0, "d", 5]),
    *(["a", 0, None, 8], ["a", 9, "q", 8], ["a", 0, "q", "8"], ["t", ["a", 0, "i", 3], 1]),
    *(["au"], ["au", "u", 5], ["au", 5, "x"], ["au", "u", None]),
    *(["r"], ["r", 1.5], ["r", 1, 2, 0], ["r", "1"], ["sl"], ["sl", 1, 2, 3, 4]),
    *(["dec"], ["dec", "many"], ["dec", None], ["dec", ["t"]]),
    *(["u"], ["u", "12"], ["u", 5], ["u", None], ["u", ["l"]]),
    *(["date"], ["date", 2024, 13, 1], ["date", 10**30, 1, 1], ["date", "x", 1, 1], ["date", 2024, 1, 1, 1, 1]),
    *(["time"], ["time", 25, 0, 0, 0, 0, None], ["time", 1, 1, 1, 1, 7, None]),
    *(["time", 1, 1, 1, 1, 0, "UTC"], ["dt"], ["dt", 2024, 1], ["dt", 0, 0, 0, 0, 0, 0, 0, 0, None]),
    *(["td", 10**30], ["td", "x"], ["tz"], ["tz", 5], ["tz", ["td", 2, 0, 0]], ["tz", ["td", 0, 1, 0], 5]),
    *(["zi"], ["zi", 5], ["zi", "No/Such"], ["zi", "../../etc/passwd"], ["zi", "/etc/passwd"], ["zi", "America"]),
    *(["zi", "\0"], ["zi", ["l"]], ["zi", "\ud800"], ["zi", ""], ["zi", "."]),
    *(["x"], ["x", 0], ["x", -1], ["x", None], ["x", {}], ["x", {"chain": []}], ["x", 1, 2], ["x", ["l"]]),
    *(["xt"], ["xt", 5], ["xt", ["t"]], ["xt", ["l", 1, 2, 3]], ["xt", None], ["xt", {}]),
    *(
        ["mv"],
        ["mv", 0, "d", 8, [3], False],
        ["mv", 1, "zz", 8, [1], True],
        ["mv", 0, "", 8],
    ),
    *(
        ["mv", 0, "d", 8, [-1], False],
        ["mv", 1, "d", 8, ["x"], True],
        ["mv", 9, "B", 1, [1], True],
        ["mv", 0, "O", 8, [1], True],
    ),
    *(
        ["nd"],
        ["nd", 0, "O", [1], "C"],
        ["nd", 0, "<f8", [99], "C"],
        ["nd", 0, "<f8", [-1], "C"],
        ["nd", 0, [], [1], "C"],
    ),
    *(["nd", 1, "<f8", [1], "C"], ["nd", 0, "x", [1], "C"], ["nd", 0, "<f8", "1", "C"], ["nd", 0, "<f8", [], "Z"]),
    *(
        ["nd", 0, [["a", "O"]], [1], "C"],
        ["nd", 0, [[1, "<f8"]], [1], "C"],
        ["nd", 0, "<U999999999", [10**9, 10**9], "F"],
    ),
    *(["nd", 0, "(3,)f8", [1], "C"], ["nd", 0, "<f8,<f8", [1], "C"], ["nd", 0, [["a", "<f8", [-2]]], [1], "C"]),
    *(["ns"], ["ns", "O", 1], ["ns", "<f8", "many"], ["ns", "<M8[ns]", None, "x"], ["ns", 5, 5], ["ns", "<f8", ["l"]]),
    *(["tuq"], ["tud", 9], ["tuq", None], ["tud", 1], ["tuh", 1], ["lt", 9], ["tut", None], ["li", 1], ["ty"]),
    *(["o"], ["o", 1], ["o", ["l"], 1], ["h"], ["t", ["i"]], {"key": ["i"]}, ["d", 1]),
]


def without_meaning(malformed: Any) -> bool:
    """The few of the table that read as a value after all: an empty object, a form of nothing."""
    return malformed == {} or malformed in ([["t"]], [{}])


@pytest.mark.parametrize("malformed", [one for one in MALFORMED if not without_meaning(one)], ids=repr)
def test_a_malformed_value_is_a_protocol_error(malformed: Any) -> None:
    body = json.dumps([malformed]).encode("ascii")
    with pytest.raises(ProtocolError):
        decoded(body)


@pytest.mark.parametrize("keywords", [5, None, True, "ab", ["a"], [0], ["d", "a", 1], 1.5, [["l"]], []], ids=repr)
def test_keywords_that_are_no_object_are_a_protocol_error(keywords: Any) -> None:
    with pytest.raises(ProtocolError):
        decoded(json.dumps([1, keywords]).encode("ascii"), TAGGED | KEYWORDS)


def test_keywords_that_are_missing_are_a_protocol_error() -> None:
    with pytest.raises(ProtocolError):
        decoded(b"[]", TAGGED | KEYWORDS)


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 300), st.floats(), st.text(max_size=4), any_text),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=6,
)
tags = st.sampled_from(sorted(set(_DECODERS) - {"o", "h"}))
forms = st.recursive(
    json_values | st.builds(lambda tag, rest: [tag, *rest], tags, st.lists(json_values, max_size=5)),
    lambda inner: st.builds(lambda tag, rest: [tag, *rest], tags, st.lists(inner, max_size=8)),
    max_leaves=8,
)


@settings(max_examples=250)
@given(st.lists(forms, max_size=3), st.lists(st.binary(max_size=24), max_size=2), st.sampled_from([1, 2, 3]))
def test_any_forms_give_values_or_a_protocol_error(items: list[Any], buffers: list[bytes], flags: int) -> None:
    try:
        args, kwargs = decoded(json.dumps(items).encode("ascii"), flags, buffers)
    except ProtocolError:
        return
    assert (type(args), type(kwargs)) == (list, dict)


@settings(max_examples=300)
@given(st.binary(max_size=60), st.sampled_from([0, 1, 2, 3]))
def test_any_bytes_give_values_or_a_protocol_error(body: bytes, flags: int) -> None:
    try:
        decoded(body, flags)
    except ProtocolError:
        return


@pytest.mark.parametrize(
    ("body", "numbers"), [(b"[]", []), (b"[1,2,3]", [1, 2, 3]), (b"[18446744073709551615]", [2**64 - 1])]
)
def test_a_body_of_numbers_is_read(body: bytes, numbers: list[int]) -> None:
    assert codec.decode_numbers(body) == numbers
    assert codec.encode_numbers(numbers) == body


@pytest.mark.parametrize(
    "body", [b"", b"x", b"1", b"{}", b'["1"]', b"[1.5]", b"[null]", b"[true]", b"\xff", b"[" * 9999], ids=shown
)
def test_a_body_of_anything_but_numbers_is_a_protocol_error(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        codec.decode_numbers(body)


def test_an_array_from_a_machine_with_other_sizes_keeps_its_numbers() -> None:
    """'l' has four bytes on some systems and eight on others."""
    body = json.dumps([["a", 0, "l", 4], ["a", 1, "L", 2]]).encode("ascii")
    [four, two], _ = decoded(body, TAGGED, [struct.pack("<3i", 1, -2, 3), struct.pack("<2H", 4, 65535)])
    assert (list(four), list(two)) == ([1, -2, 3], [4, 65535])


@pytest.mark.parametrize(
    "form", [["fr", "1e999999999"], ["fr", "1e999999999", 1], ["fr", 1.5, 1], ["fr", 1], ["fr", True, 1]]
)
def test_a_fraction_is_of_two_ints_and_computes_no_power(form: list[Any]) -> None:
    with pytest.raises(ProtocolError):
        decoded(json.dumps([form]).encode("ascii"))
