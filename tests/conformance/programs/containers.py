"""Lists, dicts, sets, tuples and other builtin containers."""

import bisect
import heapq
import itertools
import operator

from programs import since


def _list(world, *items):
    return world.new("builtins.list", items)


def _dict(world, **items):
    return world.new("builtins.dict", **items)


def indexing_a_list(world):
    numbers = _list(world, 1, 2, 3)
    return numbers[0], numbers[-1], numbers[True], world.raised(operator.getitem, numbers, 3)


def indices_of_wrong_types(world):
    numbers = _list(world, 1, 2, 3)
    wrong = ["x", 1.0, None, (1,)]
    return [world.raised(operator.getitem, numbers, each) for each in wrong]


def slices_of_a_list(world):
    numbers = _list(world, *range(10))
    return numbers[2:4], numbers[::-1], numbers[::3], numbers[-3:], numbers[:], numbers[20:], numbers[slice(1, None)]


def assigning_to_items_and_slices(world):
    numbers = _list(world, *range(10))
    numbers[0] = "first"
    numbers[-1] = "last"
    numbers[2:5] = ["three"]
    numbers[::2] = "abcd"
    return numbers, world.raised(operator.setitem, numbers, slice(None, None, 2), [1])


def deleting_items_and_slices(world):
    numbers = _list(world, *range(10))
    del numbers[0]
    del numbers[-1], numbers[1:3]
    del numbers[::2]
    return numbers, world.raised(operator.delitem, numbers, 99)


def membership_in_a_list(world):
    numbers = _list(world, 1, None, "x")
    return 1 in numbers, 1.0 in numbers, 2 not in numbers, None in numbers, [] in numbers


def list_methods(world):
    numbers = _list(world, 3, 1, 2)
    numbers.append(4)
    numbers.extend([5, 6])
    numbers.extend(range(2))
    numbers.insert(0, "x")
    popped = numbers.pop(), numbers.pop(0)
    numbers.remove(5)
    return numbers, popped, numbers.index(4), numbers.count(1), world.raised(numbers.remove, "none")


def sorting_in_place(world):
    numbers = _list(world, 3, 1, 2)
    numbers.sort()
    up = list(numbers)
    numbers.sort(reverse=True)
    down = list(numbers)
    numbers.sort(key=lambda n: n % 3)
    return up, down, numbers, numbers.reverse(), numbers


def sorting_what_cant_be_sorted(world):
    return world.raised(_list(world, 1, "x").sort), world.raised(sorted, _list(world, 1, None))


def sorted_reversed_and_friends(world):
    numbers = _list(world, 3, 1, 2)
    return (
        sorted(numbers),
        sorted(numbers, key=lambda n: -n),
        list(reversed(numbers)),
        min(numbers),
        max(numbers, key=lambda n: -n),
        sum(numbers),
        sum(numbers, 10),
        any(numbers),
        all(numbers),
        list(enumerate(numbers, 1)),
        list(zip(numbers, "abc")),
        list(map(str, numbers)),
        list(filter(lambda n: n > 1, numbers)),
    )


def conversions_of_a_list(world):
    numbers = _list(world, 3, 1, 1)
    return (
        list(numbers),
        tuple(numbers),
        set(numbers),
        frozenset(numbers),
        bytes(numbers),
        bytearray(numbers),
        str(numbers),
    )


def unpacking_a_list(world):
    a, b, c = _list(world, 1, 2, 3)
    first, *rest = _list(world, 1, 2, 3)
    *begin, last = _list(world, 1)
    return a, b, c, first, rest, begin, last, [*_list(world, 1), *_list(world, 2)]


def unpacking_the_wrong_number(world):
    def unpack(items):
        a, b = items
        return a, b

    return world.raised(unpack, _list(world, 1, 2, 3)), world.raised(unpack, _list(world, 1))


def unpacking_into_arguments(world):
    def function(*args, **kwargs):
        return args, kwargs

    return function(*_list(world, 1, 2), **_dict(world, a=1, b=2))


def unpacking_into_displays(world):
    table = _dict(world, a=1)
    return {**table, "b": 2}, [*table], {*table}, (*table.items(),)


def joining_texts(world):
    return ", ".join(_list(world, "a", "b")), "".join(_dict(world, x=1)), world.raised("".join, _list(world, 1))


def concatenating_lists(world):
    one, two = _list(world, 1), _list(world, 2)
    return one + two, one + [3], one * 3, 2 * two, world.raised(operator.add, one, (1,)), one, two


def extending_a_plain_list(world):
    plain = [0]
    plain += _list(world, 1)
    plain.extend(_list(world, 2))
    plain[0:1] = _list(world, "x", "y")
    return plain


