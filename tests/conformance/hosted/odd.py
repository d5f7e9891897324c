"""Classes that nobody should write, and somebody does."""


class BadRepr:
    def __repr__(self):
        raise ValueError("no repr")


class Raising:
    """A descriptor that raises wherever it is asked."""

    def __get__(self, instance, owner=None):
        raise RuntimeError("asked of the %s" % ("class" if instance is None else "instance"))


class Odd:
    """Has members of odd kinds."""

    raising = Raising()
    nothing = None
    kind = int
    number = 5

    def method(self, value=BadRepr()):
        return type(value).__name__

    def link(self):
        return "link"

    def request(self, kind, number, member=None, args=(), **kwargs):
        return kind, number, member, args, sorted(kwargs)

    def names(self):
        return "names"

    def mro(self):
        return "mro"

    def register(self, x):
        return x

    def self(self):
        return self


setattr(Odd, "class", "keyword")
setattr(Odd, "not a name", lambda self: "spaces")
setattr(Odd, "größe", property(lambda self: 180))
Spaced = type("A name with spaces", (Odd,), {"x": 1})
Keyword = type("class", (Odd,), {})
Many = type("Many", (), {"m%d" % n: (lambda k: lambda self: k)(n) for n in range(2000)})


class Pretender:
    """Says that it is another class."""

    @property
    def __class__(self):
        return Odd

    def method(self):
        return "pretended"


class Equal:
    """Has a hash of its own, equality of another."""

    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other

    def __hash__(self):
        return 7


class NoDoc:
    __doc__ = None


class PropertyDoc:
    @property
    def __doc__(self):
        return "made doc"


class Huge:
    def __len__(self):
        return 2**70

    def __hash__(self):
        return 2**70

    def __index__(self):
        return 2**70

    def __int__(self):
        return 2**70


class Growing:
    """Gets members later."""

    x = 1

    def method(self):
        return "method"


class Other:
    def method(self):
        return "other"


def become(thing, kind):
    thing.__class__ = kind


class Keeper:
    """Is asked for by id, weak references and finalisers."""

    log = []

    def __del__(self):
        Keeper.log.append("ended")


class Lazy:
    """Replaces its own method when first called."""

    def work(self):
        self.work = lambda: "fast"
        return "slow"


class Chain:
    """Each method and item returns another of its kind."""

    def __init__(self, path=""):
        self.path = path

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return Chain(self.path + "." + name)

    def __call__(self, *args):
        return Chain(self.path + "(%s)" % ", ".join(map(repr, args)))

    def __getitem__(self, key):
        return Chain(self.path + "[%r]" % (key,))

    def __repr__(self):
        return "Chain(%s)" % self.path
