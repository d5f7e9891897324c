"""The class that the benchmarks call."""


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

    def call_back(self, host, times):
        for _ in range(times):
            host.null()
