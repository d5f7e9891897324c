"""Memory views and numpy's arrays and scalars: how they are written and read. No I/O.

numpy is not imported for what is sent: nothing of numpy's is there before it is. What comes is numpy's again where
numpy can be imported, else a memory view, or a plain value. Their memory travels as it is, beside the body.
"""

import importlib
import re
import struct
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Sequence

    from .reader import Reader
    from .writer import Writer

#: Formats of memory views that Python can make, alike ones of other sizes side by side.
_ALIKE = ("c", "?", "bhilqn", "BHILQN", "fd")
#: What numpy calls a type of numbers, texts or bytes of a size, with its byte order and, for moments, its unit.
_DTYPE = r"[<>|=](?P<kind>[biufcmMSUV])(?P<size>[0-9]{1,9})(\[[0-9]{0,9}[a-zA-Z]{1,9}\])?\Z"
#: The formats of what it calls so: moments are ints, complex numbers pairs of floats.
_FORMATS: "Dict[str, str]" = dict(
    pair.split("=")
    for pair in "b1=? i1=b i2=h i4=i i8=q u1=B u2=H u4=I u8=Q f4=f f8=d c8=f c16=d M8=q m8=q".split()  # noqa: SIM905 - reads better
)


def memory_view(writer: "Writer", value: memoryview) -> "Any":
    if not is_plain_view(value):
        return writer.refer(value)
    data: Any = value.tobytes() if not value.c_contiguous or not value.nbytes or not value.ndim else _bytes_of(value)
    if sys.byteorder == "big":
        data = _swapped(data, value.itemsize)
    form = value.format.lstrip("@<=>")
    return [*writer.beside("mv", data), form, value.itemsize, list(value.shape or ()), value.readonly]


def is_plain_view(value: memoryview) -> bool:
    """Whether the items of a memory view are of a kind and an order of bytes that Python can view memory as."""
    order, code = value.format[:-1], value.format[-1:]
    foreign = ">" if sys.byteorder == "little" else "<"
    return order in ("", "@", "=", "<", ">") and order != foreign and any(code in alike for alike in _ALIKE)


def _bytes_of(value: memoryview) -> "Any":
    """Its own memory, byte by byte; a copy, where its format says more than Python's own do."""
    return value.cast("B") if len(value.format) == 1 else value.tobytes()


def read_memory_view(reader: "Reader", form: "List[Any]") -> "Any":
    _, index, code, size, shape, readonly = form
    code = _code_of(code, size)
    if readonly is True:
        data: Any = reader.beside(index)
    else:
        data = reader.writable(index)
    if sys.byteorder == "big":
        data = _swapped(data, size)
    return _viewed(data, code, shape)


def _code_of(code: str, size: int) -> str:
    """The format for items of that size; 'l' and 'L' differ between systems."""
    alike = next(alike for alike in _ALIKE if code in alike)
    return next(each for each in code + alike if struct.calcsize(each) == size)


def _viewed(data: "Any", code: str, shape: "Sequence[int]") -> memoryview:
    if not len(data):
        if _count(shape):
            raise ValueError("no memory for a view of the shape %r" % (shape,))
        view: Any = memoryview(type(data)(struct.calcsize(code)))
        return view.cast(code)[:0]  # type: ignore[no-any-return] # a memoryview
    view = memoryview(data)
    return view.cast("B").cast(code, shape)  # type: ignore[no-any-return] # a memoryview


def _swapped(data: "Any", size: int) -> bytearray:
    """A copy with the bytes of each item of `size` bytes in reverse order."""
    data, swapped = bytes(data), bytearray(len(data))
    for byte in range(size):
        swapped[byte::size] = data[size - 1 - byte :: size]
    return swapped


def _count(shape: "Sequence[int]") -> int:
    count = 1
    for length in shape:
        if type(length) is not int or length < 0:
            raise ValueError("%r is no shape" % (shape,))
        count *= length
    return count


def array(writer: "Writer", value: "Any") -> "Any":
    """One of numpy's arrays: its own memory where that is in one piece."""
    if not is_plain_array(value):
        return writer.refer(value)
    order = "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
    data = memoryview(value.ravel(order).view("u1")) if value.size else b""
    return [*writer.beside("nd", data), _told(value.dtype), list(value.shape), order]


def is_plain_array(value: "Any") -> bool:
    return _told(value.dtype) is not None


