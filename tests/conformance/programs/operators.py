"""Operators in plain, reflected and in-place forms; comparison, hash, truth; texts."""

import decimal
import fractions
import math
import operator
import os

from programs import without_text

BINARY = "add sub mul matmul truediv floordiv mod pow lshift rshift and_ xor or_".split()


def _vector(world, x=1, y=2):
    return world.new("hosted.arithmetic.Vector", x, y)


def arithmetic_of_two_objects(world):
    one, two = _vector(world), _vector(world, 3, 4)
    return one + two, one * two, one + one, -one, +one, abs(two), ~one, one * 2, 2 * one, 1.5 * one


def results_of_arithmetic_are_objects_again(world):
    one = _vector(world)
    return (one + one + one).x, -(-one) == one, (one * 2).y, type(one + one).__name__


def sums_of_objects(world):
    return sum([_vector(world), _vector(world, 5, 5)]), sum([_vector(world)], _vector(world))


def arithmetic_with_what_does_not_go(world):
    one = _vector(world)
    return (
        world.raised(operator.add, one, 1),
        world.raised(operator.add, "x", one),
        world.raised(operator.mul, one, "x"),
    )


@without_text("this interpreter says it, in its version's words")
def operators_that_are_not_there(world):
    one, person = _vector(world), world.new("hosted.people.Person")
    return (
        world.raised(operator.sub, one, one),
        world.raised(operator.sub, 1, one),
        world.raised(operator.add, person, 1),
        world.raised(operator.neg, person),
        world.raised(len, person),
        world.raised(operator.getitem, person, 0),
        world.raised(operator.lt, person, person),
        world.raised(operator.setitem, one, 0, 1),
    )


def every_binary_operator(world):
    recorder = world.new("hosted.arithmetic.Recorder", "left")
    return [getattr(operator, name)(recorder, 2) for name in BINARY], divmod(recorder, 2), pow(recorder, 2, 3)


def every_reflected_operator(world):
    recorder = world.new("hosted.arithmetic.Recorder", "right")
    return [getattr(operator, name)(2, recorder) for name in BINARY], divmod(2, recorder)


def every_in_place_operator(world):
    recorder = world.new("hosted.arithmetic.Recorder", "self")
    return [
        getattr(operator, "i" + name.rstrip("_"))(recorder, 2)
        for name in BINARY
        if name.rstrip("_") not in ("and", "or")
    ]


def in_place_and_or(world):
    one = two = world.new("hosted.arithmetic.Recorder", "self")
    one &= 1
    two |= 2
    return one, two


def every_unary_operator(world):
    recorder = world.new("hosted.arithmetic.Recorder", "x")
    return -recorder, +recorder, ~recorder, abs(recorder), round(recorder), round(recorder, 2), math.trunc(recorder)


def floor_and_ceil(world):
    recorder = world.new("hosted.arithmetic.Recorder", "x")
    return math.floor(recorder), math.ceil(recorder)


def operators_between_two_objects(world):
    one, two = world.new("hosted.arithmetic.Recorder", "one"), world.new("hosted.arithmetic.Recorder", "two")
    return [getattr(operator, name)(one, two) for name in BINARY], one < two, one >= two


def an_object_with_reflected_operators_only(world):
    reflected = world.new("hosted.arithmetic.Reflected")
    return 1 + reflected, "x" + reflected, 2**reflected, [1] + reflected, {} - reflected, 1 << reflected


def a_reflected_operator_of_another_object(world):
    return _vector(world) - world.new("hosted.arithmetic.Reflected")


def operators_that_return_notimplemented(world):
    refuses, other = world.new("hosted.arithmetic.Refuses"), world.new("hosted.arithmetic.Refuses")
    return (
        world.raised(operator.add, refuses, 1),
        world.raised(operator.add, 1, refuses),
        world.raised(operator.add, refuses, other),
        world.raised(operator.iadd, refuses, 1),
        world.raised(operator.lt, refuses, 1),
        refuses == 1,
        refuses == refuses,
        refuses == other,
        refuses != 1,
        refuses + world.new("hosted.arithmetic.Reflected") is not None,
    )


def in_place_operators_that_keep_the_object(world):
    counter = same = world.new("hosted.arithmetic.Counter")
    counter += 5
    counter += 1
    return counter is same, same.value, counter


def in_place_operators_that_make_another(world):
    counter = same = world.new("hosted.arithmetic.Counter", 10)
    counter -= 3
    return counter is same, counter, same


def in_place_falls_back_to_the_plain_form(world):
    one = same = _vector(world)
    one += _vector(world)
    one *= 2
    return one, same, one is same


def objects_of_this_side_in_operators(world):
    class Mine:
        def __add__(self, other):
            return ("mine", type(other).__name__)

        def __radd__(self, other):
            return ("reflected mine", type(other).__name__)

        def __eq__(self, other):
            return True

    one = _vector(world)
    return Mine() + one, one + Mine(), one == Mine(), Mine() == one


