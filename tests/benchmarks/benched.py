"""The class that the benchmarks use, ours and the others': each runs the same code."""

ITEMS = list(range(10_000))


class Benched:
    def __init__(self):
        self._value = 1

    def null(self):
        return None

    def three(self, name, number, share):
        return name

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, value):
        self._value = value

    def echo(self, value):
        return value

    def items(self):
        return ITEMS

    def stream(self):
        yield from ITEMS

    def call_back(self, host, times):
        null = host.null
        for _ in range(times):
            null()
