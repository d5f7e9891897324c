"""Classes that nobody should write, and somebody does; objects and classes that change while they are used."""

import operator


def members_of_odd_kinds(world):
    odd = world.new("hosted.odd.Odd")
    return (
        odd.nothing,
        odd.kind is int,
        odd.number,
        odd.method(),
        odd.method(5),
        getattr(odd, "class"),
        getattr(odd, "not a name")(),
        odd.größe,
        world.raised(getattr, odd, "raising"),
        odd.self() is odd,
    )


def members_with_names_that_the_gateway_uses_itself(world):
    odd = world.new("hosted.odd.Odd")
    return (
        odd.link(),
        odd.request(1, 2, kwargs=3),
        odd.request(kind=1, number=2, member=3),
        odd.names(),
        odd.mro(),
        odd.register(4),
    )


def classes_with_odd_names(world):
    spaced, keyword = world.new("hosted.odd.Spaced"), world.new("hosted.odd.Keyword")
    return type(spaced).__name__, spaced.x, spaced.method(), type(keyword).__name__, keyword.number


def a_class_with_very_many_members(world):
    many = world.new("hosted.odd.Many")
    return many.m0(), many.m1999(), len([name for name in dir(many) if not name.startswith("_")])


def a_class_that_says_it_is_another(world):
    pretender, Odd = world.new("hosted.odd.Pretender"), world.get("hosted.odd.", "Odd")
    return isinstance(pretender, Odd), pretender.method()


def equality_with_what_is_no_object_of_its_kind(world):
    one = world.new("hosted.odd.Equal", 7)
    return (
        one == 7,
        7 == one,
        one != 7,
        {one: "x"}[7],
        {7: "y"}[one],
        one in [7],
        7 in [one],
        [7].index(one),
        [7].count(one),
    )


def docstrings_of_odd_kinds(world):
    return world.new("hosted.odd.NoDoc").__doc__


def numbers_that_are_too_large_for_their_protocol(world):
    huge = world.new("hosted.odd.Huge")
    return (
        world.raised(len, huge),
        int(huge),
        operator.index(huge),
        world.raised(operator.getitem, [1], huge),
        hash(huge) == hash(2**70),
    )


def a_repr_that_raises(world):
    bad = world.new("hosted.odd.BadRepr")
    return world.raised(repr, bad), world.raised(str, bad), world.raised("{}".format, bad), world.raised(repr, [bad])


def members_that_a_class_gets_later(world):
    Growing = world.get("hosted.odd.", "Growing")
    growing = Growing()
    before = hasattr(growing, "later"), growing.method()
    Growing.later = lambda self, x: ("later", self is growing, x)
    Growing.y = 2
    after = growing.later(1), growing.y, Growing().y
    del Growing.later, Growing.y
    return before, after, hasattr(growing, "later"), world.raised(getattr, growing, "y")


def an_attribute_hides_a_method_and_goes_again(world):
    growing = world.new("hosted.odd.Growing")
    growing.method = lambda: "mine"
    own = growing.method()
    del growing.method
    return own, growing.method(), world.raised(delattr, growing, "method")


def a_method_that_replaces_itself(world):
    lazy = world.new("hosted.odd.Lazy")
    return lazy.work(), lazy.work(), lazy.work()


def chains_of_anything(world):
    chain = world.new("hosted.odd.Chain")
    return chain.a.b(1, "x")["key"].c()[1:2], chain.select("a").where(chain.b), chain[0][...]


def finalisers(world):
    log = world.get("hosted.odd.Keeper", "log")
    log.clear()
    keeper = world.new("hosted.odd.Keeper")
    alive = list(log)
    holder = world.new("builtins.list", [keeper])
    del keeper
    kept = list(log)
    return alive, kept, type(holder[0]).__name__


def an_object_in_many_places(world):
    thing = world.new("hosted.people.Company", "C")
    table = world.new("builtins.dict", {"a": thing, "b": [thing, (thing,)]})
    return (
        table["a"] is thing,
        table["b"][0] is thing,
        table["b"][1][0] is thing,
        {table["a"]: 1}[thing],
        len({table["a"], thing}),
    )


def global_state_of_a_module(world):
    module = world.invoke("importlib.", "import_module", "hosted.calls")
    before = module.CONSTANT
    module.CONSTANT = 43
    changed = world.get("hosted.calls.", "CONSTANT")
    module.CONSTANT = before
    return changed, module.CONSTANT


def deleting_while_holding(world):
    table = world.new("builtins.dict", {"a": [1]})
    inner = table["a"]
    del table["a"]
    inner.append(2)
    table.clear()
    return inner, table


def the_empty_values(world):
    apply = world.get("hosted.calls.", "apply")
    values = [None, False, 0, "", b"", (), 0.0, 0j, frozenset(), range(0)]
    return [apply(lambda value: value, value) for value in values], [
        world.new("builtins." + name) for name in ("list", "dict", "set", "bytearray")
    ]


def keyword_arguments_only(world):
    return world.invoke("builtins.", "dict", **{"class": 1, "a b": 2, "": 3})


def texts_of_every_kind(world):
    apply = world.get("hosted.calls.", "apply")
    texts = ["ü", "\0", "\u2028", "\U0001f600", "\ud800", "a" * 1000, '"\\/', "\r\n\t", "\x7f\x80"]
    return [ascii(apply(lambda text: text, text)) for text in texts], [
        world.invoke("builtins.", "len", text) for text in texts
    ]
