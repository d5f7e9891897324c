"""Inheritance, isinstance and issubclass, with the classes of both sides."""

import collections
import collections.abc
import numbers
import operator


def methods_are_inherited_and_overridden(world):
    animals = [world.new("hosted.families." + name, name[0]) for name in ("Animal", "Dog", "Puppy", "Duck")]
    return [animal.introduce() for animal in animals], [animal.kind for animal in animals], animals, animals[3].swim()


def the_method_resolution_order(world):
    return world.new("hosted.families.D").who(), world.new("hosted.families.C").who()


def isinstance_with_classes_of_the_other_side(world):
    families = world.invoke("importlib.", "import_module", "hosted.families")
    puppy, duck = families.Puppy("p"), families.Duck("d")
    return (
        isinstance(puppy, families.Puppy),
        isinstance(puppy, families.Animal),
        isinstance(puppy, families.Swimmer),
        isinstance(duck, (families.Dog, families.Swimmer)),
        isinstance(5, families.Animal),
        isinstance(families, families.Animal),
    )


def issubclass_with_classes_of_the_other_side(world):
    families = world.invoke("importlib.", "import_module", "hosted.families")
    return (
        issubclass(families.Puppy, families.Animal),
        issubclass(families.Animal, families.Puppy),
        issubclass(families.Duck, (families.Dog, families.Swimmer)),
        issubclass(families.MyList, list),
        issubclass(int, families.Animal),
    )


def isinstance_with_builtins(world):
    things = [world.new("builtins." + name) for name in ("list", "dict", "set", "bytearray", "object")]
    return [
        [isinstance(thing, kind) for kind in (list, dict, set, bytearray, object, int, (str, list))] for thing in things
    ]


def isinstance_of_subclasses_of_builtins(world):
    kinds = {"MyList": list, "MyDict": dict, "MyUserDict": collections.UserDict, "MyUserList": collections.UserList}
    return [
        (
            isinstance(world.new("hosted.families." + name), kind),
            isinstance(world.new("hosted.families." + name), tuple),
        )
        for name, kind in kinds.items()
    ]


def isinstance_with_abstract_classes(world):
    names = "Sized Iterable Container Collection Sequence MutableSequence Mapping MutableMapping Set".split()
    names += "Hashable Callable Iterator".split()
    things = [
        world.new("builtins.list"),
        world.new("builtins.dict"),
        world.new("builtins.set"),
        world.new("hosted.families.Sized"),
        world.new("hosted.families.Sequence"),
        world.new("hosted.families.Mapping"),
        world.new("hosted.families.Set", "abc"),
        world.new("hosted.iterating.Countdown", 1),
        world.new("hosted.calls.Callable", 1),
        world.new("collections.deque"),
        world.new("collections.OrderedDict"),
        world.get("hosted.calls.", "plain"),
        world.new("builtins.dict").keys(),
    ]
    return [
        (type(thing).__name__, [name for name in names if isinstance(thing, getattr(collections.abc, name))])
        for thing in things
    ]


def generators_are_generators(world):
    generator = world.invoke("hosted.iterating.", "count_to", 1)
    return isinstance(generator, collections.abc.Generator), isinstance(generator, collections.abc.Iterator)


def isinstance_with_numbers(world):
    money, duration = world.new("hosted.arithmetic.Money", 1), world.new("hosted.families.Duration", 1)
    fraction = world.new("fractions.Fraction", 1, 2)
    return [
        [isinstance(each, kind) for kind in (numbers.Number, numbers.Integral, numbers.Rational)]
        for each in (money, duration, fraction)
    ]


def isinstance_there(world):
    dog, Animal = world.new("hosted.families.Dog", "d"), world.get("hosted.families.", "Animal")
    check = world.get("hosted.families.", "is_instance")
    return (
        check(dog, Animal),
        check(1, Animal),
        check(1, int),
        check("x", (int, str)),
        check([1], list),
        check(dog, dict),
    )


def a_metaclass_that_decides(world):
    Even = world.get("hosted.families.", "EvenNumber")
    return isinstance(2, Even), isinstance(3, Even), issubclass(int, Even), issubclass(str, Even)


def abstract_classes(world):
    Shape = world.get("hosted.families.", "Shape")
    square, virtual = world.new("hosted.families.Square", 3), world.new("hosted.families.Virtual")
    return (
        world.raised(Shape),
        square.describe(),
        isinstance(square, Shape),
        isinstance(virtual, Shape),
        isinstance(1, Shape),
    )


