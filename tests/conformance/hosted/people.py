"""Attributes and properties of every kind, and objects in objects."""


class Company:
    """A company."""

    def __init__(self, name="InterSystems"):
        self.name = name
        self.staff = []

    def __repr__(self):
        return "Company(%r)" % self.name

    def hire(self, person):
        self.staff.append(person)
        person.company = self
        return self

    def names(self):
        return [person.name for person in self.staff]


class Person:
    """A person."""

    species = "human"
    legs, arms = 2, 2
    limits = {"age": 150}

    def __init__(self, name="Tom", age=5, company=None):
        self.name = name
        self._age = age
        self.company = company or Company()
        self.read = 0
        self.log = []

    def __repr__(self):
        return "<Person %s>" % self.name

    @property
    def age(self):
        """The age in years."""
        self.read += 1
        return self._age

    @age.setter
    def age(self, value):
        if not isinstance(value, int):
            raise TypeError("an age is an int, not %r" % (value,))
        if value < 0:
            raise ValueError("an age is not negative", value)
        self.log.append(("age", value))
        self._age = value

    @age.deleter
    def age(self):
        self.log.append("age deleted")
        self._age = 0

    @property
    def fixed(self):
        return "read only"

    @property
    def missing_inside(self):
        return self.not_there

    @property
    def fails(self):
        raise LookupError("fails", 1)

    def _write(self, value):
        self.log.append(("written", value))

    write_only = property(None, _write)

    def add(self, years):
        self._age += years
        return self

    class Badge:
        number = 7

        def __init__(self, text="badge"):
            self.text = text


class Slotted:
    __slots__ = ("x", "y")

    def __init__(self, x=1):
        self.x = x


class Account:
    """Counts what exists; a class attribute that changes."""

    opened = 0

    def __init__(self, owner):
        type(self).opened += 1
        self.owner = owner


class Node:
    def __init__(self, value, *children):
        self.value = value
        self.children = list(children)
        self.parent = None
        for child in children:
            child.parent = self

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def __repr__(self):
        return "Node(%r)" % self.value


class Circle(Node):
    """A node that is its own child."""

    def __init__(self):
        super().__init__("circle")
        self.children.append(self)
        self.parent = self