def adding_to_a_list_in_place(world):
    numbers = same = _list(world, 1)
    numbers += [2]
    numbers += (3,)
    numbers *= 2
    return numbers is same, same


def a_list_equals_another(world):
    one, two = _list(world, 1, 2), _list(world, 1, 2)
    return one == two, one == [1, 2], [1, 2] == one, one != [1], [1] != one, one == (1, 2), one is two


def lists_are_ordered(world):
    numbers = _list(world, 1, 2)
    return numbers < [1, 3], [1, 3] > numbers, numbers <= [1, 2], [0] < numbers, world.raised(operator.lt, numbers, 1)


def a_list_has_no_hash(world):
    return world.raised(hash, _list(world)), world.raised(lambda: {_list(world): 1})


def truth_of_containers(world):
    empty = [_list(world), _dict(world), world.new("builtins.set"), world.new("collections.deque")]
    full = [_list(world, 0), _dict(world, a=None), world.new("builtins.set", [0]), world.new("collections.deque", [0])]
    return [bool(each) for each in empty + full], [not each for each in empty], "yes" if full[0] else "no"


def nested_lists(world):
    table = world.new("builtins.list", [[1, 2], [3, 4]])
    table[0][1] = "x"
    table[1].append(5)
    return table, table[0][1], [cell for row in table for cell in row], list(zip(*table))


def a_list_that_contains_itself(world):
    numbers = _list(world, 1)
    numbers.append(numbers)
    return str(numbers), numbers[1] is numbers, numbers[1][1][0]


def copies_of_a_list(world):
    numbers = world.new("builtins.list", [[1], 2])
    copy, cut = numbers.copy(), numbers[:]
    copy.append(3)
    copy[0].append("shared")
    return numbers, copy, cut, copy[0] is numbers[0]


def removing_during_iteration(world):
    numbers = _list(world, *range(10))
    for number in numbers:
        numbers.remove(number)
    return numbers


def removing_during_a_long_iteration(world):
    numbers = world.new("builtins.list", range(500))
    for number in numbers:
        if number % 2 == 0:
            numbers.remove(number)
    return len(numbers), numbers[:5]


def appending_during_iteration(world):
    numbers = _list(world, 1, 2)
    for number in numbers:
        if len(numbers) < 200:
            numbers.append(number + 1)
    return len(numbers), numbers[-1]


def changing_items_during_iteration(world):
    numbers = _list(world, 1, 2, 3)
    seen = []
    for place, number in enumerate(numbers):
        seen.append(number)
        if place + 1 < len(numbers):
            numbers[place + 1] *= 10
    return seen


def one_iterator_of_two_loops(world):
    items = iter(_list(world, 1, 2, 3))
    first = next(items)
    return first, list(items), list(items), next(items, "end")


def a_long_list(world):
    numbers = world.new("builtins.list", range(10000))
    return (
        len(numbers),
        sum(numbers),
        numbers[9999],
        list(numbers)[5000:5003],
        9999 in numbers,
        numbers == list(range(10000)),
    )


def dict_items(world):
    ages = _dict(world, ann=1, bob=2)
    ages["cy"] = 3
    del ages["ann"]
    return ages, ages["bob"], world.raised(operator.getitem, ages, "none"), world.raised(operator.delitem, ages, "none")


def dict_methods(world):
    ages = _dict(world, ann=1, bob=2)
    return (
        ages.get("ann"),
        ages.get("none"),
        ages.get("none", 7),
        ages.setdefault("cy", []),
        ages.pop("ann"),
        ages.pop("ann", "gone"),
        ages.update({"d": 4}, e=5),
        ages.popitem(),
        ages,
        world.raised(ages.pop, "none"),
    )


def dict_iteration(world):
    ages = _dict(world, ann=1, bob=2)
    return list(ages), [name for name in ages], dict(ages), sorted(ages), len(ages), {k: v for k, v in ages.items()}


def keys_of_every_kind(world):
    keys = [1, "x", None, (1, 2), 1.5, True, frozenset([1]), b"x"]
    table = world.new("builtins.dict", [(key, str(key)) for key in keys])
    return table, [table[key] for key in keys], 1.0 in table, world.raised(operator.getitem, table, [])


def dict_views(world):
    ages = _dict(world, ann=1, bob=2)
    keys, values, items = ages.keys(), ages.values(), ages.items()
    ages["cy"] = 3
    return keys, values, items, len(keys), "cy" in keys, 3 in values, ("ann", 1) in items, ("ann", 2) in items