def both_sides_refuse(world):
    class Mine:
        def __add__(self, other):
            return NotImplemented

        __radd__ = __eq__ = __lt__ = __gt__ = __add__

    version, mine = world.new("hosted.arithmetic.Version", "1.0"), Mine()
    return (
        version == mine,
        mine == version,
        version != mine,
        mine in [version],
        world.raised(operator.lt, version, mine),
        world.raised(operator.lt, mine, version),
        world.raised(operator.add, _vector(world), mine),
        world.raised(operator.add, mine, _vector(world)),
    )


def operators_that_raise(world):
    raising = world.new("hosted.arithmetic.Raising")
    calls = [
        lambda: raising + 1,
        lambda: 1 + raising,
        lambda: raising == 1,
        lambda: raising < 1,
        lambda: -raising,
        lambda: len(raising),
        lambda: bool(raising),
        lambda: 1 in raising,
        lambda: raising[0],
        lambda: raising(),
        lambda: int(raising),
        lambda: float(raising),
        lambda: [][raising],
        lambda: list(raising),
        lambda: format(raising),
        lambda: str(raising),
        lambda: hash(raising),
    ]
    return [world.raised(call) for call in calls]


def conversions_to_numbers(world):
    number = world.new("hosted.arithmetic.Numeric", 7.5)
    return int(number), float(number), complex(number), round(number), round(number, 1), math.trunc(number)


def conversions_to_an_index(world):
    number = world.new("hosted.arithmetic.Numeric", 3)
    return (
        "abcde"[number],
        list(range(number)),
        hex(number),
        bin(number),
        [0] * number,
        "abcdef"[:number],
        bytes(number),
    )


def math_over_objects(world):
    number = world.new("hosted.arithmetic.Numeric", 4)
    return math.sqrt(number), math.floor(number), math.ceil(number), math.gcd(number, 6), math.isclose(number, 4.0)


@without_text("this interpreter says it, in its version's words")
def objects_that_are_no_numbers(world):
    person = world.new("hosted.people.Person")
    return (
        world.raised(int, person),
        world.raised(float, person),
        world.raised(range, person),
        world.raised(round, person),
    )


def equality_and_hash_by_value(world):
    one, same, other = _vector(world), _vector(world), _vector(world, 9, 9)
    return one == same, one != same, one == other, hash(one) == hash(same), len({one, same, other}), one is same


def objects_that_equal_are_found(world):
    table = {_vector(world): "found"}
    return table[_vector(world)], _vector(world) in [_vector(world)], [_vector(world)].index(_vector(world))


def objects_are_keys_over_there(world):
    table = world.new("builtins.dict")
    table[_vector(world)] = 1
    table[_vector(world)] += 1
    return table, table[_vector(world)], _vector(world, 0, 0) in table, list(table)[0] == _vector(world)


def equality_with_other_types(world):
    one = _vector(world)
    return one == 1, one != 1, 1 == one, one == None, one == (1, 2), one in (1, one)  # noqa: E711 - the point of it


def comparisons_that_return_no_bool(world):
    odd = world.new("hosted.arithmetic.Everything")
    return odd == 1, odd != 1, odd < 2, 2 > odd, odd == odd


def ordered_objects(world):
    versions = [world.new("hosted.arithmetic.Version", text) for text in ("1.10", "1.2", "1.9.1")]
    one, two, three = versions
    return one > two, two <= three, sorted(versions), max(versions), min(versions), one == one, two < one < three


def ordering_with_other_types(world):
    version = world.new("hosted.arithmetic.Version", "1.0")
    return world.raised(operator.lt, version, 1), version == "1.0"


def sorting_over_there(world):
    versions = world.new("builtins.list", [world.new("hosted.arithmetic.Version", t) for t in ("3.1", "2.0", "2.0.1")])
    versions.sort()
    return versions, world.invoke("builtins.", "sorted", versions, reverse=True), versions[0] < versions[1]


def truth_of_objects(world):
    falsy, truthy, plain = _vector(world, 0, 0), _vector(world), world.new("hosted.people.Person")
    return bool(falsy), not truthy, bool(plain), falsy or "default", truthy and "and", "yes" if falsy else "no"


def what_the_protocols_forbid(world):
    liar = world.new("hosted.arithmetic.Liar")
    calls = [len, bool, hash, str, repr, int, operator.index, iter, format]
    return [world.raised(call, liar) for call in calls], 1 in liar


def items_slices_and_iteration_of_objects(world):
    one = _vector(world)
    x, y = one
    return (
        one[0],
        one[-1],
        one[:],
        x,
        y,
        len(one),
        1 in one,
        "special" in one,
        9 in one,
        world.raised(operator.getitem, one, 5),
    )


