"""Dataclasses, named tuples and enumerations."""

import copy
import operator

from programs import since, without_text


@since(3, 7)
def a_dataclass(world):
    item = world.new("hosted.data_classes.Item", "pen", price=2.5)
    item.tags.append("new")
    item.price *= 2
    return item, item.name, item.total(3), item.tags, item.kinds


@since(3, 7)
def dataclasses_are_equal_by_value(world):
    Item = world.get("hosted.data_classes.", "Item")
    one, two = Item("pen"), Item("pen")
    return one == two, one != two, one is two, one in [two], one == ("pen", 1.0, []), Item("a") == Item("b")


@since(3, 7)
def dataclasses_share_no_defaults(world):
    one, two = world.new("hosted.data_classes.Item", "a"), world.new("hosted.data_classes.Item", "b")
    one.tags.append(1)
    return one, two


@since(3, 7)
def dataclasses_are_ordered(world):
    Release = world.get("hosted.data_classes.", "Release")
    releases = [Release(2), Release(1, 5, "x"), Release(1, 2)]
    return (
        sorted(releases),
        max(releases),
        releases[0] > releases[1],
        Release(1, 5) == releases[1],
        Release(1) <= Release(1),
    )


@since(3, 7)
@without_text("which of the two operands is named first differs")
def dataclasses_of_two_classes_are_not_ordered(world):
    release, item = world.new("hosted.data_classes.Release", 1), world.new("hosted.data_classes.Item", "a")
    return world.raised(operator.lt, release, item), release == item, world.raised(operator.lt, item, item)


@since(3, 7)
def a_frozen_dataclass(world):
    Key = world.get("hosted.data_classes.", "Key")
    key = Key(1)
    return (
        key,
        hash(key) == hash(Key(1)),
        {key: "x"}[Key(1)],
        world.raised(setattr, key, "a", 2),
        world.raised(delattr, key, "a"),
    )


@since(3, 7)
def a_dataclass_that_is_not_frozen_has_no_hash(world):
    return world.raised(hash, world.new("hosted.data_classes.Item", "a"))


@since(3, 7)
def a_post_init(world):
    return world.new("hosted.data_classes.Checked", 4), world.raised(world.new, "hosted.data_classes.Checked", -1)


@since(3, 7)
def a_derived_dataclass(world):
    special = world.new("hosted.data_classes.Special", "pen", extra={"a": [1]})
    special.extra["a"].append(2)
    return special, special.total(2), special.extra


@since(3, 7)
def a_dataclass_with_wrong_arguments(world):
    Item = world.get("hosted.data_classes.", "Item")
    return world.raised(Item), world.raised(Item, "a", 1, [], 2), world.raised(Item, nam="x")


@since(3, 7)
def dataclasses_in_dataclasses(world):
    Tree = world.get("hosted.data_classes.", "Tree")
    tree = Tree(1, Tree(2, Tree(3)), Tree(4))
    tree.left.left.value = 30
    return tree, tree.total(), tree.left.left


@since(3, 7)
def dataclasses_functions_there(world):
    item = world.new("hosted.data_classes.Item", "pen", tags=["a"])
    return (
        world.invoke("dataclasses.", "asdict", item),
        world.invoke("dataclasses.", "astuple", item),
        world.invoke("dataclasses.", "replace", item, name="x"),
        [each.name for each in world.invoke("dataclasses.", "fields", item)],
        world.invoke("dataclasses.", "is_dataclass", item),
        world.invoke("hosted.data_classes.", "replaced", item, price=9.0),
    )


@since(3, 7)
def copies_of_a_dataclass(world):
    item = world.new("hosted.data_classes.Item", "pen", tags=["a"])
    shallow, deep = copy.copy(item), copy.deepcopy(item)
    item.tags.append("b")
    item.name = "x"
    return item, shallow, deep, shallow == item


def a_named_tuple(world):
    point = world.new("hosted.records.Point", 1, y=2)
    x, y = point
    return point, point.x, point[1], x, y, point[:1], point[-1], len(point), list(point), 2 in point


def a_named_tuple_is_a_tuple(world):
    point = world.new("hosted.records.Point", 1, 2)
    return (
        point == (1, 2),
        (1, 2) == point,
        point < (1, 3),
        hash(point) == hash((1, 2)),
        {(1, 2): "x"}[point],
        isinstance(point, tuple),
    )


def named_tuples_are_added(world):
    point = world.new("hosted.records.Point", 1, 2)
    return (
        point + (3,),
        point * 2,
        point.count(1),
        point.index(2),
        sorted([point, world.new("hosted.records.Point", 0, 5)]),
    )


def a_named_tuple_is_added_to_a_tuple(world):
    return (0,) + world.new("hosted.records.Point", 1, 2)


