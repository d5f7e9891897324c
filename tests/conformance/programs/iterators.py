"""Iterators and generators."""

import collections
import itertools
import operator

from programs import since, without_text


def _events(world):
    events = world.get("hosted.iterating.", "events")
    events.clear()
    return events


def a_for_loop(world):
    seen = []
    for number in world.new("hosted.iterating.Numbers", 1, 2, 3):
        seen.append(number)
    else:
        seen.append("else")
    return seen


def an_iterable_begins_anew_each_time(world):
    numbers = world.new("hosted.iterating.Numbers", 1, 2)
    return list(numbers), list(numbers), numbers.begun, iter(numbers) is iter(numbers)


def an_iterator_ends_once(world):
    countdown = world.new("hosted.iterating.Countdown", 3)
    return next(countdown), iter(countdown) is countdown, list(countdown), list(countdown), countdown.n


def next_with_and_without_a_default(world):
    countdown = world.new("hosted.iterating.Countdown", 1)
    first = next(countdown)
    error = world.raised(next, countdown)
    return first, next(countdown, "default"), error, error.value


def iteration_by_getitem(world):
    old = world.new("hosted.iterating.OldStyle")
    return list(old), 20 in old, 5 in old, [each for each in _reversed_or_none(old)]


def _reversed_or_none(items):
    try:
        return reversed(items)
    except TypeError as error:
        return [type(error).__name__]


def reversed_by_its_own_method(world):
    return list(reversed(world.new("hosted.iterating.Numbers", 1, 2)))


@without_text("this interpreter says it, in its version's words")
def what_cant_be_iterated(world):
    company = world.new("hosted.people.Company")
    return world.raised(iter, company), world.raised(list, company), world.raised(lambda: 1 in company)


def an_iter_that_raises(world):
    return world.raised(list, world.new("hosted.iterating.Broken"))


def an_iter_that_returns_no_iterator(world):
    return world.raised(iter, world.new("hosted.iterating.NotAnIterator"))


def membership_by_iteration(world):
    numbers = world.new("hosted.iterating.Numbers", 1, 2)
    return 1 in numbers, 5 in numbers, numbers.begun


def a_list_subclass_with_its_own_iteration(world):
    shouting = world.new("hosted.iterating.ShoutingList", [1, 2])
    return list(shouting), [each for each in shouting], shouting[0], len(shouting), sorted(shouting)


def a_list_subclass(world):
    plain = world.new("hosted.iterating.PlainList", [1, 2])
    plain.append(3)
    return plain, plain.first(), list(plain), plain[:2], plain == [1, 2, 3], isinstance(plain, list)


def length_hints(world):
    return operator.length_hint(world.new("hosted.iterating.Countdown", 5)), operator.length_hint(
        world.new("hosted.iterating.Countdown", 0), 9
    )


def a_generator_runs_lazily(world):
    events = _events(world)
    numbers = world.invoke("hosted.iterating.", "count_to", 5)
    before = list(events)
    first = next(numbers)
    return before, first, list(events), list(numbers), list(events)


def leaving_a_loop_over_a_generator(world):
    events = _events(world)
    for number in world.invoke("hosted.iterating.", "count_to", 100):
        if number == 2:
            break
    return list(events)


def an_endless_generator(world):
    numbers = world.invoke("hosted.iterating.", "forever")
    return list(itertools.islice(numbers, 3)), next(numbers), list(zip(numbers, "ab"))


def generators_are_their_own_iterators(world):
    numbers = world.invoke("hosted.iterating.", "count_to", 2)
    return iter(numbers) is numbers, list(numbers), list(numbers)


def sending_to_a_generator(world):
    echo = world.invoke("hosted.iterating.", "echo")
    return next(echo), echo.send(1), echo.send([2]), echo.send(None)


def sending_to_a_generator_that_has_not_begun(world):
    return world.raised(world.invoke("hosted.iterating.", "echo").send, 1)


def a_generator_as_a_coroutine(world):
    averager = world.invoke("hosted.iterating.", "averager")
    next(averager)
    averages = [averager.send(number) for number in (10, 20, 30)]
    end = world.raised(averager.send, None)
    return averages, end, end.value


def throwing_into_a_generator(world):
    events = _events(world)
    averager = world.invoke("hosted.iterating.", "averager")
    next(averager)
    averager.send(10)
    return averager.throw(ValueError("reset")), averager.send(4), events


def throwing_a_class_into_a_generator(world):
    guarded = world.invoke("hosted.iterating.", "guarded")
    return next(guarded), guarded.throw(KeyError), world.raised(next, guarded)


def throwing_what_a_generator_does_not_catch(world):
    events = _events(world)
    guarded = world.invoke("hosted.iterating.", "guarded")
    next(guarded)
    return world.raised(guarded.throw, RuntimeError("thrown", 1)), events, world.raised(next, guarded)


def throwing_into_a_generator_that_has_not_begun(world):
    guarded = world.invoke("hosted.iterating.", "guarded")
    return world.raised(guarded.throw, KeyError("early")), list(guarded)


def closing_a_generator(world):
    events = _events(world)
    guarded = world.invoke("hosted.iterating.", "guarded")
    next(guarded)
    return guarded.close(), events, list(guarded), guarded.close()


