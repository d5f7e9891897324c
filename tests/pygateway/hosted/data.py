"""Values made here from their source text, and values from the host compared with them."""

import array
import datetime
import decimal
import math
import sys
import uuid

NAMES = {"array": array, "datetime": datetime, "decimal": decimal, "math": math, "sys": sys, "uuid": uuid}


def nested(kind, depth):
    """`kind` in `kind` in `kind`, so deep."""
    value = 1
    for _ in range(depth):
        value = kind([value])
    return value


def evaluated(source):
    return eval(source, dict(NAMES, nested=nested))  # noqa: S307 - texts of the tests' own


def form(value):
    """What two values that are alike have in common, and two that differ at all do not: types, signs, NaNs, folds."""
    kind = type(value)
    if kind is float:
        return ("nan",) if math.isnan(value) else (kind, value, math.copysign(1, value))
    if kind is complex:
        return (kind, form(value.real), form(value.imag))
    if kind is decimal.Decimal:
        return (kind, value.as_tuple())
    if kind in (list, tuple):
        return _of_items(value)
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
    if kind is memoryview:
        return (kind, value.format, value.shape, value.readonly, value.tobytes())
    if isinstance(value, BaseException):
        return (kind, form(value.args))
    if kind.__module__ == "numpy":
        flags = getattr(value, "flags", None)
        order = getattr(flags, "f_contiguous", None), getattr(flags, "c_contiguous", None)
        return (kind, value.dtype, value.shape, order, value.tobytes())
    return (kind, value)


def _of_items(value):
    """As `form`, for nesting deeper than its own calls could go."""
    depth = 0
    while type(value) in (list, tuple) and len(value) == 1:
        value, depth = value[0], depth + 1
    return (depth, type(value), list(map(form, value)) if type(value) in (list, tuple) else form(value))


class Keeper:
    """Takes, makes, keeps and gives back."""

    def is_like(self, value, source):
        """Whether `value` arrived as the value that `source` makes here."""
        return form(value) == form(evaluated(source))

    def make(self, source):
        return evaluated(source)

    def keep(self, value):
        self.kept = value

    def back(self, value):
        return value

    def kind(self, value):
        return "%s.%s" % (type(value).__module__, type(value).__name__)

    def told(self, value):
        """What a memory view is, for hosts that made it from an array."""
        return (type(value).__name__, value.format, value.shape, value.readonly, value.tobytes())

    def sum(self, value):
        return sum(value)

    def size(self, value):
        return len(value)

    def fill(self, value, number):
        value[:] = number
        return value

    def ask(self, function, *args):
        return function(*args)

    def ask_with(self, function, source):
        return function(evaluated(source))
