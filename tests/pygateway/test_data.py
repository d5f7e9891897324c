"""Values on their way to real servers and back: every edge of the passing rules, arrays and memory, and the limits."""

from __future__ import annotations

import array
import ctypes
import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pygateway
from pygateway import Gateway, LimitError, Proxy, frames

Start = Callable[..., Any]
HOSTED = Path(__file__).parent / "hosted" / "data.py"


def load(path: Path) -> Any:
    """The hosted module, as the host's own: values are made from the same source on both sides."""
    spec = importlib.util.spec_from_file_location("data_of_the_host", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


local = load(HOSTED)


@pytest.fixture(scope="module", params=["3.6", "3.13"])
def keeper(request: pytest.FixtureRequest, interpreter: Callable[[str], str]) -> Iterator[Any]:
    """An object on a server under another Python, which has no numpy."""
    conftest = next(module for name, module in sys.modules.items() if name.endswith("pygateway.conftest"))
    server = conftest.start(python=interpreter(request.param))
    with server.connect() as gateway:
        yield gateway.new("data.Keeper")
    server.kill()


@pytest.fixture
def here(gateway: Gateway) -> Any:
    """An object on a server under this Python, which has numpy."""
    return gateway.new("data.Keeper")


NUMBERS = [
    *("0", "-1", "2**31", "2**53 + 1", "2**63 - 1", "2**63", "2**63 + 1", "-2**63", "-2**63 - 1", "2**64", "10**4299"),
    *("10**4300", "-10**20000", "1 << 100000", "True", "None", "...", "NotImplemented"),
    *("0.0", "-0.0", "math.inf", "-math.inf", "math.nan", "5e-324", "2.2250738585072009e-308", "sys.float_info.max"),
    *("0.1", "1e22", "complex(math.nan, math.inf)", "complex(-0.0, 0.0)", "complex(0.0, -0.0)", "-0j"),
]
TEXTS = [
    *("''", "'x' * 100000", "'\\0'", "'\\ud800'", "'\\udfff\\ud800'", "'a\\udc80b'", "'\\U0010ffff'", "'\\u2028'"),
    *("b''", "bytes(range(256))", "b'x' * 3000000", "bytearray()", "bytearray(b'x' * 2000000)"),
]
CONTAINERS = [
    *("()", "[]", "{}", "set()", "frozenset()", "[[]]", "((),)", "{'': {}}", "[{}, [], (), set()]", "{(): ()}"),
    *("nested(tuple, 500)", "nested(list, 500)", "tuple(range(10000))", "list(range(10000))", "(2**63,) * 100"),
    *("tuple(map(float, range(1000)))", "[True] * 100", "('x',) * 1000", "('\\ud800', 'x') * 50", "[1, 1.0] * 50"),
    *("{1: 'a', '1': 'b', None: 'c', 1.5: 'd', (1,): 'e', b'x': 'f', True: 'g'}", "{'\\ud800': 1}"),
    *("[[1, 2], {'a': {1, 2}}, ({3: [4]},)]", "[math.nan, [math.inf], {'n': -0.0}]"),
]
OF_TIME = [
    *("datetime.datetime.min", "datetime.datetime.max", "datetime.date.min", "datetime.date.max", "datetime.time.max"),
    *("datetime.timedelta.min", "datetime.timedelta.max", "datetime.timedelta(0, 0, -1)", "datetime.timezone.utc"),
    "datetime.datetime(2024, 10, 27, 2, 30, fold=1)",
    "datetime.time(1, 2, 3, 4, datetime.timezone.utc, fold=1)",
    "datetime.datetime(1, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=23, minutes=59)))",
    "datetime.timezone(datetime.timedelta(hours=-5), 'EST')",
]
OTHERS = [
    *("slice(None)", "slice(1, 'x', (2,))", "range(0)", "range(10**30, -10**30, -10**10)", "range(-2**63, 2**63)"),
    *(
        "decimal.Decimal('%s')" % text
        for text in ("NaN", "-NaN123", "sNaN", "sNaN99", "Infinity", "-0E+7", "1E-999999")
    ),
    *("uuid.UUID(int=0)", "uuid.UUID(int=2**128 - 1)", "int", "type", "KeyError", "memoryview"),
    *(
        "ValueError()",
        "KeyError('x', [1])",
        "OSError(2, 'gone', 'file')",
        "UnicodeDecodeError('utf-8', b'x', 0, 1, 'y')",
    ),
    *("StopIteration(5)", "ImportError('x', name='y')", "Exception(ValueError(1), {'a': KeyError()})"),
    *("array.array('%s')" % code for code in "bBhHiIlLqQfdu"),
    *("array.array('%s', [0, 1, 127])" % code for code in "bBhHiIlLqQfd"),
    *("array.array('d', [math.nan, -0.0, math.inf])", "array.array('u', 'é')", "array.array('q', range(200000))"),
    *("memoryview(b'')", "memoryview(b'abc')", "memoryview(bytearray(b'abc'))", "memoryview(b'abcdef')[::-2]"),
    *("memoryview(array.array('d', [1, 2]))", "memoryview(bytes(24)).cast('i', [2, 3])", "memoryview(bytes(3000000))"),
    *("memoryview(array.array('H'))", "memoryview(b'x').cast('B', [])", "memoryview(b'abc').cast('c')"),
]
ALL = [*NUMBERS, *TEXTS, *CONTAINERS, *OF_TIME, *OTHERS]
#: Results of these types are proxies, which `pygateway.value` copies.
MUTABLE = (list, dict, set, bytearray, array.array, memoryview)
each_value = pytest.mark.parametrize("source", ALL, ids=lambda source: source[:50])


@each_value
def test_a_value_arrives_there_as_what_it_is(keeper: Any, source: str) -> None:
    assert keeper.is_like(local.evaluated(source), source)


@each_value
def test_a_value_comes_back_as_what_it_is(keeper: Any, source: str) -> None:
    made, expected = keeper.make(source), local.evaluated(source)
    if type(expected) in MUTABLE:
        assert isinstance(made, Proxy)
        made = pygateway.value(made)
    assert local.form(made) == local.form(expected)


@each_value
def test_a_value_passes_through_a_callback(keeper: Any, source: str) -> None:
    """The server's arguments to a function of the host, and the host's result."""
    expected = local.evaluated(source)
    given = []
    keeper.ask(given.append, expected)
    [arrived] = given
    if isinstance(arrived, Proxy):  # what came to the server by value it may pass on by value
        arrived = pygateway.value(arrived)
    assert local.form(arrived) == local.form(expected)


# numpy's arrays and scalars.

ARRAYS: dict[str, Any] = {
    "numbers": np.arange(12.0).reshape(3, 4),
    "in Fortran's order": np.asfortranarray(np.arange(24, dtype="i2").reshape(2, 3, 4)),
    "not contiguous": np.arange(40).reshape(5, 8)[::2, ::-3],
    "transposed": np.arange(6).reshape(2, 3).T,
    "of no dimension": np.array(1.5),
    "empty": np.zeros(0),
    "empty, of three dimensions": np.zeros((2, 0, 3), "f4"),
    "booleans": np.array([[True, False]]),
    "complex": np.array([1 + 2j, complex("nan")]),
    "halves": np.arange(5, dtype="f2"),
    "big-endian": np.arange(5, dtype=">i4"),
    "moments": np.array(["2020-01-01T00:00:00.123456789", "NaT"], "M8[ns]"),
    "durations": np.array([1, -2], "m8[25s]"),
    "texts": np.array(["é", "\U0001f600xy"]),
    "bytes": np.array([b"a\0b", b""]),
    "with fields": np.array([(1, 2.5, ([1, 2],))], [("a", "u1"), ("b", ">f8"), ("c", [("d", "i2", (2,))])]),
    "large": np.random.default_rng(1).random(1_000_000),
}
each_array = pytest.mark.parametrize("value", ARRAYS.values(), ids=ARRAYS)


def alike(one: Any, other: Any) -> bool:
    """Whether two arrays have the same type, shape and items."""
    return (
        type(one) is type(other)
        and one.dtype == other.dtype
        and one.shape == other.shape
        and (one.tobytes() == other.tobytes())
    )


@each_array
def test_an_array_arrives_as_a_copy_and_comes_back_by_value(here: Any, value: Any) -> None:
    assert here.kind(value) == "numpy.ndarray"
    remote = here.back(value)
    assert isinstance(remote, Proxy)
    copied = pygateway.value(remote)
    assert alike(copied, value)
    assert copied.flags.writeable
    if value.flags.contiguous or value.flags.f_contiguous:
        assert copied.flags.f_contiguous == value.flags.f_contiguous


def test_what_is_done_to_a_copied_array_over_there_leaves_the_hosts_alone(here: Any) -> None:
    for value in (np.zeros(5), np.zeros(500_000)):
        filled = pygateway.value(here.fill(value, 7))
        assert (filled == 7).all()
        assert (value == 0).all()


def test_a_read_only_array_arrives_as_one_that_may_be_written(here: Any) -> None:
    value = np.zeros(3)
    value.flags.writeable = False
    assert pygateway.value(here.fill(value, 1)).tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    "value",
    [np.array([object()]), np.zeros(2, "g"), np.rec.array([1]), np.ma.array([1]), np.void(b"x"), np.longdouble(1)],
    ids=["objects", "long doubles", "records", "masked", "void", "long double"],
)
def test_an_array_that_can_not_be_told_goes_by_reference(here: Any, value: Any) -> None:
    assert here.back(value) is value


