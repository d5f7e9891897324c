"""Exceptions of every kind: raised, stored, returned and passed."""


class AppError(Exception):
    """The base of this application's errors."""


class NotFound(AppError, LookupError):
    """Has two bases."""

    def __init__(self, name, where="here"):
        super().__init__("%s not found %s" % (name, where))
        self.name = name
        self.where = where


class Missing(KeyError, AttributeError):
    """Has two builtin bases."""


class Code(ValueError):
    """Its text is made from attributes."""

    def __init__(self, code, details=()):
        super().__init__(code)
        self.code = code
        self.details = details

    def __str__(self):
        return "code %d" % self.code


class Quiet(Exception):
    pass


class NoArguments(Exception):
    def __init__(self):
        super().__init__()


class KeywordsOnly(Exception):
    def __init__(self, *, reason):
        super().__init__("because " + reason)
        self.reason = reason

    def explain(self):
        return "explained: " + self.reason


class WithList(Exception):
    def __init__(self, items):
        super().__init__(items)
        self.items = items


def fail(kind, *args):
    """Raise a builtin exception by name."""
    import builtins

    raise getattr(builtins, kind)(*args)


def not_found(name):
    raise NotFound(name)


def missing(name):
    raise Missing(name)


def code(number):
    raise Code(number, ("a", "b"))


def keywords_only():
    raise KeywordsOnly(reason="so")


def no_arguments():
    raise NoArguments


def with_list():
    raise WithList([1, [2]])


def from_another():
    try:
        {}["inner"]
    except KeyError as error:
        raise Code(5) from error


def during_another():
    try:
        int("x")
    except ValueError:
        raise AppError("outer")


def from_none():
    try:
        int("x")
    except ValueError:
        raise AppError("outer") from None


def os_error(path):
    open(path)


def decode(data):
    return data.decode("utf-8")


def import_nothing():
    import no_such_module_at_all  # noqa: F401


def undefined():
    return not_defined_anywhere  # noqa: F821


def attribute():
    return object().nothing


def unpack():
    a, b = (1,)


def recurse():
    return recurse()


def assertion():
    assert 1 == 2, "they differ"


def syntax():
    compile("a b", "file.py", "exec")


def reraise(function):
    try:
        function()
    except Exception:
        raise


def swallow(function):
    try:
        function()
    except Exception as error:
        return type(error).__name__, str(error), error.args
    return None


def swallow_as(kind, function):
    try:
        function()
    except kind as error:
        return "caught", type(error).__name__, str(error)
    except Exception as error:
        return "not caught", type(error).__name__
    return None


def wrap(function):
    try:
        function()
    except Exception as error:
        raise AppError("wrapped") from error


def returned(kind="ValueError"):
    import builtins

    return getattr(builtins, kind)("returned", 1)


def returned_own():
    return NotFound("x", "there")


def collect(*functions):
    errors = []
    for function in functions:
        try:
            function()
        except Exception as error:
            errors.append(error)
    return errors


class Holder:
    """Keeps an exception."""

    def __init__(self):
        self.error = None
        self.errors = []

    def catch(self, function):
        try:
            return function()
        except Exception as error:
            self.error = error
            self.errors.append(error)
            return None

    def throw(self):
        raise self.error

    def throw_it(self, error):
        raise error

    def tell(self, error):
        return type(error).__name__, error.args, isinstance(error, ValueError), str(error)

    def finally_(self, function):
        try:
            return function()
        finally:
            self.errors.append("finally")
