"""The collections module, and the containers of other modules."""

import operator

from programs import since


def a_deque(world):
    items = world.new("collections.deque", [1, 2, 3], maxlen=4)
    items.append(4)
    items.appendleft(0)
    items.rotate(1)
    items.extendleft("ab")
    popped = items.pop(), items.popleft()
    items[0] = "first"
    return (
        items,
        popped,
        items.maxlen,
        len(items),
        items[-1],
        list(reversed(items)),
        3 in items,
        items.count(3),
        items.index(3),
    )


def a_deque_is_no_list(world):
    items = world.new("collections.deque", [1, 2])
    return world.raised(operator.getitem, items, slice(0, 1)), world.raised(operator.getitem, items, 9), items == [1, 2]


def deques_are_joined_and_compared(world):
    one, two = world.new("collections.deque", [1]), world.new("collections.deque", [2])
    one += [5]
    return (
        one + two,
        one < two,
        one == world.new("collections.deque", [1, 5]),
        one * 2,
        world.raised(operator.add, one, [1]),
    )


def a_deque_that_changes_during_iteration(world):
    items = world.new("collections.deque", [1, 2, 3])

    def change():
        for item in items:
            items.append(item)

    return world.raised(change)


def an_empty_deque(world):
    items = world.new("collections.deque")
    return world.raised(items.pop), world.raised(items.remove, 1), bool(items), list(items)


def an_ordered_dict(world):
    table = world.new("collections.OrderedDict", [("b", 1), ("a", 2), ("c", 3)])
    table.move_to_end("b")
    table.move_to_end("c", last=False)
    return list(table), table.popitem(), table.popitem(last=False), table == {"a": 2}, list(reversed(table))


def ordered_dicts_are_compared(world):
    one = world.new("collections.OrderedDict", [("a", 1), ("b", 2)])
    two = world.new("collections.OrderedDict", [("b", 2), ("a", 1)])
    return one == two, one == {"b": 2, "a": 1}, list(one.items()), list(one.keys()), one.values()


def a_defaultdict(world):
    groups = world.new("collections.defaultdict", list)
    for word in ["apple", "ant", "bee"]:
        groups[word[0]].append(word)
    return groups["a"], groups, "z" in groups, groups["z"], len(groups), groups.get("none"), dict(groups)


def a_defaultdict_of_numbers(world):
    counts = world.new("collections.defaultdict", int)
    for letter in "abracadabra":
        counts[letter] += 1
    return counts, sorted(counts.items()), counts.default_factory is int


def a_defaultdict_with_a_factory_of_this_side(world):
    made = []

    def factory():
        made.append(1)
        return len(made)

    table = world.new("collections.defaultdict", factory)
    return table["a"], table["b"], table["a"], sorted(table.items()), made


def a_counter(world):
    counter = world.new("collections.Counter", "abracadabra")
    counter.update("aaa")
    counter.subtract({"b": 5})
    return (
        counter,
        counter["a"],
        counter["none"],
        counter.most_common(2),
        sorted(counter.elements()),
        sum(counter.values()),
    )


def counters_are_added(world):
    one, two = world.new("collections.Counter", "aab"), world.new("collections.Counter", "abc")
    return one + two, one - two, one & two, one | two, +one, -one, one == two


def counters_in_place(world):
    counter = same = world.new("collections.Counter", "aab")
    counter += world.new("collections.Counter", "bbb")
    counter["z"] += 1
    del counter["a"]
    del counter["never there"]
    return counter is same, counter


@since(3, 10)
def counters_are_compared(world):
    one, two = world.new("collections.Counter", "aab"), world.new("collections.Counter", "ab")
    return one > two, two <= one, one.total(), one < two


def a_chain_map(world):
    base = world.new("builtins.dict", a=1, b=2)
    chain = world.new("collections.ChainMap", {"b": 20}, base)
    chain["c"] = 3
    base["d"] = 4
    child = chain.new_child({"a": 100})
    return (
        chain["b"],
        sorted(chain.items()),
        chain.maps[1] is base,
        child["a"],
        child.parents == chain,
        len(child),
        world.raised(chain.pop, "a"),
    )


def a_counter_in_a_comprehension(world):
    words = world.new("collections.Counter", "the cat the dog the end".split())
    return (
        {word: count for word, count in words.items() if count > 1},
        max(words, key=words.get),
        words.most_common(1)[0][0],
    )


