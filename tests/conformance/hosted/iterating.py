"""Iterators, generators, and iteration by every protocol."""

#: What generators did, for effects to be seen.
events = []


def count_to(n):
    """Count."""
    for number in range(n):
        events.append(number)
        yield number


def forever():
    n = 0
    while True:
        yield n
        n += 1


def echo():
    got = None
    while True:
        got = yield ("echo", got)


def averager():
    total = count = 0
    average = None
    while True:
        try:
            value = yield average
        except ValueError as error:
            events.append(("caught", str(error)))
            total = count = 0
            average = None
            continue
        if value is None:
            return total, count
        total += value
        count += 1
        average = total / count


def guarded():
    try:
        yield 1
        yield 2
    except KeyError as error:
        yield ("caught", error.args)
    finally:
        events.append("finally")


def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


def fails_after(n):
    for number in range(n):
        yield number
    raise LookupError("no more", n)


def delegating(inner):
    result = yield from inner
    yield ("result", result)


def returning(value):
    yield 1
    return value


def empty():
    return
    yield


class Countdown:
    """An iterator."""

    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration("liftoff")
        self.n -= 1
        return self.n

    def __length_hint__(self):
        return self.n


class Numbers:
    """An iterable that makes an iterator each time."""

    def __init__(self, *numbers):
        self.numbers = numbers
        self.begun = 0

    def __iter__(self):
        self.begun += 1
        return iter(self.numbers)

    def __reversed__(self):
        return iter(("reversed", *self.numbers))

    def generate(self):
        for number in self.numbers:
            yield number

    def __len__(self):
        return len(self.numbers)


class OldStyle:
    """Iterable by __getitem__ alone."""

    def __getitem__(self, place):
        if place >= 3:
            raise IndexError(place)
        return place * 10


class Broken:
    """Its iterators raise."""

    def __iter__(self):
        raise OSError(5, "broken")


class NotAnIterator:
    def __iter__(self):
        return 1


class ShoutingList(list):
    """A list whose items are iterated otherwise."""

    def __iter__(self):
        return (str(each) + "!" for each in super().__iter__())


class PlainList(list):
    def first(self):
        return self[0]
