"""Objects of the program's own, used by the code over there; and loops over what that code changes."""

import collections
import enum
import functools
import heapq


@functools.total_ordering
class _Card:
    def __init__(self, rank):
        self.rank = rank

    def __lt__(self, other):
        return self.rank < other.rank

    def __eq__(self, other):
        return self.rank == other.rank

    def __hash__(self):
        return hash(self.rank)

    def __add__(self, other):
        return self.rank + getattr(other, "rank", other)

    __radd__ = __add__

    def __repr__(self):
        return "Card(%d)" % self.rank

    def __str__(self):
        return "card %d" % self.rank

    def __format__(self, spec):
        return "%s<%s>" % (self.rank, spec)

    def __len__(self):
        return self.rank

    def __iter__(self):
        return iter(range(self.rank))

    def __contains__(self, item):
        return item == self.rank

    def __getitem__(self, place):
        return (self.rank, place)

    def __call__(self, *args):
        return self.rank, args

    def __index__(self):
        return self.rank


_Point = collections.namedtuple("_Point", "x y")


class _Level(enum.IntEnum):
    LOW = 1
    HIGH = 5


class _Table(dict):
    pass


class _Name(str):
    pass


def objects_are_sorted_there(world):
    cards = [_Card(3), _Card(1), _Card(2)]
    ordered = world.invoke("builtins.", "sorted", cards)
    return (
        ordered,
        ordered[0] is cards[1],
        world.invoke("builtins.", "max", cards),
        world.invoke("builtins.", "sum", cards),
    )


def objects_are_kept_there(world):
    card, kept = _Card(5), world.new("builtins.list")
    kept.append(card)
    return kept[0] is card, card in kept, kept, kept.index(card), kept.pop() is card, len(kept)


def objects_are_keys_there(world):
    card, table = _Card(5), world.new("builtins.dict")
    table[card] = "five"
    return (
        table[card],
        _Card(5) in table,
        table[_Card(5)],
        list(table)[0] is card,
        world.new("builtins.set", [card, _Card(5)]),
    )


def builtin_functions_of_objects(world):
    card = _Card(3)
    names = "len str repr list hex bool callable tuple".split()
    return [world.invoke("builtins.", name, card) for name in names], world.invoke("builtins.", "format", card, ">5")


def operators_of_objects(world):
    card = _Card(3)
    operations = [
        ("getitem", "x"),
        ("contains", 3),
        ("add", 1),
        ("lt", _Card(4)),
        ("eq", _Card(3)),
        ("mul", "ab"),
        ("call", 1),
    ]
    found = []
    for name, other in operations[:5]:
        found.append(world.invoke("operator.", name, card, other))
    return found, world.invoke("operator.", "mul", "ab", card), world.invoke("operator.", "index", card)


def objects_in_format_strings_there(world):
    form = world.get("builtins.str", "format")
    return form("{} {!r} {:x} {0.rank}".replace("{0.rank}", "{.rank}"), *[_Card(1)] * 4), form("{0[key]}", _Card(2))


def objects_in_a_heap_there(world):
    heap = world.new("builtins.list")
    for rank in (3, 1, 2):
        world.invoke("heapq.", "heappush", heap, _Card(rank))
    here = []
    heapq.heappush(here, world.invoke("heapq.", "heappop", heap))
    return here, heap


def a_named_tuple_is_taken_apart_there(world):
    point = _Point(1, 2)
    everything = world.get("hosted.calls.", "everything")
    return (
        everything(*point, c=point),
        world.invoke("builtins.", "list", point),
        world.invoke("builtins.", "isinstance", point, tuple),
        world.invoke("operator.", "itemgetter", 1)(point),
    )


def a_named_tuple_comes_back(world):
    kept = world.new("builtins.list", [_Point(1, [2])])
    return kept[0], kept[0].x, kept[0] == (1, [2]), type(kept[0]).__name__


def an_enum_member_comes_back(world):
    kept = world.new("builtins.list", [_Level.HIGH])
    return kept[0] is _Level.HIGH, kept, _Level.HIGH in kept, 5 in kept


def an_enum_member_is_used_as_a_number_there(world):
    return (
        list(world.invoke("builtins.", "range", _Level.HIGH)),
        world.invoke("operator.", "add", _Level.LOW, 1),
        world.invoke("operator.", "getitem", "abc", _Level.LOW),
    )


def subclasses_of_builtins_are_used_there(world):
    table, name = _Table(a=1), _Name("text")
    sorted_keys = world.invoke("builtins.", "sorted", table)
    world.new("builtins.dict", {"in": table})["in"]["b"] = 2
    return (
        sorted_keys,
        table,
        world.invoke("builtins.", "len", name),
        world.invoke("builtins.", "dict", table),
        world.invoke("builtins.", "str", name),
    )


