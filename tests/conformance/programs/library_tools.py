"""Modules of tools: itertools, functools, contextlib, threading, sched, ctypes and others."""

import functools
import operator
import threading

from programs import since


def itertools_objects(world):
    new = world.new
    return (
        list(new("itertools.chain", [1], "a")),
        list(world.invoke("itertools.chain", "from_iterable", [[1], [2]])),
        list(new("itertools.islice", range(10), 2, 8, 2)),
        list(new("itertools.product", "ab", [1, 2])),
        list(new("itertools.permutations", [1, 2, 3], 2))[:3],
        list(new("itertools.combinations", "abc", 2)),
        list(new("itertools.accumulate", [1, 2, 3])),
        list(new("itertools.compress", "abc", [1, 0, 1])),
        list(new("itertools.starmap", pow, [(2, 3)])),
        list(new("itertools.zip_longest", "ab", [1], fillvalue="-")),
        list(new("itertools.repeat", "x", 2)),
    )


def endless_itertools(world):
    count, cycle = world.new("itertools.count", 5, 2), world.new("itertools.cycle", "ab")
    return next(count), next(count), count, [next(cycle) for _ in range(3)], list(zip(count, "ab"))


def itertools_with_functions_of_this_side(world):
    return (
        list(world.new("itertools.takewhile", lambda n: n < 3, world.new("itertools.count"))),
        list(world.new("itertools.dropwhile", lambda n: n < 2, [1, 2, 1])),
        list(world.new("itertools.filterfalse", lambda n: n % 2, range(4))),
        list(world.new("itertools.accumulate", [1, 2, 3], operator.mul)),
        [(key, list(group)) for key, group in world.new("itertools.groupby", "aabc", str.upper)],
    )


def tee_there(world):
    one, two = world.invoke("itertools.", "tee", [1, 2, 3])
    return next(one), next(one), list(two), list(one)


def a_partial(world):
    partial = world.new("functools.partial", world.get("hosted.calls.", "everything"), 1, c=3)
    return (
        partial(2),
        partial(c=4, z=5),
        partial.args,
        partial.keywords,
        partial.func is world.get("hosted.calls.", "everything"),
    )


def a_partial_of_a_function_of_this_side(world):
    def mine(*args, **kwargs):
        return args, kwargs

    partial = world.new("functools.partial", mine, 1, x=2)
    return partial(3, y=4), partial.func is mine


def an_lru_cache(world):
    calls = []

    def slow(n):
        calls.append(n)
        return n * 2

    cached = world.invoke("functools.", "lru_cache", 2)(slow)
    results = [cached(n) for n in (1, 1, 2, 3, 1)]
    info = cached.cache_info()
    cached.cache_clear()
    return results, calls, info.hits, info.misses, info, cached.cache_info().currsize


def a_single_dispatch(world):
    describe = world.invoke("functools.", "singledispatch", lambda value: "something")

    @describe.register(int)
    def _(value):
        return "int %d" % value

    describe.register(list, lambda value: "list of %d" % len(value))
    return describe(1), describe([1, 2]), describe("x"), describe(True), describe.dispatch(int)(5)


def single_dispatch_here_on_objects(world):
    @functools.singledispatch
    def describe(value):
        return "something"

    @describe.register(list)
    def _(value):
        return "list of %d" % len(value)

    @describe.register(dict)
    def _(value):
        return "dict of %d" % len(value)

    return (
        describe(world.new("builtins.list", "ab")),
        describe(world.new("builtins.dict", a=1)),
        describe(world.new("builtins.object")),
        describe(world.new("collections.OrderedDict")),
    )


def reduce_and_cmp_to_key(world):
    key = world.invoke("functools.", "cmp_to_key", lambda a, b: b - a)
    return (
        sorted([1, 3, 2], key=key),
        world.invoke("functools.", "reduce", lambda a, b: a * 10 + b, [1, 2, 3]),
        world.invoke("builtins.", "sorted", [1, 3, 2], key=key),
    )


def operator_objects(world):
    item, attribute = world.new("operator.itemgetter", 1, 0), world.new("operator.attrgetter", "name")
    person = world.new("hosted.people.Person", "Ann")
    return (
        item("ab"),
        attribute(person),
        world.new("operator.methodcaller", "add", 2)(person).age,
        attribute(world.new("hosted.people.Company")),
    )


def a_contextmanager_of_this_side_made_there(world):
    contextmanager = world.get("contextlib.", "contextmanager")

    @contextmanager
    def managed(name):
        seen.append("begin " + name)
        yield name.upper()
        seen.append("end " + name)

    seen = []
    with managed("x") as value:
        seen.append(value)
    return seen


def an_exit_stack_with_callbacks(world):
    seen, stack = [], world.new("contextlib.ExitStack")
    with stack:
        stack.callback(seen.append, 1)
        stack.callback(lambda: seen.append(2))
        stack.push(lambda *error: seen.append(error[0]) or True)
        later = stack.pop_all()
    before = list(seen)
    with later:
        raise KeyError("suppressed")
    return before, seen


def a_lock(world):
    lock = world.invoke("threading.", "Lock")
    taken = lock.acquire(), lock.acquire(False), lock.acquire(timeout=0.01), lock.locked()
    lock.release()
    return taken, lock.locked(), world.raised(lock.release)


