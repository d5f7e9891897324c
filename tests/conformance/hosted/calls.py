"""Methods and functions with every kind of parameter."""

import functools

CONSTANT = 42
#: What was called, for effects to be seen.
calls = []


def plain(a, b=2):
    """Add two."""
    return a + b


def everything(a, b=2, *args, c, d=4, **kwargs):
    return a, b, args, c, d, sorted(kwargs.items())


def apply(function, *args, **kwargs):
    return function(*args, **kwargs)


def apply_each(function, items):
    return [function(item) for item in items]


def compose(*functions):
    def composed(value):
        for function in functions:
            value = function(value)
        return value

    return composed


def counter(start=0):
    count = start

    def step(by=1):
        nonlocal count
        count += by
        return count

    return step


def decorated(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return ("wrapped", function(*args, **kwargs))

    return wrapper


@decorated
def greeting(name):
    """Greet somebody."""
    return "Hello " + name


def kind_of(value):
    """The type of an argument as the object sees it, and its repr."""
    return type(value).__name__, repr(value)


class Methods:
    """A class with methods of every kind."""

    made = 0

    def __init__(self, *args, **kwargs):
        self.args = args
        self.kwargs = kwargs

    def none(self):
        pass

    def plain(self, a, b):
        return a, b

    def defaults(self, a, b=2, c=(1, 2)):
        """Has defaults."""
        return a, b, c

    def many(self, *args, **kwargs):
        return args, sorted(kwargs.items())

    def only(self, *, key, other=None):
        return key, other

    def everything(self, a, b=2, *args, c, d=4, **kwargs):
        return a, b, args, c, d, sorted(kwargs.items())

    def keywords(self, **kwargs):
        return sorted(kwargs)

    def mutable_default(self, value, into=[]):
        into.append(value)
        return into

    @classmethod
    def make(cls, *args):
        made = cls(*args)
        made.by = cls.__name__
        return made

    @staticmethod
    def static(a, b=1):
        return a * b

    @classmethod
    def name_of_class(cls):
        return cls.__name__

    @classmethod
    def keep(cls, value):
        cls.kept = value
        return cls.kept

    partial = functools.partialmethod(plain, "first")

    @functools.lru_cache(None)
    def cached(self, n):
        calls.append(n)
        return n * 2

    def recurse(self, n):
        return 1 if n == 0 else n * self.recurse(n - 1)

    def returns_method(self):
        return self.plain

    def calls_back(self, function, *args, **kwargs):
        return function(self, *args, **kwargs)

    def raises(self, error):
        raise error

    lambda_method = lambda self, x: x + 1  # noqa: E731 - a method that is a lambda

    assigned = plain


class Derived(Methods):
    def plain(self, a, b=0):
        return "derived", super().plain(a, b)


class Selfish:
    """A class whose methods have a parameter that is called self, and another before it."""

    def named_self(this, self):  # noqa: N805 - the point of it
        return self

    def twice(self, self_=1):
        return self_


class Callable:
    """An object that is called."""

    def __init__(self, factor):
        self.factor = factor

    def __call__(self, value, *more, plus=0):
        return value * self.factor + plus + sum(more)


class Event:
    """Handlers that a host adds."""

    def __init__(self):
        self.handlers = []

    def add(self, handler):
        self.handlers.append(handler)
        return handler

    def fire(self, *args):
        return [handler(*args) for handler in self.handlers]