def a_generator_that_ignores_its_close(world):
    stubborn = world.invoke("hosted.iterating.", "stubborn")
    next(stubborn)
    return world.raised(stubborn.close)


def a_generator_that_raises(world):
    seen = []

    def loop():
        for number in world.invoke("hosted.iterating.", "fails_after", 3):
            seen.append(number)

    return world.raised(loop), seen


def the_value_that_a_generator_returns(world):
    generator = world.invoke("hosted.iterating.", "returning", {"a": 1})
    next(generator)
    return world.raised(next, generator).value


def an_empty_generator(world):
    return list(world.invoke("hosted.iterating.", "empty")), next(world.invoke("hosted.iterating.", "empty"), None)


def yield_from_a_generator(world):
    def outer():
        result = yield from world.invoke("hosted.iterating.", "returning", "value")
        yield ("result", result)

    return list(outer())


def yield_from_forwards_send(world):
    def outer():
        return (yield from world.invoke("hosted.iterating.", "averager"))

    generator = outer()
    next(generator)
    averages = [generator.send(1), generator.send(3)]
    return averages, world.raised(generator.send, None).value


def yield_from_forwards_throw_and_close(world):
    events = _events(world)

    def outer():
        yield from world.invoke("hosted.iterating.", "guarded")

    one, two = outer(), outer()
    next(one), next(two)
    caught = one.throw(KeyError("x"))
    two.close()
    return caught, events


def yield_from_an_iterable(world):
    def outer():
        yield from world.new("hosted.iterating.Numbers", 1, 2)
        yield from world.new("builtins.dict", a=1)

    return list(outer())


def a_generator_there_delegates_to_one_here(world):
    def inner():
        got = yield 1
        return got

    generator = world.invoke("hosted.iterating.", "delegating", inner())
    return next(generator), generator.send("sent")


def a_generator_there_delegates_to_one_there(world):
    inner = world.invoke("hosted.iterating.", "averager")
    generator = world.invoke("hosted.iterating.", "delegating", inner)
    return next(generator), generator.send(4), generator.send(None)


def generators_here_are_consumed_there(world):
    seen = []

    def numbers():
        for number in range(3):
            seen.append(number)
            yield number

    return world.invoke("builtins.", "sum", numbers()), seen, world.new("collections.deque", numbers(), 2)


def a_generator_here_that_raises_is_consumed_there(world):
    def numbers():
        yield 1
        raise KeyError("here")

    return world.raised(world.invoke, "builtins.", "list", numbers())


def generator_methods_of_objects(world):
    numbers = world.new("hosted.iterating.Numbers", 3, 4)
    return list(numbers.generate()), sum(numbers.generate()), max(numbers.generate())


def generator_attributes(world):
    generator = world.invoke("hosted.iterating.", "count_to", 1)
    before = generator.gi_running, type(generator).__name__
    return before, list(generator), generator.gi_running


def tee_over_a_generator(world):
    one, two = itertools.tee(world.invoke("hosted.iterating.", "count_to", 3))
    return next(one), next(one), list(two), list(one)


def deque_here_over_a_generator(world):
    return list(collections.deque(world.invoke("hosted.iterating.", "count_to", 5), maxlen=2))


def builtin_iterators(world):
    items = world.invoke("builtins.", "iter", [1, 2, 3])
    pairs = world.invoke("builtins.", "zip", [1, 2], [3, 4])
    return next(items), operator.length_hint(items), list(items), type(items).__name__, list(pairs)


def iter_with_a_sentinel(world):
    step = world.invoke("hosted.calls.", "counter")
    return list(iter(step, 4)), list(world.invoke("builtins.", "iter", step, 7))


def an_iterator_over_a_list_that_grows(world):
    numbers = world.new("builtins.list", [1])
    items = iter(numbers)
    first = next(items)
    numbers.append(2)
    return first, next(items), next(items, "end")


def two_iterators_over_one_list(world):
    numbers = world.new("builtins.list", [1, 2])
    return [(a, b) for a in numbers for b in numbers]


def iterating_while_the_object_is_used(world):
    numbers = world.new("builtins.list", range(200))
    return [numbers.count(number) + numbers[number] for number in numbers] == [n + 1 for n in range(200)]


def a_comprehension_with_a_condition(world):
    numbers = world.new("hosted.iterating.Numbers", *range(10))
    return [n * n for n in numbers if n % 2], {n % 3 for n in numbers}, {n: str(n) for n in numbers if n > 7}


def stopiteration_with_a_value_from_next(world):
    return next(world.new("hosted.iterating.Countdown", 0), "default"), list(world.new("hosted.iterating.Countdown", 0))


@since(3, 7)
def stopiteration_in_a_generator_here(world):
    countdown = world.new("hosted.iterating.Countdown", 0)

    def generator():
        yield next(countdown)

    return world.raised(list, generator())


def a_lazy_pipeline_of_both_sides(world):
    numbers = world.invoke("hosted.iterating.", "forever")
    evens = (n for n in numbers if n % 2 == 0)
    pairs = world.invoke("itertools.", "islice", evens, 3)
    return list(pairs), next(numbers)
