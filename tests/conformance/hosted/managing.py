"""Context managers."""

import contextlib

#: What managers did, for effects to be seen.
events = []


class Manager:
    """Records its way, suppresses what it is told to."""

    def __init__(self, suppress=(), result="entered"):
        self.suppress = suppress
        self.result = result
        self.seen = []

    def __enter__(self):
        events.append("enter")
        return self.result

    def __exit__(self, kind, error, trace):
        events.append("exit")
        self.seen.append((kind and kind.__name__, getattr(error, "args", None), trace is not None))
        return kind is not None and issubclass(kind, tuple(self.suppress))


class Itself(Manager):
    def __enter__(self):
        super().__enter__()
        return self


class FailsToEnter(Manager):
    def __enter__(self):
        raise ConnectionError("can't enter")


class FailsToExit(Manager):
    def __exit__(self, kind, error, trace):
        raise OSError(7, "can't exit")


class Identity:
    """Keeps the exception, to see what it was."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.matches = kind is type(error)
        self.error = error
        self.text = str(error)
        self.is_value_error = isinstance(error, ValueError)
        return True


class Returns:
    def __init__(self, value):
        self.value = value

    def __enter__(self):
        return None

    def __exit__(self, *error):
        return self.value


@contextlib.contextmanager
def managed(name):
    events.append(("begin", name))
    try:
        yield name.upper()
    except KeyError as error:
        events.append(("suppressed", error.args))
    finally:
        events.append(("end", name))


@contextlib.contextmanager
def translating():
    try:
        yield
    except KeyError as error:
        raise ValueError("translated") from error


def use(manager, error=None):
    """A with statement over there."""
    with manager as value:
        if error is not None:
            raise error
        return value
    return "suppressed"