def dict_views_are_sets(world):
    one, two = _dict(world, a=1, b=2), _dict(world, b=2, c=3)
    return (
        one.keys() & two.keys(),
        one.keys() | two,
        one.keys() - {"a"},
        one.keys() ^ two.keys(),
        one.items() & two.items(),
        one.keys() == {"a", "b"},
        one.keys() <= {"a", "b", "c"},
        one.keys().isdisjoint(["z"]),
        {"a"} & one.keys(),
        {"a", "z"} - one.keys(),
    )


def a_dict_that_changes_size_during_iteration(world):
    ages = _dict(world, ann=1, bob=2)

    def change():
        for name in ages:
            ages[name + "2"] = 1

    return world.raised(change)


def a_dict_whose_values_change_during_iteration(world):
    ages = _dict(world, ann=1, bob=2)
    for name, age in ages.items():
        ages[name] = age + 1
    return ages


def dicts_are_compared(world):
    ages = _dict(world, a=1)
    return (
        ages == {"a": 1},
        {"a": 1} == ages,
        ages != {},
        ages == _dict(world, a=1),
        world.raised(operator.lt, ages, {}),
    )


def dict_from_a_dict(world):
    ages = _dict(world, a=1, b=2)
    plain = {"a": 0}
    plain.update(ages)
    return plain, dict(ages, c=3), world.new("builtins.dict", ages), dict(ages.items())


@since(3, 9)
def dicts_are_joined(world):
    one, two = _dict(world, a=1), _dict(world, b=2)
    three = one | two
    one |= {"z": 26}
    return three, one, one | {"c": 3}


@since(3, 9)
def a_plain_dict_joined_with_another(world):
    return {"a": 1} | _dict(world, b=2)


@since(3, 8)
def dicts_are_reversed(world):
    ages = _dict(world, a=1, b=2)
    return list(reversed(ages)), list(reversed(ages.values()))


def fromkeys(world):
    return world.invoke("builtins.dict", "fromkeys", "abc", 0), world.new("builtins.dict").fromkeys([1])


def nested_dicts(world):
    tree = world.new("builtins.dict", {"a": {"b": {"c": [1]}}})
    tree["a"]["b"]["c"].append(2)
    tree["a"]["new"] = tree["a"]["b"]
    return tree, tree["a"]["new"] is tree["a"]["b"]


def format_map_and_percent(world):
    ages = _dict(world, ann=1)
    return "{ann}".format(**ages), "{0[ann]}".format(ages), "{ann}".format_map(ages), "%(ann)s" % ages


def sets(world):
    letters = world.new("builtins.set", "abc")
    letters.add("d")
    letters.discard("none")
    letters.remove("a")
    return letters, len(letters), "b" in letters, world.raised(letters.remove, "a"), sorted(letters)


def set_operators(world):
    letters = world.new("builtins.set", "abc")
    return (
        letters | {"d"},
        {"d"} | letters,
        letters & {"a", "z"},
        letters - {"a"},
        {"a", "z"} - letters,
        letters ^ {"a", "z"},
        letters == {"a", "b", "c"},
        {"a", "b", "c"} == letters,
        letters < {"a", "b", "c", "d"},
        {"a"} < letters,
        letters.union("x", [1]),
        world.raised(operator.or_, letters, [1]),
    )


def set_operators_in_place(world):
    letters = same = world.new("builtins.set", "abc")
    letters |= {"d"}
    letters -= {"a"}
    letters &= {"b", "c", "d"}
    letters ^= {"b", "e"}
    return letters is same, letters


def set_methods_with_other_containers(world):
    letters = world.new("builtins.set", "abc")
    return (
        letters.issubset("abcd"),
        letters.issuperset(_list(world, "a")),
        {"a"}.issubset(letters),
        {"z"}.union(letters),
    )


def a_set_that_changes_during_iteration(world):
    letters = world.new("builtins.set", "abc")

    def change():
        for letter in letters:
            letters.add(letter * 2)

    return world.raised(change)


def tuples_and_frozensets_come_by_value(world):
    pair = world.new("builtins.tuple", [1, (2, 3)])
    return pair, pair[1], hash(pair) == hash((1, (2, 3))), {pair: 1}[(1, (2, 3))], world.new("builtins.frozenset", "ab")


def a_tuple_with_a_list_in_it(world):
    holder = world.new("builtins.dict", {"pair": (1, [2])})
    pair = holder["pair"]
    pair[1].append(3)
    return holder, world.raised(operator.setitem, pair, 0, 1)


def bytearrays(world):
    data = world.new("builtins.bytearray", b"abc")
    data[0] = 0x7A
    data.extend(b"de")
    data += b"f"
    del data[1]
    return data, bytes(data), data[1:3], data.find(b"d"), data.upper(), list(data), data == b"zcdef", b"x" in data


