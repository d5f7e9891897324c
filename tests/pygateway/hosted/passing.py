"""What a value goes through in an object. It runs under the oldest interpreter too."""


class Box:
    def __init__(self):
        self.item = None

    def kind(self, value):
        return type(value).__name__

    def kinds(self, *values, **named):
        return tuple(type(value).__name__ for value in values) + tuple(sorted(named))

    def apply(self, function, value):
        return function(value)

    def fail(self):
        raise KeyError("missing")

    def append_to(self, items, value):
        items.append(value)
        return len(items)

    def is_kept(self, other):
        return self.item is other
