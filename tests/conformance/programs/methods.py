"""Methods with every kind of parameter, class and static methods, functions and other callables."""

import functools
import operator
import threading

from programs import without_text


def arguments_by_place_and_name(world):
    methods = world.new("hosted.calls.Methods")
    return methods.plain(1, 2), methods.plain(1, b=2), methods.plain(b=1, a=2), methods.plain(*[1, 2])


def default_values(world):
    methods = world.new("hosted.calls.Methods")
    return methods.defaults(1), methods.defaults(1, 3), methods.defaults(1, c=4), methods.defaults(**{"a": 1, "b": 0})


def any_number_of_arguments(world):
    methods = world.new("hosted.calls.Methods")
    return methods.many(), methods.many(1, 2, x=3), methods.many(*range(300)), methods.many(**{"a b": 1, "": 2})


def keyword_only_parameters(world):
    methods = world.new("hosted.calls.Methods")
    return methods.only(key=1), methods.only(other=2, key=1), world.raised(methods.only), world.raised(methods.only, 1)


def every_kind_of_parameter_at_once(world):
    methods = world.new("hosted.calls.Methods")
    return (
        methods.everything(1, c=3),
        methods.everything(1, 2, 3, 4, c=5, d=6, e=7),
        world.raised(methods.everything, 1),
        world.raised(methods.everything, 1, 2, a=1, c=3),
    )


def wrong_numbers_of_arguments(world):
    methods = world.new("hosted.calls.Methods")
    return (
        world.raised(methods.none, 1),
        world.raised(methods.plain, 1),
        world.raised(methods.plain, 1, 2, 3),
        world.raised(methods.plain, 1, c=2),
        world.raised(methods.static),
    )


def keyword_arguments_with_difficult_names(world):
    methods = world.new("hosted.calls.Methods")
    names = ["name", "method", "class_name", "args", "kwargs", "kind", "member", "number", "value", "link", "request"]
    return methods.keywords(**dict.fromkeys(names))


@without_text("this interpreter refuses it, in its version's words")
def self_as_a_keyword(world):
    return world.raised(world.new("hosted.calls.Methods").keywords, **{"self": 1})


def a_parameter_called_self(world):
    selfish = world.new("hosted.calls.Selfish")
    return selfish.named_self(1), selfish.named_self(self=2), selfish.twice(self_=3)


def a_method_without_a_return(world):
    return world.new("hosted.calls.Methods").none()


def class_methods_through_instance_and_class(world):
    methods = world.new("hosted.calls.Methods")
    return (
        methods.make(1, 2).args,
        world.invoke("hosted.calls.Methods", "make", 3).args,
        world.invoke("hosted.calls.Derived", "make").by,
        world.new("hosted.calls.Derived").name_of_class(),
    )


def a_class_method_that_sets_a_class_attribute(world):
    methods = world.new("hosted.calls.Methods")
    return methods.keep("x"), world.get("hosted.calls.Methods", "kept"), world.new("hosted.calls.Derived").kept


def static_methods(world):
    methods = world.new("hosted.calls.Methods")
    return methods.static(2, 3), methods.static("ab", b=2), world.invoke("hosted.calls.Methods", "static", 5)


def partial_and_lambda_methods(world):
    methods = world.new("hosted.calls.Methods")
    return methods.partial(2), methods.lambda_method(1), methods.assigned(3, 4)


def a_cached_method_runs_once(world):
    calls = world.get("hosted.calls.", "calls")
    calls.clear()
    methods = world.new("hosted.calls.Methods")
    return methods.cached(4), methods.cached(4), methods.cached(5), calls


def a_mutable_default_is_shared(world):
    first, second = world.new("hosted.calls.Methods"), world.new("hosted.calls.Methods")
    start = len(first.mutable_default(1))
    return [item for item in second.mutable_default(2)][start:]


def an_overridden_method(world):
    return world.new("hosted.calls.Derived").plain(1), world.new("hosted.calls.Methods").plain(1, 2)


def a_recursive_method(world):
    return world.new("hosted.calls.Methods").recurse(30)


def bound_methods_are_values(world):
    methods = world.new("hosted.calls.Methods")
    plain = methods.plain
    return plain(1, 2), list(map(plain, "ab", "cd")), plain == methods.plain, plain.__self__ is methods, callable(plain)


def a_bound_method_tells_its_name_and_doc(world):
    method = world.new("hosted.calls.Methods").defaults
    return method.__name__, method.__doc__, method.__qualname__


def a_bound_method_that_was_returned(world):
    method = world.new("hosted.calls.Methods").returns_method()
    return method(1, 2), callable(method)


def a_bound_method_is_passed_on(world):
    methods = world.new("hosted.calls.Methods")
    return world.invoke("hosted.calls.", "apply", methods.plain, 1, b=2)


def a_bound_method_of_an_object_is_seen_as_such(world):
    methods = world.new("hosted.calls.Methods")
    return world.invoke("hosted.calls.", "kind_of", methods.plain)[0]


def an_unbound_method_of_a_class(world):
    Methods = world.get("hosted.calls.", "Methods")
    return Methods.plain(Methods(), 1, 2), world.raised(Methods.plain, 1)


