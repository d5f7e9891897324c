"""Objects that tell on which thread they run, that wait for each other, and that call back."""

import sqlite3
import threading
from threading import get_ident

#: Seconds that an object waits for another before it gives up.
PATIENCE = 10

_events = {}
_barriers = {}
_lock = threading.Lock()


def event(name):
    """The event of a name, one for the server."""
    with _lock:
        return _events.setdefault(name, threading.Event())


def wait_for(name):
    return event(name).wait(PATIENCE)


def happen(name):
    event(name).set()


def thread_names():
    return [thread.name for thread in threading.enumerate()]


class Tracer:
    """Tells on which thread each part of it runs."""

    def __init__(self):
        self.made_on = get_ident()
        self.local = threading.local()
        self.local.value = "mine"
        self.written_on = None

    def called_on(self):
        return get_ident()

    @property
    def read_on(self):
        return get_ident()

    @property
    def target(self):
        return None

    @target.setter
    def target(self, value):
        self.written_on = get_ident()

    @target.deleter
    def target(self):
        self.written_on = -get_ident()

    def kept(self):
        """What only this object's thread can see."""
        return getattr(self.local, "value", "lost")

    def part(self):
        """Another object, by reference."""
        return Tracer.Part()

    class Part:
        def called_on(self):
            return get_ident()

    def __len__(self):
        return get_ident()

    def __getitem__(self, key):
        return get_ident()

    def __enter__(self):
        return get_ident()

    def __exit__(self, *_):
        return None


class Database:
    """A sqlite3 connection, which refuses every thread but its own."""

    def __init__(self):
        self.connection = sqlite3.connect(":memory:")
        self.connection.execute("create table t (n integer)")

    def insert(self, number):
        self.connection.execute("insert into t values (?)", (number,))

    def total(self):
        return self.connection.execute("select sum(n) from t").fetchone()[0]

    def cursor(self):
        return self.connection.cursor()


class Meeting:
    """Two of these can only go on together."""

    def meet(self, name, parties):
        with _lock:
            barrier = _barriers.setdefault(name, threading.Barrier(parties))
        barrier.wait(PATIENCE)
        return True


class MeetsWhenMade(Meeting):
    def __init__(self, name, parties):
        self.met = self.meet(name, parties)


class Counter:
    """Counts, in a way that two calls at once would get wrong, and notices if there were two."""

    def __init__(self):
        self.value = 0
        self.inside = 0
        self.most_inside = 0

    def add(self, steps=1):
        self.inside += 1
        self.most_inside = max(self.inside, self.most_inside)
        for _ in range(steps):
            seen = self.value
            threading.Event().wait(0)  # lets every other thread go first
            self.value = seen + 1
        self.inside -= 1
        return self.value


class Waiter:
    """Waits inside a call until something happens elsewhere."""

    def touch(self):
        return True

    def wait(self, begun, end):
        happen(begun)
        return wait_for(end)

    def happen(self, name):
        happen(name)
        return True

    def wait_and_return(self, begun, end, value):
        happen(begun)
        wait_for(end)
        return value

    def wait_size(self, begun, end, size):
        happen(begun)
        wait_for(end)
        return b"x" * size


class Caller:
    """Calls what it is given, while it is called."""

    def __init__(self):
        self.kept = None
        self.depth = 0

    def call(self, function, *args, **kwargs):
        return function(*args, **kwargs)

    def call_each(self, function, values):
        return [function(value) for value in values]

    def keep(self, something):
        self.kept = something

    def call_kept(self, *args):
        return self.kept(*args)

    def method_of(self, thing, name, *args):
        return getattr(thing, name)(*args)

    def ignore(self, something):
        return None

    def double(self, number):
        return 2 * number

    def on(self):
        return get_ident()

    def call_from_thread(self, function):
        """Call from a thread that the object began by itself; what that raised, as text."""
        told = []

        def run():
            try:
                told.append(function())
            except Exception as error:  # noqa: BLE001 - whatever it is, it is told
                told.append("%s: %s" % (type(error).__name__, error))

        thread = threading.Thread(target=run)
        thread.start()
        thread.join(PATIENCE)
        return told[0]

    def down(self, other, levels):
        """Through the host, `levels` deep: the host's `other` calls this again."""
        self.depth += 1
        try:
            return 0 if not levels else 1 + other(levels - 1)
        finally:
            self.depth -= 1


class Talker:
    """Prints, calls the host, and prints again."""

    def say_and_call(self, before, function, after):
        print(before, end="")
        function()
        print(after, end="")