def _told(dtype: "Any") -> "Any":
    """A type of numpy's as text, or its fields as lists; None for one that can't be told so, as that of objects."""
    if dtype.hasobject or not dtype.itemsize or dtype.char in "gG":  # long doubles differ between systems
        return None
    told = dtype.str if dtype.names is None else dtype.descr
    try:
        return told if _dtype(sys.modules["numpy"], told) == dtype else None
    except (TypeError, ValueError):  # fields with titles, or that overlap
        return None


def _dtype(numpy: "Any", told: "Any") -> "Any":
    """The type that is told so. Raises ValueError or TypeError for what is none."""
    if type(told) is str:
        if not re.match(_DTYPE, told):
            raise ValueError("%r is no type of numbers" % told)
        return numpy.dtype(told)
    fields = []
    for name, of, *shape in told:
        if type(name) is not str:
            raise TypeError("a field must have a name")
        fields.append((name, _dtype(numpy, of), *map(tuple, shape)))
    return numpy.dtype(fields)


def read_array(reader: "Reader", form: "List[Any]") -> "Any":
    _, index, told, shape, order = form
    data = reader.writable(index)
    numpy = _numpy()
    if numpy is None:
        return _array_viewed(data, told, shape, order)
    dtype = _dtype(numpy, told)
    if _count(shape) * dtype.itemsize != len(data):
        raise ValueError("%d bytes for an array of the shape %r" % (len(data), shape))
    return numpy.ndarray(tuple(shape), dtype, data, order=order)


def _numpy() -> "Any":
    try:
        return importlib.import_module("numpy")
    except ImportError:
        return None


def _array_viewed(data: "Any", told: "Any", shape: "List[int]", order: str) -> memoryview:
    """An array for want of numpy; what Python has no format for as bytes, along one more dimension."""
    count = _count(shape)
    size, more = divmod(len(data), count or 1)
    if more or (len(data) and not count):
        raise ValueError("%d bytes for %d items" % (len(data), count))
    if order == "F" and data:
        data = _rows_first(bytes(data), size, shape)
    found = re.match(_DTYPE, told) if type(told) is str else None
    name = found.group("kind") + found.group("size") if found else ""
    code = _FORMATS.get(name, "B")
    each = struct.calcsize(code)
    if told[0] == (">" if sys.byteorder == "little" else "<") and each > 1:
        data = _swapped(data, each)
    return _viewed(data, code, [*shape, size // each] if size != each else shape)


def _rows_first(data: "Any", size: int, shape: "Sequence[int]") -> bytearray:
    """Items of `size` bytes from Fortran's order (the first index changes first) into C's."""
    if len(shape) < 2:
        return bytearray(data)
    rows = bytearray()
    step = size * shape[0]
    for start in range(0, step, size):
        row = bytearray(len(data) // shape[0])
        for byte in range(size):
            row[byte::size] = data[start + byte :: step]
        rows += _rows_first(row, size, shape[1:])
    return rows


def is_scalar_class(kind: type) -> bool:
    """Whether it is one of numpy's own classes of numbers, moments, texts or bytes."""
    numpy: Any = sys.modules.get("numpy")
    generic = getattr(numpy, "generic", None)
    if not isinstance(generic, type) or not issubclass(kind, generic):
        return False
    try:
        dtype = numpy.dtype(kind)
    except TypeError:
        return False
    return dtype.type is kind and dtype.kind in "biufcmMSU" and dtype.char not in "gG"


def scalar(writer: "Writer", value: "Any") -> "Any":
    """The name of its type and its plain value; of a moment also its number, which says more than Python's can."""
    how = {"S": bytes, "U": str}.get(value.dtype.kind)  # item() would leave out zeros at the end
    plain = value.item() if how is None else how(value)
    form = ["ns", value.dtype.str, writer.encode(plain)]
    return form if value.dtype.kind not in "mM" else [*form, int(value.view("i8"))]


def read_scalar(reader: "Reader", form: "List[Any]") -> "Any":
    _, told, item, *number = form
    plain = reader.decode(item)
    numpy = _numpy()
    if numpy is None:
        return plain
    dtype = _dtype(numpy, told)
    scalar = numpy.array(number[0], "i8").view(dtype)[()] if number else dtype.type(plain)
    if not isinstance(scalar, dtype.type):
        raise TypeError("%r makes no scalar" % (form,))
    return scalar