def a_sequence_by_collections_abc(world):
    sequence = world.new("hosted.families.Sequence", 5, 6, 7)
    return (
        sequence[0],
        sequence[1:],
        list(sequence),
        len(sequence),
        6 in sequence,
        sequence.index(7),
        sequence.count(5),
        list(reversed(sequence)),
        world.raised(operator.getitem, sequence, 9),
        bool(sequence),
    )


def a_mapping_by_collections_abc(world):
    mapping = world.new("hosted.families.Mapping", a=1)
    mapping["B"] = 2
    mapping.update({"C": 3}, d=4)
    return (
        mapping,
        mapping["b"],
        list(mapping),
        sorted(mapping.items()),
        list(mapping.keys()),
        mapping.get("z", 0),
        mapping.pop("a"),
        mapping.setdefault("E", 5),
        "C" in mapping,
        dict(mapping),
        {**mapping},
        mapping == {"b": 2, "c": 3, "d": 4, "e": 5},
        world.raised(operator.delitem, mapping, "none"),
    )


def a_set_by_collections_abc(world):
    letters = world.new("hosted.families.Set", "abc")
    return (
        sorted(letters & {"a", "z"}),
        sorted(letters | {"z"}),
        letters <= {"a", "b", "c"},
        letters == {"a", "b", "c"},
        letters.isdisjoint("x"),
    )


def subclasses_of_containers(world):
    table = world.new("hosted.families.MyDict")
    table["a"] = 1
    users = world.new("hosted.families.MyUserDict", b=2)
    users["c"] = 3
    return table, table["a"], dict(table), users, users["none"], users.data, "b" in users


def user_list_and_user_string(world):
    items, text = world.new("hosted.families.MyUserList", [1, 2]), world.new("hosted.families.MyUserString", "abc")
    items += [3]
    return (
        items,
        items[1:],
        items + [4],
        len(items),
        text.upper(),
        text + "d",
        text == "abc",
        text[1],
        "b" in text,
        str(text),
    )


def type_tells_the_class(world):
    dog = world.new("hosted.families.Dog", "d")
    kind = type(dog)
    return (
        kind.__name__,
        kind.__module__,
        kind.__qualname__,
        kind.__doc__,
        kind is type(world.new("hosted.families.Dog", "e")),
    )


def class_tells_the_class(world):
    dog = world.new("hosted.families.Dog", "d")
    return (
        dog.__class__.__name__,
        dog.__class__.__module__,
        dog.__class__ is world.new("hosted.families.Dog", "e").__class__,
    )


def classes_tell_their_names(world):
    Dog = world.get("hosted.families.", "Dog")
    return Dog.__name__, Dog.__module__, Dog.__doc__, Dog.kind


def classes_are_compared(world):
    Dog, again = world.get("hosted.families.", "Dog"), world.get("hosted.families.", "Dog")
    return (
        Dog == again,
        Dog is again,
        Dog != world.get("hosted.families.", "Duck"),
        {Dog: 1}[again],
        hash(Dog) == hash(again),
    )


def mro_is_told(world):
    return [each.__name__ for each in world.get("hosted.families.", "D").mro()]


def the_class_of_an_object_makes_another(world):
    dog = world.new("hosted.families.Dog", "d")
    return world.invoke("builtins.", "type", dog)("e").introduce()


def a_registry_of_classes(world):
    registry = {name: world.get("hosted.families.", name) for name in ("Dog", "Duck")}
    return [registry[name](name.lower()).introduce() for name in sorted(registry)]


def a_subclass_is_made_there(world):
    Dog = world.get("hosted.families.", "Dog")
    Wolf = world.invoke("builtins.", "type", "Wolf", (Dog,), {"kind": "wolf"})
    wolf = Wolf("w")
    return wolf.introduce(), wolf.kind, isinstance(wolf, Dog), issubclass(Wolf, Dog)


def duck_typing(world):
    class Robot:
        def introduce(self):
            return "robot"

    return [each.introduce() for each in (Robot(), world.new("hosted.families.Dog", "d"))]


def numbers_and_texts_keep_their_types(world):
    values = [
        world.invoke("builtins.", name, value) for name, value in [("int", "5"), ("str", 5), ("bool", 1), ("float", 1)]
    ]
    return [(type(value) is kind, value) for value, kind in zip(values, (int, str, bool, float))]