def attributes_of_objects_are_set_there(world):
    card = _Card(1)
    world.invoke("builtins.", "setattr", card, "rank", [1])
    card.rank.append(2)
    world.invoke("builtins.", "setattr", card, "other", world.new("builtins.dict", a=1))
    return card.rank, card.other["a"], world.invoke("builtins.", "hasattr", card, "none")


def an_object_calls_its_own_container_there(world):
    class Node:
        def __init__(self):
            self.children = world.new("builtins.list")

        def total(self):
            return 1 + sum(child.total() for child in self.children)

    root = Node()
    for _ in range(3):
        root.children.append(Node())
    root.children[0].children.append(Node())
    return root.total(), root.children[1] in root.children


def observers_of_both_sides(world):
    event, seen = world.new("hosted.calls.Event"), []
    kept = world.new("builtins.list")
    event.add(kept.append)
    event.add(seen.append)
    event.add(world.new("hosted.calls.Callable", 3))
    return event.fire(2), kept, seen


def a_loop_over_what_a_method_appends_to(world):
    company, seen = world.new("hosted.people.Company"), []
    company.hire(world.new("hosted.people.Person", "0"))
    for person in company.staff:
        seen.append(person.name)
        if len(seen) < 5:
            company.hire(world.new("hosted.people.Person", str(len(seen))))
    return seen


def a_view_that_is_kept(world):
    table = world.new("builtins.dict", a=1)
    keys, items = table.keys(), iter(table.items())
    table["b"] = 2
    return list(keys), world.raised(next, items)


def containers_of_containers_are_compared(world):
    one, two = world.new("builtins.list", [[1], {"a": (1, 2)}]), world.new("builtins.list", [[1], {"a": (1, 2)}])
    return (
        one == two,
        one[0] == two[0],
        one[1] == two[1],
        one < two,
        one is two,
        [one, 1] == [two, 1],
        {"k": one} == {"k": two},
    )


def everything_over_there_at_once(world):
    one, two = world.new("builtins.list", [3, 1]), world.new("builtins.dict", {3: "c", 1: "a"})
    one.extend(two)
    two.update(zip(one, "wxyz"))
    return one, two, two[one[0]], one in [one], [two[each] for each in one], one + list(two), {**two} == two


def properties_as_objects(world):
    person, age = world.new("hosted.people.Person"), world.get("hosted.people.Person", "age")
    return age.fget(person), age.fset(person, 9), person.age


def large_values(world):
    text, data = world.invoke("operator.", "mul", "ab", 500000), world.new("builtins.bytes", 3000000)
    return (
        len(text),
        text[:4],
        len(data),
        world.invoke("builtins.", "len", data),
        world.invoke("builtins.", "sum", list(range(100000))),
    )


def deep_values(world):
    deep = ()
    for _ in range(50):
        deep = (deep,)
    return world.invoke("hosted.calls.", "apply", lambda value: value, deep) == deep, world.invoke(
        "builtins.", "len", [[[[]]]]
    )


def many_objects(world):
    Person = world.get("hosted.people.", "Person")
    people = [Person(str(n)) for n in range(150)]
    chief = people[0]
    for person in people:
        person.company = chief.company
        chief.company.staff.append(person)
    return (
        len(chief.company.names()),
        chief.company.staff[-1] is people[-1],
        sum(1 for each in chief.company.staff if each in people[:3]),
    )


def class_bodies_use_what_is_there(world):
    class Mine:
        items = world.new("builtins.list", [1])
        plain = staticmethod(world.get("hosted.calls.", "plain"))
        step = world.invoke("hosted.calls.", "counter")

        def use(self):
            self.items.append(self.plain(1))
            return self.items

    return Mine().use(), Mine.items[0], Mine.plain(3)


def a_function_there_as_a_method_here(world):
    class Mine:
        method = world.get("hosted.calls.", "kind_of")

    return Mine().method()[0]


def a_decorator_there_on_a_method_here(world):
    decorated = world.get("hosted.calls.", "decorated")

    class Mine:
        @decorated
        def method(self, x):
            return x * 2

    return Mine().method(4)


def an_lru_cache_there_on_a_function_here(world):
    calls = []

    @world.invoke("functools.", "lru_cache", None)
    def fib(n):
        calls.append(n)
        return n if n < 2 else fib(n - 1) + fib(n - 2)

    return fib(12), len(calls)


def nested_callbacks(world):
    apply = world.get("hosted.calls.", "apply")

    def ping(n):
        return n if n == 0 else apply(lambda: apply(ping, n - 1) + 1)

    return ping(5)