@pytest.mark.parametrize(
    "value",
    [
        *(np.float64(0.1), np.float32(0.1), np.float16("nan"), np.int8(-128), np.uint64(2**64 - 1), np.bool_(True)),
        *(np.complex64(1 - 2j), np.str_("é\ud800"), np.bytes_(b"a\0"), np.datetime64("NaT"), np.datetime64("2020-02")),
        *(np.datetime64("2020-01-01T00:00:00.123456789"), np.timedelta64(5, "Y"), np.timedelta64(-7, "ns")),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_scalar_of_numpys_goes_by_value(here: Any, value: Any) -> None:
    arrived = here.back(value)
    assert (type(arrived), arrived.dtype, arrived.tobytes()) == (type(value), value.dtype, value.tobytes())
    assert here.kind(value) == "numpy." + type(value).__name__


def test_numpys_functions_work_on_both_sides(here: Any, gateway: Gateway) -> None:
    assert gateway.invoke("numpy.", "dot", np.ones(4), np.arange(4)) == 6
    assert here.sum(np.arange(10)) == 45
    remote = gateway.invoke("numpy.", "arange", 6)
    assert pygateway.value(remote.reshape(2, 3)).tolist() == [[0, 1, 2], [3, 4, 5]]


@each_array
def test_without_numpy_an_array_arrives_as_a_memory_view(keeper: Any, value: Any) -> None:
    kind, code, shape, readonly, data = keeper.told(value)
    native = value.astype(value.dtype.newbyteorder("=")) if value.dtype.names is None else value
    assert (kind, readonly, data) == ("memoryview", False, native.tobytes())
    if value.size:
        assert shape[: value.ndim] == value.shape
    if value.dtype.kind in "if" and value.dtype.itemsize > 2:
        assert code == {"i4": "i", "i8": "q", "f4": "f", "f8": "d"}[value.dtype.str[1:]]


def test_without_numpy_a_scalar_arrives_as_a_plain_value(keeper: Any) -> None:
    assert keeper.kind(np.float32(1.5)) == "builtins.float"
    assert keeper.back(np.int64(2**40)) == 2**40
    assert keeper.back((np.bool_(True), np.str_("x"), np.complex128(1j))) == (True, "x", 1j)


def test_a_host_without_numpy_gets_a_memory_view(interpreter: Callable[[str], str], shared_server: Any) -> None:
    text = (
        "import sys; sys.path.insert(0, sys.argv[2]); import pygateway\n"
        "g = pygateway.Gateway.connect('127.0.0.1', int(sys.argv[1]))\n"
        "v = pygateway.value(g.invoke('numpy.', 'eye', 2))\n"
        "print(type(v).__name__, v.format, v.shape, v.tolist(), g.invoke('numpy.', 'float32', 1.5))\n"
    )
    package = str(Path(pygateway.__file__).parent.parent)
    command = [interpreter("3.6"), "-c", text, str(shared_server.port), package]
    said = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert said.stdout.strip() == "memoryview d (2, 2) [[1.0, 0.0], [0.0, 1.0]] 1.5", said.stderr


def test_a_server_that_is_sent_nothing_of_numpys_does_not_import_it(own_server: Any) -> None:
    with own_server.connect() as gateway:
        keeper, modules = gateway.new("data.Keeper"), gateway.get("sys.", "modules")
        assert keeper.back((1, b"x", memoryview(b"y"))) is not None
        assert "numpy" not in modules
        keeper.keep(np.zeros(1))
        assert "numpy" in modules


# Memory views.


@pytest.mark.parametrize(
    "value",
    [
        memoryview(np.arange(6.0).reshape(2, 3).T),
        memoryview((ctypes.c_int * 3)(1, 2, 3)),
        memoryview(bytearray(3_000_000)),
    ],
    ids=["not contiguous", "of ctypes", "large"],
)
def test_a_memory_view_arrives_as_one_of_a_copy(keeper: Any, value: memoryview) -> None:
    kind, _, shape, readonly, data = keeper.told(value)
    assert (kind, shape, readonly, data) == ("memoryview", value.shape, value.readonly, value.tobytes())


def test_a_memory_view_of_items_that_python_can_not_view_goes_by_reference(keeper: Any) -> None:
    for value in (memoryview(np.zeros(2, ">i4")), memoryview(np.zeros(2, [("a", "i4"), ("b", "i8")]))):
        assert keeper.back(value) is value


def test_a_released_memory_view_is_refused_and_the_connection_usable(keeper: Any) -> None:
    value = memoryview(b"x")
    value.release()
    with pytest.raises(ValueError, match="released"):
        keeper.back(value)
    assert keeper.back(1) == 1


# Limits.


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Make limits of this side smaller, so that passing one takes no gigabytes."""

    def set_limits(**limits: int) -> None:
        for name, limit in limits.items():
            monkeypatch.setattr(frames, name, limit)

    return set_limits


TOO_LARGE: dict[str, tuple[Callable[[], Any], str]] = {
    "a body": (lambda: [["é" * 1000]] * 20_000, "MAX_FRAME is 67108864"),
    "too many buffers": (lambda: [b"x"] * (frames.MAX_BUFFER_COUNT + 1), "MAX_BUFFER_COUNT 65535"),
}


@pytest.mark.parametrize(("make", "told"), TOO_LARGE.values(), ids=TOO_LARGE)
def test_an_argument_too_large_is_refused_here_and_the_connection_usable(here: Any, make: Any, told: str) -> None:
    with pytest.raises(LimitError, match=told):
        here.size(make())
    assert here.back(1) == 1


@pytest.mark.parametrize(
    ("source", "told"),
    [("(('\\u00e9' * 1000,),) * 20000", "MAX_FRAME is 67108864"), ("(b'x',) * 65536", "MAX_BUFFER_COUNT 65535")],
    ids=["a body", "too many buffers"],
)
def test_a_result_too_large_is_refused_there_and_the_connection_usable(here: Any, source: str, told: str) -> None:
    with pytest.raises(LimitError, match=told):
        here.make(source)
    assert here.back(1) == 1


def test_a_copy_too_large_is_refused_there_and_the_connection_usable(here: Any) -> None:
    remote = here.make("[b'x'] * 65536")
    with pytest.raises(LimitError, match="MAX_BUFFER_COUNT"):
        pygateway.value(remote)
    assert len(remote) == 65536


def test_a_callbacks_argument_or_result_too_large_is_refused_where_it_is_made(here: Any) -> None:
    with pytest.raises(LimitError, match="MAX_BUFFER_COUNT"):
        here.ask(lambda: (b"x",) * 65536)
    with pytest.raises(LimitError, match="MAX_BUFFER_COUNT"):
        here.ask_with(print, "(b'x',) * 65536")
    assert here.back(1) == 1


def test_buffers_too_large_together_are_refused_before_they_are_sent(here: Any, small: Callable[..., None]) -> None:
    small(MAX_BUFFERS=1_000_000)
    with pytest.raises(LimitError, match="MAX_BUFFERS is 1000000"):
        here.size([bytes(600_000), bytearray(600_000)])
    assert here.size(bytes(900_000)) == 900_000


@pytest.mark.parametrize(("source", "limits"), [("b'x' * 2000", "MAX_BUFFERS"), ("'x' * 200000", "MAX_FRAME")])
def test_an_answer_larger_than_this_side_takes_ends_the_connection_with_that_reason(
    here: Any, small: Callable[..., None], source: str, limits: str
) -> None:
    assert here.make("1") == 1
    small(**{limits: 1000})
    with pytest.raises(LimitError, match=limits):
        here.make(source)