def str_upper_as_a_function(world):
    upper = world.get("builtins.str", "upper")
    return upper("abc"), [upper(each) for each in "xyz"]


def functions_of_a_module(world):
    return (
        world.invoke("hosted.calls.", "plain", 1),
        world.invoke("hosted.calls.", "everything", 1, 2, 3, c=4, e=5),
        world.get("hosted.calls.", "CONSTANT"),
        world.raised(world.invoke, "hosted.calls.", "plain"),
    )


def a_function_is_a_value(world):
    plain = world.get("hosted.calls.", "plain")
    return plain(1), plain(b=1, a=2), callable(plain), functools.partial(plain, b=5)(1), plain is plain


def a_function_tells_its_name_and_doc(world):
    plain = world.get("hosted.calls.", "plain")
    return plain.__name__, plain.__doc__, plain.__module__, plain.__qualname__


def a_decorated_function(world):
    greeting = world.get("hosted.calls.", "greeting")
    return greeting("Ann"), greeting.__name__, greeting.__doc__


def closures_keep_their_state(world):
    one, two = world.invoke("hosted.calls.", "counter"), world.invoke("hosted.calls.", "counter", 10)
    return one(), one(5), two(), one()


def functions_are_passed_to_functions(world):
    plain = world.get("hosted.calls.", "plain")
    return world.invoke("hosted.calls.", "apply_each", plain, [1, 2]), list(map(plain, [1, 2]))


def a_function_of_the_programs_own_is_called_back(world):
    seen = []
    result = world.invoke("hosted.calls.", "apply", lambda *args, **kwargs: seen.append((args, kwargs)), 1, x=2)
    return seen, result


def a_method_calls_back_with_the_object_itself(world):
    methods = world.new("hosted.calls.Methods")
    return methods.calls_back(lambda me, x: (me is methods, me.plain(x, 2)), 1)


def callbacks_that_raise(world):
    def fails(value):
        raise KeyError(value)

    return world.raised(world.invoke, "hosted.calls.", "apply", fails, 7)


def functions_of_both_sides_composed(world):
    step = world.invoke("hosted.calls.", "counter")
    composed = world.invoke("hosted.calls.", "compose", lambda x: x + 1, step, str)
    return composed(1), composed(1), step(0)


def a_decorator_is_applied_here(world):
    decorated = world.get("hosted.calls.", "decorated")

    @decorated
    def double(x):
        """Twice."""
        return 2 * x

    return double(4), double.__name__, double.__doc__


def callable_objects(world):
    triple = world.new("hosted.calls.Callable", 3)
    return triple(2), triple(2, 1, plus=1), callable(triple), list(map(triple, [1, 2])), world.raised(triple)


def objects_that_cant_be_called(world):
    thing = world.new("hosted.people.Company")
    return callable(thing), world.raised(lambda: thing())


def event_handlers(world):
    event, seen = world.new("hosted.calls.Event"), []

    @event.add
    def handler(*args):
        seen.append(args)
        return len(seen)

    event.add(str)
    return event.fire(1), event.fire("x"), seen, handler in event.handlers, event.handlers[0] is handler


def handlers_are_removed(world):
    event, seen = world.new("hosted.calls.Event"), []
    handler = event.add(seen.append)
    event.fire(1)
    event.handlers.remove(handler)
    event.fire(2)
    return seen, len(event.handlers)


def a_method_as_a_thread(world):
    methods = world.new("hosted.calls.Methods")
    results = []
    thread = threading.Thread(target=lambda: results.append(methods.plain(1, 2)))
    thread.start()
    thread.join()
    return results


def methods_as_keys_for_sorting(world):
    triple = world.new("hosted.calls.Callable", -3)
    return sorted([1, 3, 2], key=triple), max([1, 3], key=triple), min([1, 3], key=triple)


def functools_with_objects_callables(world):
    plain, triple = world.get("hosted.calls.", "plain"), world.new("hosted.calls.Callable", 3)
    return functools.reduce(plain, [1, 2, 3]), list(filter(triple, [0, 1])), functools.partial(triple, plus=1)(2)


def arguments_arrive_as_what_they_are(world):
    values = [
        None,
        True,
        1,
        2**70,
        1.5,
        1j,
        "x",
        b"x",
        (1, 2),
        [1],
        {1: 2},
        {1},
        frozenset([1]),
        bytearray(b"x"),
        range(3),
    ]
    values += [slice(1, 2, 3), ..., NotImplemented]
    return [world.invoke("hosted.calls.", "kind_of", value) for value in values]


def builtin_classes_are_arguments_and_results(world):
    apply = world.get("hosted.calls.", "apply")
    return apply(int, "12"), apply(list, "ab"), apply(type, 1) is int, apply(isinstance, 1, int), apply(dict, [(1, 2)])


def operators_module_functions_are_arguments(world):
    apply = world.get("hosted.calls.", "apply")
    return apply(operator.add, 1, 2), apply(operator.itemgetter(1), [1, 2]), apply(len, "abc")
