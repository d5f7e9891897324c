"""Inheritance, abstract classes, protocols and registrations."""

import abc
import collections.abc
import numbers
from collections import UserDict, UserList, UserString


class Animal:
    kind = "animal"

    def __init__(self, name):
        self.name = name

    def speak(self):
        return "..."

    def introduce(self):
        return "%s says %s" % (self.name, self.speak())

    def __repr__(self):
        return "%s(%r)" % (type(self).__name__, self.name)


class Dog(Animal):
    kind = "dog"

    def speak(self):
        return "Woof"


class Puppy(Dog):
    def speak(self):
        return super().speak().lower()


class Swimmer:
    def swim(self):
        return "swims"


class Duck(Animal, Swimmer):
    def swim(self):
        return "duck " + super().swim()


class A:
    def who(self):
        return ["A"]


class B(A):
    def who(self):
        return ["B"] + super().who()


class C(A):
    def who(self):
        return ["C"] + super().who()


class D(B, C):
    def who(self):
        return ["D"] + super().who()


class Shape(abc.ABC):
    @abc.abstractmethod
    def area(self):
        """The area."""

    @property
    @abc.abstractmethod
    def name(self):
        """The name."""

    def describe(self):
        return "%s of %s" % (self.name, self.area())


class Square(Shape):
    name = "square"

    def __init__(self, side):
        self.side = side

    def area(self):
        return self.side**2


@Shape.register
class Virtual:
    pass


class Sized:
    """Fulfils some protocols of collections.abc by its methods alone."""

    def __len__(self):
        return 3

    def __iter__(self):
        return iter("abc")

    def __contains__(self, item):
        return item in "abc"


class Sequence(collections.abc.Sequence):
    """Gets the rest of a sequence from collections.abc."""

    def __init__(self, *items):
        self._items = items

    def __len__(self):
        return len(self._items)

    def __getitem__(self, place):
        return self._items[place]


class Mapping(collections.abc.MutableMapping):
    """Gets the rest of a mapping from collections.abc."""

    def __init__(self, **items):
        self._items = dict(items)

    def __getitem__(self, key):
        return self._items[key.lower()]

    def __setitem__(self, key, value):
        self._items[key.lower()] = value

    def __delitem__(self, key):
        del self._items[key.lower()]

    def __iter__(self):
        return iter(self._items)

    def __len__(self):
        return len(self._items)

    def __repr__(self):
        return "Mapping(%r)" % self._items


class Set(collections.abc.Set):
    """Gets its operators from collections.abc."""

    def __init__(self, items):
        self._items = list(items)

    def __contains__(self, item):
        return item in self._items

    def __iter__(self):
        return iter(self._items)

    def __len__(self):
        return len(self._items)


class MyList(list):
    pass


class MyDict(dict):
    def __setitem__(self, key, value):
        super().__setitem__(key, ("set", value))


class MyUserDict(UserDict):
    def __missing__(self, key):
        return "missing"


class MyUserList(UserList):
    pass


class MyUserString(UserString):
    pass


class Duration(numbers.Number):
    def __init__(self, seconds):
        self.seconds = seconds


class Even(type):
    """isinstance(n, Even) asks whether n is even."""

    def __instancecheck__(cls, value):
        return isinstance(value, int) and value % 2 == 0

    def __subclasscheck__(cls, kind):
        return kind is int


class EvenNumber(metaclass=Even):
    pass


def is_instance(value, kind):
    return isinstance(value, kind)


def implements(base):
    """A class made there on a base from here."""
    return isinstance(base, type)