def memoryviews(world):
    data = world.new("builtins.bytearray", b"abcdef")
    view = world.new("builtins.memoryview", data)
    view[0] = 65
    return bytes(view), view.tolist(), len(view), view[1], view.nbytes, view.format, view.readonly, data


def arrays(world):
    numbers = world.new("array.array", "i", [1, 2, 3])
    numbers.append(4)
    numbers[0] = 9
    return numbers, numbers.typecode, numbers.tolist(), numbers[1:3], sum(numbers), world.raised(numbers.append, "x")


def ranges_come_by_value(world):
    numbers = world.new("builtins.range", 0, 10, 3)
    return numbers, list(numbers), numbers[1], 9 in numbers, numbers.index(9), numbers == range(0, 12, 3)


def heapq_on_a_list(world):
    heap = _list(world)
    for number in [5, 1, 4, 2]:
        world.invoke("heapq.", "heappush", heap, number)
    return world.invoke("heapq.", "heappop", heap), world.invoke("heapq.", "nsmallest", 2, heap), heap


def heapq_here_merges_lists(world):
    return list(heapq.merge(_list(world, 1, 4), _list(world, 2, 3))), heapq.nlargest(2, _list(world, 1, 3, 2))


def bisect_on_a_list(world):
    numbers = _list(world, 1, 3, 5)
    world.invoke("bisect.", "insort", numbers, 4)
    return numbers, world.invoke("bisect.", "bisect_left", numbers, 3), bisect.bisect_right(numbers, 3)


def itertools_here_over_containers(world):
    numbers = _list(world, 1, 2, 3)
    return (
        list(itertools.chain(numbers, _dict(world, a=1))),
        list(itertools.islice(numbers, 1, None)),
        list(itertools.product(numbers, repeat=2))[:4],
        list(itertools.accumulate(numbers)),
        [(key, list(group)) for key, group in itertools.groupby(numbers, lambda n: n > 1)],
        list(itertools.zip_longest(numbers, "a")),
        list(itertools.islice(itertools.cycle(numbers), 5)),
        list(itertools.combinations(numbers, 2)),
    )


def builtin_functions_there_over_plain_containers(world):
    invoke = world.invoke
    return (
        invoke("builtins.", "sorted", [3, 1, 2]),
        invoke("builtins.", "sum", {1, 2}),
        invoke("builtins.", "len", {"a": 1}),
        invoke("builtins.", "list", (each for each in "ab")),
        list(invoke("builtins.", "zip", [1, 2], "ab")),
        list(invoke("builtins.", "enumerate", "ab")),
        list(invoke("builtins.", "map", lambda x: x * 2, [1, 2])),
        list(invoke("builtins.", "reversed", [1, 2])),
    )


def containers_of_objects(world):
    people = _list(world, *[world.new("hosted.people.Person", name) for name in "bca"])
    people.sort(key=lambda person: person.name)
    return people, [person.name for person in people], people[0] in people, people.index(people[2])


def a_list_in_two_places_is_one(world):
    inner = _list(world, 1)
    outer = world.new("builtins.dict")
    outer["a"] = inner
    outer["b"] = inner
    outer["a"].append(2)
    return outer, outer["a"] is outer["b"], outer["a"] is inner


def membership_of_objects_that_define_equality(world):
    numbers = world.new("builtins.list", [1, 2])
    table = _list(world)
    table.append(numbers)
    return numbers in table, [1, 2] in table, table.index([1, 2]), table.count(numbers)


def string_methods_over_containers(world):
    words = world.invoke("builtins.str", "split", "a b c")
    return words, "-".join(words), words.index("b"), "b".startswith(tuple(words))


def items_are_swapped(world):
    numbers = _list(world, 1, 2, 3)
    numbers[0], numbers[-1] = numbers[-1], numbers[0]
    return numbers


def augmented_assignment_to_items(world):
    numbers, table = _list(world, 1, 2), world.new("builtins.dict", {"n": 1, "l": [1]})
    numbers[0] += 5
    numbers[1] **= 3
    table["n"] -= 1
    table["l"] += [2]
    return numbers, table


def star_arguments_from_a_dict_with_bad_keys(world):
    table = world.new("builtins.dict", {1: 2})
    return type(world.raised(lambda: dict(**table))).__name__


def a_huge_index(world):
    numbers = _list(world, 1)
    return world.raised(operator.getitem, numbers, 2**80), numbers[: 2**80], numbers[-(2**80) :]


def operator_functions_over_containers(world):
    numbers = _list(world, 1, 2, 1)
    return (
        operator.countOf(numbers, 1),
        operator.indexOf(numbers, 2),
        operator.contains(numbers, 2),
        operator.concat(numbers, [1]),
        operator.length_hint(numbers),
        operator.itemgetter(0, 1)(numbers),
    )