def keys_of_every_form(world):
    grid = world.new("hosted.arithmetic.Grid")
    grid[1, 2] = "tuple"
    grid[1:2] = "slice"
    grid[1:2, ::3] = "slices"
    grid[...] = "dots"
    grid[None] = "none"
    del grid[None]
    return grid[1, 2], grid[1:2], grid[1:2, ::3], grid[...], grid[None], grid[()], grid["a":"b":"c"], len(grid.cells)


def a_dict_with_missing(world):
    indexed = world.new("hosted.arithmetic.Indexed", a=1)
    return indexed["a"], indexed["b"], indexed.get("b"), "b" in indexed, indexed, "{a} {zz}".format_map(indexed)


def paths_by_division(world):
    path = world.new("hosted.arithmetic.Path2")
    return str(path / "a" / "b"), str("root" / path), str(path / 1)


def texts_of_objects(world):
    text = world.new("hosted.arithmetic.Text")
    return str(text), repr(text), bytes(text), ascii(text), "%s %r %a" % (text, text, text), _print_to_text(text)


def _print_to_text(value):
    import io

    out = io.StringIO()
    print(value, [value], file=out, sep="|")
    return out.getvalue()


def format_of_objects(world):
    text, one = world.new("hosted.arithmetic.Text"), _vector(world)
    return (
        format(text),
        format(text, ">5"),
        "{:x}|{!r}|{!s}".format(text, text, text),
        f"{text:^{3}}|{one:a}|{text!r:>8}",
    )


def texts_of_objects_that_define_less(world):
    only, company = world.new("hosted.arithmetic.OnlyRepr"), world.new("hosted.people.Person", "Ann")
    return (
        str(only),
        format(only),
        "{:}".format(only),
        f"{company}",
        str([only, company]),
        world.raised(format, only, "x"),
    )


def the_default_repr(world):
    grid = world.new("hosted.arithmetic.Grid")
    return repr(grid).split(" at ")[0], str(grid).split(" at ")[0]


def attributes_in_format_strings(world):
    person = world.new("hosted.people.Person", "Ann", 5)
    return "{0.name} is {0.age:03d} at {p.company.name}".format(person, p=person), f"{person.name!r} {person.age + 1}"


def texts_that_are_more_than_texts(world):
    more = world.new("hosted.arithmetic.MoreThanText")
    return f"<{more}>", "%s|%r" % (more, more), "{!s}".format(more), "a".join([str(more), "b"]), os.path.join(more, "c")


def fspath(world):
    text = world.new("hosted.arithmetic.Text")
    return os.fspath(text), os.path.join(text, "b"), os.path.basename(text)


def an_int_with_more(world):
    money = world.new("hosted.arithmetic.Money", 5, "USD")
    return (
        money + 1,
        1 + money,
        money * money,
        money.currency,
        money.double(),
        money.double().currency,
        money == 5,
        5 == money,
        money < 6,
        -money,
        int(money),
        "{:05d}".format(money),
        "%d" % money,
        hash(money) == hash(5),
        {5: "five"}[money],
        isinstance(money, int),
        range(money)[-1],
        money.bit_length(),
        divmod(7, money),
        2**money,
    )


def a_text_with_more(world):
    name = world.new("hosted.arithmetic.Name", "ann")
    return (
        name + "x",
        "x" + name,
        name.upper(),
        name.shout(),
        name[0],
        name[::-1],
        len(name),
        "n" in name,
        name == "ann",
        "ann" == name,
        name < "b",
        f"{name:>5}",
        "%s" % name,
        {"ann": 1}[name],
        isinstance(name, str),
        list(name),
        name * 2,
        name.split("n"),
        sorted(["b", name]),
        str(name),
    )


def a_float_and_bytes_with_more(world):
    ratio, blob = world.new("hosted.arithmetic.Ratio", 0.5), world.new("hosted.arithmetic.Blob", b"abc")
    return (
        ratio + 1,
        1 / ratio,
        round(ratio),
        ratio.is_integer(),
        "%.2f" % ratio,
        blob + b"d",
        blob[0],
        bytes(blob),
        len(blob),
    )


def numbers_of_other_libraries(world):
    money = world.new("hosted.arithmetic.Money", 5)
    return decimal.Decimal(2) * int(money), fractions.Fraction(1, 2) + money, money / 2, money // 2, money % 2


def operators_as_functions_over_there(world):
    one, two = _vector(world), _vector(world, 3, 4)
    return world.invoke("operator.", "add", one, two), world.invoke(
        "functools.", "reduce", operator.add, [one, two, one]
    )


def identity_over_there(world):
    one = _vector(world)
    return world.invoke("operator.", "is_", one, one), world.invoke("operator.", "is_", one, _vector(world))


def conditional_expressions_and_chains(world):
    one, two = world.new("hosted.arithmetic.Version", "1.0"), world.new("hosted.arithmetic.Version", "2.0")
    return (one if one < two else two), not (one > two), one < two and two > one, (one and None) or two
