"""Classes that make their attributes up, and descriptors."""


class Anything:
    """Answers to any name."""

    def __getattr__(self, name):
        if name.startswith("no"):
            raise AttributeError("no such thing: " + name)
        if name.startswith("call"):
            return lambda *args: (name, args)
        if name == "broken":
            raise ZeroDivisionError("broken")
        return name.upper()


class Recording:
    """Sees every change."""

    def __init__(self):
        self.__dict__["changes"] = []

    def __setattr__(self, name, value):
        if name == "forbidden":
            raise TypeError("forbidden", value)
        self.changes.append(("set", name, value))
        super().__setattr__(name, value)

    def __delattr__(self, name):
        self.changes.append(("delete", name))
        super().__delattr__(name)


class Intercepting:
    """Sees every reading."""

    def __init__(self):
        self.read = []
        self.x = 1

    def __getattribute__(self, name):
        if name.startswith("_") or name == "read":
            return super().__getattribute__(name)
        self.read.append(name)
        if name == "secret":
            raise AttributeError("secret")
        return super().__getattribute__(name)


class Namespace(dict):
    """A dict whose keys are attributes."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name, value):
        self[name] = value

    def __delattr__(self, name):
        del self[name]


class Delegating:
    """Passes all on to another object."""

    def __init__(self, to):
        self._to = to

    def __getattr__(self, name):
        return getattr(self._to, name)


class Typed:
    """A descriptor that checks."""

    def __init__(self, kind):
        self.kind = kind

    def __set_name__(self, owner, name):
        self.name = "_" + name

    def __get__(self, instance, owner=None):
        if instance is None:
            return "the descriptor of " + owner.__name__
        return getattr(instance, self.name, "unset")

    def __set__(self, instance, value):
        if not isinstance(value, self.kind):
            raise TypeError("%s must be %s" % (self.name[1:], self.kind.__name__))
        setattr(instance, self.name, value)

    def __delete__(self, instance):
        delattr(instance, self.name)


class Lazy:
    """A descriptor without __set__: computed once."""

    def __init__(self, function):
        self.function = function
        self.__doc__ = function.__doc__

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        value = instance.__dict__[self.function.__name__] = self.function(instance)
        return value


class Described:
    number = Typed(int)
    text = Typed(str)

    def __init__(self):
        self.computed = 0

    @Lazy
    def lazy(self):
        """Computed when first read."""
        self.computed += 1
        return [self.computed]


class Meta(type):
    """A metaclass with a property and operators of its own."""

    @property
    def label(cls):
        return "label of " + cls.__name__

    def __len__(cls):
        return 3

    def __getitem__(cls, key):
        return (cls.__name__, key)

    def __iter__(cls):
        return iter("abc")

    def __contains__(cls, item):
        return item == "a"

    def make(cls):
        return cls()


class WithMeta(metaclass=Meta):
    def method(self):
        return type(self).label


class Tagged:
    """Counts its subclasses."""

    registry = []

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        Tagged.registry.append(cls.__name__)


class One(Tagged):
    pass


class Singleton:
    _only = None

    def __new__(cls):
        if cls._only is None:
            cls._only = super().__new__(cls)
            cls._only.count = 0
        cls._only.count += 1
        return cls._only


class InstanceMethod:
    """A method that stands in the instance, and one that is replaced."""

    def __init__(self):
        self.own = lambda x: ("own", x)

    def replaced(self):
        return "original"