def user_dicts(world):
    table = world.new("collections.UserDict", a=1)
    table["b"] = 2
    return (
        table,
        table | {"c": 3} if hasattr(table, "__or__") else None,
        dict(table),
        "a" in table,
        table.data,
        len(table),
    )


def a_named_tuples_field_names(world):
    Point = world.invoke("collections.", "namedtuple", "Point", ["x", "y"], rename=True)
    point = Point(x=1, y=2)
    return point, point.x + point.y, tuple(point), point > (1, 1)


def wrong_namedtuples(world):
    return world.raised(world.invoke, "collections.", "namedtuple", "P", "a a"), world.raised(
        world.invoke, "collections.", "namedtuple", "P", "class"
    )


def an_lru_cache_by_hand(world):
    cache = world.new("collections.OrderedDict")
    for key in "abcad":
        cache[key] = key.upper()
        cache.move_to_end(key)
        if len(cache) > 2:
            cache.popitem(last=False)
    return cache


def a_graph_search_over_remote_containers(world):
    graph = world.new("builtins.dict", {"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []})
    todo, seen = world.new("collections.deque", ["a"]), world.new("builtins.list")
    while todo:
        node = todo.popleft()
        if node not in seen:
            seen.append(node)
            todo.extend(graph[node])
    return seen


def a_mapping_proxy(world):
    table = world.new("builtins.dict", a=1)
    view = world.new("types.MappingProxyType", table)
    table["b"] = 2
    return view, view["b"], dict(view), len(view), "a" in view, world.raised(lambda: operator.setitem(view, "c", 1))


def weak_containers(world):
    WeakSet, person = world.new("weakref.WeakSet"), world.new("hosted.people.Person")
    WeakSet.add(person)
    values = world.new("weakref.WeakValueDictionary")
    values["p"] = person
    return len(WeakSet), person in WeakSet, values["p"] is person, list(values.keys())


def a_weak_reference_there(world):
    person = world.new("hosted.people.Person", "Ann")
    reference = world.new("weakref.ref", person)
    return reference() is person, reference().name, world.raised(world.new, "weakref.ref", 5)


def a_weak_proxy_there(world):
    person = world.new("hosted.people.Person", "Ann")
    weak = world.invoke("weakref.", "proxy", person)
    return weak.name, weak.add(1).age


def weak_references_here(world):
    import gc
    import weakref

    person = world.new("hosted.people.Person", "Ann")
    reference = weakref.ref(person)
    alive = reference() is person
    del person
    gc.collect()
    return alive, reference()


def arrays_of_numbers(world):
    numbers = world.new("array.array", "d", [1.5, 2.5])
    numbers.extend([3.5])
    numbers[0:2] = world.new("array.array", "d", [0.5])
    return (
        numbers,
        numbers.itemsize,
        bytes(numbers),
        len(numbers),
        numbers == world.new("array.array", "d", [0.5, 3.5]),
        numbers.index(3.5),
    )


def a_simple_namespace(world):
    space = world.new("types.SimpleNamespace", x=1)
    space.y = space.x + 1
    del space.x
    return space, hasattr(space, "x"), space == world.new("types.SimpleNamespace", y=2)


@since(3, 9)
def a_topological_sorter(world):
    sorter = world.new("graphlib.TopologicalSorter", {"d": {"b", "c"}, "b": {"a"}, "c": {"a"}})
    order = list(sorter.static_order())
    cyclic = world.new("graphlib.TopologicalSorter", {"a": ["b"], "b": ["a"]})
    return order[0], order[-1], world.raised(cyclic.prepare)


def a_queue(world):
    queue = world.new("queue.Queue", maxsize=2)
    queue.put(1)
    queue.put([2])
    full = world.raised(queue.put_nowait, 3), world.raised(queue.put, 3, timeout=0.01)
    got = queue.get(), queue.get(timeout=1)
    queue.task_done()
    return got, queue.empty(), queue.qsize(), full, world.raised(queue.get_nowait), world.raised(queue.get, True, 0.01)


def queue_errors_are_caught_by_their_class(world):
    import queue as queues

    queue = world.new("queue.LifoQueue")
    try:
        queue.get_nowait()
    except queues.Empty:
        return "empty"


def a_priority_queue(world):
    queue = world.new("queue.PriorityQueue")
    for item in [(3, "c"), (1, "a"), (2, "b")]:
        queue.put(item)
    return [queue.get() for _ in range(3)], world.new("queue.LifoQueue").qsize()


@since(3, 7)
def a_simple_queue(world):
    queue = world.new("queue.SimpleQueue")
    queue.put({"a": 1})
    return queue.get(), queue.empty()