def a_reentrant_lock(world):
    lock = world.invoke("threading.", "RLock")
    with lock:
        with lock:
            inside = lock.acquire(blocking=False)
        lock.release()
    return inside, world.raised(lock.release)


def an_event(world):
    event = world.new("threading.Event")
    before = event.is_set(), event.wait(0.01)
    event.set()
    after = event.is_set(), event.wait(), event.wait(1)
    event.clear()
    return before, after, event.is_set()


def a_condition(world):
    condition = world.new("threading.Condition")
    with condition:
        waited = condition.wait(0.01), condition.wait_for(lambda: True, 1)
        condition.notify_all()
    return waited, world.raised(condition.notify)


def semaphores(world):
    semaphore, bounded = world.new("threading.Semaphore", 2), world.new("threading.BoundedSemaphore", 1)
    taken = semaphore.acquire(), semaphore.acquire(), semaphore.acquire(blocking=False)
    semaphore.release()
    with bounded:
        pass
    return (
        taken,
        semaphore.acquire(timeout=1),
        world.raised(bounded.release),
        world.raised(world.new, "threading.Semaphore", -1),
    )


def a_barrier(world):
    barrier = world.new("threading.Barrier", 1)
    waited = barrier.wait(), barrier.wait(1)
    barrier.abort()
    return waited, barrier.parties, barrier.broken, barrier.n_waiting, type(world.raised(barrier.wait)).__name__


def a_broken_barrier_is_caught_by_its_class(world):
    barrier = world.new("threading.Barrier", 1)
    barrier.abort()
    try:
        barrier.wait()
    except threading.BrokenBarrierError as error:
        return isinstance(error, RuntimeError)


def a_thread_there(world):
    results = world.new("builtins.list")
    thread = world.new("threading.Thread", target=results.append, args=(5,), name="worker", daemon=True)
    before = thread.is_alive(), thread.name, thread.daemon
    thread.start()
    thread.join()
    return before, thread.is_alive(), results, world.raised(thread.start)


def a_pool_there(world):
    with world.new("concurrent.futures.ThreadPoolExecutor", 2) as pool:
        future = pool.submit(world.get("operator.", "pow"), 2, 5)
        failing = pool.submit(int, "x")
        mapped = list(pool.map(world.get("builtins.", "abs"), [-1, 2, -3]))
    return future.result(), future.done(), mapped, failing.exception(), world.raised(failing.result)


def a_future_there(world):
    seen, future = [], world.new("concurrent.futures.Future")
    future.add_done_callback(lambda done: seen.append(done.result()))
    future.set_result([1])
    return future.result(), seen, future.done(), future.cancel(), world.raised(future.set_exception, None) is not None


def thread_locals(world):
    local = world.invoke("threading.", "local")
    local.x = 1
    return local.x, hasattr(local, "y"), world.raised(getattr, local, "y")


def a_timer_that_is_cancelled(world):
    timer = world.new("threading.Timer", 1000, print)
    timer.start()
    timer.cancel()
    timer.join()
    return timer.is_alive(), timer.interval


def a_scheduler(world):
    seen, scheduler = [], world.new("sched.scheduler")
    scheduler.enter(0, 2, seen.append, ("second",))
    scheduler.enter(0, 1, seen.append, argument=("first",))
    scheduler.run()
    return seen, scheduler.empty()


def inspecting_there(world):
    signature = world.invoke("inspect.", "signature", world.get("hosted.calls.", "everything"))
    return (
        str(signature),
        list(signature.parameters),
        signature.parameters["d"].default,
        signature.bind(1, c=2).arguments["a"],
    )


def types_made_there(world):
    made = world.new("types.ModuleType", "made", "a module")
    made.x = 1
    return made.x, type(made).__name__, world.raised(getattr, made, "y")


@since(3, 8)
def a_cached_property_there(world):
    Made = world.invoke(
        "builtins.", "type", "Made", (), {"x": world.new("functools.cached_property", lambda self: [1])}
    )
    return type(Made()).__name__


@since(3, 7)
def a_context_variable(world):
    variable = world.new("contextvars.ContextVar", "v", default=5)
    token = variable.set(6)
    inside = variable.get()
    variable.reset(token)
    return inside, variable.get(), variable.name, token.old_value is world.get("contextvars.Token", "MISSING")


def warnings_are_errors(world):
    with world.new("warnings.catch_warnings"):
        world.invoke("warnings.", "simplefilter", "error")
        return world.raised(world.invoke, "warnings.", "warn", "careful", DeprecationWarning)


def mocks(world):
    mock = world.new("unittest.mock.Mock", return_value=5)
    result = mock(1, x=2), mock.method("a").other
    mock.assert_called_once_with(1, x=2)
    mock.method.side_effect = KeyError("k")
    return (
        result[0],
        mock.call_count,
        mock.called,
        world.raised(mock.method),
        world.raised(mock.assert_not_called) is not None,
    )


def a_magic_mock(world):
    mock = world.new("unittest.mock.MagicMock")
    mock.attribute.method.return_value = 3
    mock.items = [1]
    return mock.attribute.method(), mock.items