def a_named_tuple_cant_be_changed(world):
    point = world.new("hosted.records.Point", 1, 2)
    return (
        world.raised(setattr, point, "x", 5),
        world.raised(operator.setitem, point, 0, 1),
        world.raised(operator.delitem, point, 0),
    )


def a_named_tuple_with_a_method(world):
    employee = world.new("hosted.records.Employee", "Ann")
    return employee, employee.title(), employee.id, world.raised(world.new, "hosted.records.Employee")


def a_named_tuple_in_format_strings(world):
    point = world.new("hosted.records.Point", 1, 2)
    return "{0.x}-{0[1]}".format(point), f"{point.x:>3}", "{}-{}".format(*point)


def a_named_tuple_with_a_list_in_it(world):
    corner = world.new("hosted.records.Painted").corner()
    corner.y.append(3)
    return corner, corner.x


def named_tuples_made_there(world):
    Pair = world.invoke("collections.", "namedtuple", "Pair", "left right")
    pair = Pair(1, right=2)
    return pair, pair.left, pair == (1, 2), world.raised(Pair, 1)


def an_enum_member(world):
    Color = world.get("hosted.records.", "Color")
    red = Color.RED
    return red, str(red), red.name, red.value, red.shout(), red.is_red, Color.GREEN.is_red, red is Color.RED


def enum_members_are_looked_up(world):
    Color = world.get("hosted.records.", "Color")
    return (
        Color(1),
        Color["GREEN"],
        Color("green") is Color.GREEN,
        world.raised(Color, 5),
        world.raised(operator.getitem, Color, "X"),
    )


def an_enum_is_iterated(world):
    Color = world.get("hosted.records.", "Color")
    return list(Color), len(Color), [color.name for color in Color], Color.RED in Color, Color.default()


def enum_aliases(world):
    Color = world.get("hosted.records.", "Color")
    return Color.CRIMSON is Color.RED, Color.CRIMSON, Color.RED == Color.GREEN, Color.RED != Color.GREEN, Color.RED == 1


def enum_members_as_keys(world):
    Color = world.get("hosted.records.", "Color")
    table = {Color.RED: "r", Color.GREEN: "g"}
    return table[Color.RED], table[Color("green")], hash(Color.RED) == hash(Color.CRIMSON)


def enum_members_are_arguments_and_attributes(world):
    Color = world.get("hosted.records.", "Color")
    painted = world.new("hosted.records.Painted", Color.GREEN)
    before = painted.is_red(), painted.name()
    painted.color = Color.RED
    return before, painted.is_red(), painted.name(), painted.color is Color.RED, painted.color


def enum_members_cant_be_changed(world):
    Color = world.get("hosted.records.", "Color")
    return world.raised(setattr, Color, "RED", 5), world.raised(setattr, Color.RED, "value", 5)


def an_int_enum(world):
    Level = world.get("hosted.records.", "Level")
    return (
        Level.LOW < Level.HIGH,
        Level.LOW == 1,
        1 == Level.LOW,
        Level.HIGH + 1,
        sorted([Level.HIGH, Level.LOW]),
        "abc"[Level.LOW],
        {1: "one"}[Level.LOW],
        isinstance(Level.LOW, int),
        Level(10),
        int(Level.LOW),
        "%d" % Level.HIGH,
        max(Level),
    )


def flags(world):
    Permission = world.get("hosted.records.", "Permission")
    both = Permission.READ | Permission.WRITE
    return (
        both == Permission.ALL,
        both is Permission.ALL,
        Permission.READ in both,
        both & ~Permission.READ,
        bool(Permission(0)),
    )


def int_flags(world):
    Bits = world.get("hosted.records.", "Bits")
    return (
        Bits.A | Bits.B,
        Bits.A | 4,
        (Bits.A | Bits.B) & 1,
        Bits(3) == 3,
        ~Bits.A & Bits.B,
        Bits.A ^ Bits.B,
        2 | Bits.A,
    )


def a_text_enum(world):
    Mode = world.get("hosted.records.", "Mode")
    return (
        Mode.FAST == "fast",
        "fast" == Mode.FAST,
        Mode.FAST.upper(),
        Mode("slow"),
        {"fast": 1}[Mode.FAST],
        Mode.FAST.value,
    )


def an_enum_with_fields(world):
    Planet = world.get("hosted.records.", "Planet")
    return Planet.EARTH, Planet.EARTH.mass, [(planet.name, planet.radius) for planet in Planet], Planet.MARS.value


def enums_made_there(world):
    Animal = world.invoke("enum.", "Enum", "Animal", "CAT DOG")
    return Animal.CAT, Animal.DOG.value, list(Animal), Animal["CAT"] is Animal.CAT
