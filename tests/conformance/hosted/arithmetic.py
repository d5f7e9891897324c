"""Classes with operators of every form."""

import functools


class Vector:
    """Two numbers, with reflected and plain operators that return new vectors."""

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return "Vector(%r, %r)" % (self.x, self.y)

    def __eq__(self, other):
        if not isinstance(other, Vector):
            return NotImplemented
        return (self.x, self.y) == (other.x, other.y)

    def __hash__(self):
        return hash((self.x, self.y))

    def __add__(self, other):
        if isinstance(other, Vector):
            return Vector(self.x + other.x, self.y + other.y)
        return NotImplemented

    def __radd__(self, other):
        if other == 0:
            return self
        return NotImplemented

    def __mul__(self, factor):
        if isinstance(factor, Vector):
            return self.x * factor.x + self.y * factor.y
        if isinstance(factor, (int, float)):
            return Vector(self.x * factor, self.y * factor)
        return NotImplemented

    def __rmul__(self, factor):
        return self * factor

    def __matmul__(self, other):
        return ("matmul", self.x, other)

    def __rmatmul__(self, other):
        return ("rmatmul", other, self.x)

    def __neg__(self):
        return Vector(-self.x, -self.y)

    def __pos__(self):
        return self

    def __abs__(self):
        return (self.x**2 + self.y**2) ** 0.5

    def __invert__(self):
        return Vector(self.y, self.x)

    def __bool__(self):
        return bool(self.x or self.y)

    def __len__(self):
        return 2

    def __getitem__(self, place):
        return (self.x, self.y)[place]

    def __iter__(self):
        return iter((self.x, self.y))

    def __contains__(self, value):
        return value in (self.x, self.y, "special")

    def __format__(self, spec):
        return "<%s:%s>" % (self.x, spec)


def _recorded(name):
    def method(self, *others):
        return (name, self.name, *[getattr(other, "name", other) for other in others])

    method.__name__ = name
    return method


class Recorder:
    """Each operator returns its name and its operands."""

    def __init__(self, name):
        self.name = name


for _name in "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or".split():
    for _form in ("__%s__", "__r%s__", "__i%s__"):
        if _form % _name != "__idivmod__":
            setattr(Recorder, _form % _name, _recorded(_form % _name))
for _name in "neg pos invert abs round trunc floor ceil lt le gt ge".split():
    setattr(Recorder, "__%s__" % _name, _recorded("__%s__" % _name))


class Reflected:
    """Has only reflected operators."""

    def __radd__(self, other):
        return ("radd", other)

    def __rsub__(self, other):
        return ("rsub", other)

    def __rpow__(self, other):
        return ("rpow", other)

    def __rlshift__(self, other):
        return ("rlshift", other)


class Refuses:
    """Its operators all return NotImplemented."""

    def __add__(self, other):
        return NotImplemented

    __radd__ = __iadd__ = __mul__ = __lt__ = __eq__ = __add__


class Counter:
    """Changes itself in place."""

    def __init__(self, value=0):
        self.value = value

    def __iadd__(self, other):
        self.value += other
        return self

    def __isub__(self, other):
        return Counter(self.value - other)

    def __repr__(self):
        return "Counter(%d)" % self.value


class Raising:
    """Each operator raises."""

    def _raise(self, *others):
        raise ArithmeticError("operator", len(others))

    __add__ = __radd__ = __eq__ = __lt__ = __neg__ = __len__ = __bool__ = __contains__ = __getitem__ = __call__ = _raise
    __int__ = __float__ = __index__ = __iter__ = __format__ = __str__ = _raise
    __hash__ = _raise


class Numeric:
    """Converts to every kind of number."""

    def __init__(self, value):
        self.value = value

    def __int__(self):
        return int(self.value)

    def __float__(self):
        return float(self.value)

    def __complex__(self):
        return complex(self.value, 1)

    def __index__(self):
        return int(self.value)

    def __round__(self, digits=None):
        return ("rounded", digits)

    def __trunc__(self):
        return int(self.value)

    def __floor__(self):
        return int(self.value) - 1

    def __ceil__(self):
        return int(self.value) + 1


@functools.total_ordering
class Version:
    """Is ordered."""

    def __init__(self, text):
        self.parts = tuple(map(int, text.split(".")))

    def __eq__(self, other):
        if not isinstance(other, Version):
            return NotImplemented
        return self.parts == other.parts

    def __lt__(self, other):
        if not isinstance(other, Version):
            return NotImplemented
        return self.parts < other.parts

    def __hash__(self):
        return hash(self.parts)

    def __repr__(self):
        return "v" + ".".join(map(str, self.parts))


class Everything:
    """Equals all; its comparisons return no bool."""

    def __eq__(self, other):
        return ["eq", str(other)]

    def __ne__(self, other):
        return None

    def __lt__(self, other):
        return {"lt": other}

    __hash__ = None


class Liar:
    """Returns what the protocols forbid."""

    def __len__(self):
        return -1

    def __bool__(self):
        return 2

    def __hash__(self):
        return "text"

    def __str__(self):
        return 5

    def __repr__(self):
        return None

    def __int__(self):
        return "text"

    def __index__(self):
        return 1.5

    def __iter__(self):
        return 5

    def __format__(self, spec):
        return 7

    def __contains__(self, item):
        return "yes"


class Text:
    """All its texts differ."""

    def __str__(self):
        return "str ü \U0001f600"

    def __repr__(self):
        return "repr"

    def __bytes__(self):
        return b"bytes"

    def __format__(self, spec):
        return "format(%s)" % spec

    def __fspath__(self):
        return "/a/path"


class MoreThanText:
    """Its texts are of a subclass of str."""

    def __str__(self):
        return Name("text")

    __repr__ = __fspath__ = __str__

    def __format__(self, spec):
        return Name("formatted")


class OnlyRepr:
    def __repr__(self):
        return "only repr"


class Indexed(dict):
    """A dict with __missing__."""

    def __missing__(self, key):
        return "missing %r" % (key,)


class Grid:
    """Items by tuples and slices."""

    def __init__(self):
        self.cells = {}

    def __getitem__(self, key):
        return self.cells.get(str(key), key)

    def __setitem__(self, key, value):
        self.cells[str(key)] = value

    def __delitem__(self, key):
        del self.cells[str(key)]


class Path2:
    """Builds text by operators, as pathlib does."""

    def __init__(self, text="."):
        self.text = text

    def __truediv__(self, part):
        return Path2(self.text + "/" + str(part))

    def __rtruediv__(self, part):
        return Path2(str(part) + "/" + self.text)

    def __str__(self):
        return self.text


class Money(int):
    """An int with a currency."""

    def __new__(cls, amount, currency="EUR"):
        self = super().__new__(cls, amount)
        self.currency = currency
        return self

    def double(self):
        return Money(self * 2, self.currency)


class Name(str):
    """A text with a method."""

    def shout(self):
        return Name(self.upper() + "!")


class Ratio(float):
    pass


class Blob(bytes):
    pass
