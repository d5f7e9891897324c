"""Context managers."""

import contextlib


def _events(world):
    events = world.get("hosted.managing.", "events")
    events.clear()
    return events


def a_with_statement(world):
    events, manager = _events(world), world.new("hosted.managing.Manager")
    with manager as value:
        events.append("body")
    return value, events, manager.seen


def a_manager_that_returns_itself(world):
    manager = world.new("hosted.managing.Itself")
    with manager as value:
        same = value is manager
    return same, manager.seen


def an_exception_passes_through(world):
    manager = world.new("hosted.managing.Manager")
    error = KeyError("x", 1)

    def body():
        with manager:
            raise error

    return world.raised(body) is error, manager.seen


def an_exception_is_suppressed(world):
    manager = world.new("hosted.managing.Manager", [LookupError])
    with manager:
        raise KeyError("x")
    return manager.seen


def an_exception_of_this_sides_own_is_seen_as_its_base(world):
    class Mine(LookupError):
        pass

    manager = world.new("hosted.managing.Manager", [LookupError])
    with manager:
        raise Mine("x")
    return manager.seen


def the_manager_sees_the_exception(world):
    identity = world.new("hosted.managing.Identity")
    with identity as value:
        raise ValueError("seen", 2)
    return value is identity, identity.matches, identity.text, identity.is_value_error, identity.error


def an_exception_of_the_object_comes_back_to_it(world):
    identity = world.new("hosted.managing.Identity")
    with identity:
        world.new("hosted.people.Person").age = -1
    return identity.text, identity.is_value_error


def a_return_in_the_body(world):
    manager = world.new("hosted.managing.Manager")

    def body():
        with manager as value:
            return value

    return body(), manager.seen


def break_and_continue_in_the_body(world):
    manager = world.new("hosted.managing.Manager")
    for n in range(5):
        with manager:
            if n == 1:
                continue
            if n == 3:
                break
    return n, manager.seen


def a_manager_that_fails_to_enter(world):
    manager = world.new("hosted.managing.FailsToEnter")

    def body():
        with manager:
            pass

    return world.raised(body), manager.seen


def a_manager_that_fails_to_exit(world):
    manager = world.new("hosted.managing.FailsToExit")

    def body(error):
        with manager:
            if error:
                raise error

    return world.raised(body, None), world.raised(body, KeyError("x")), world.raised(body, KeyError("x")).__context__


def what_exit_returns_is_taken_for_its_truth(world):
    def body(value):
        with world.new("hosted.managing.Returns", value):
            raise KeyError(value)
        return "suppressed"

    return body(1), body("x"), body([0]), world.raised(body, 0), world.raised(body, ""), world.raised(body, None)


def a_generators_context_manager(world):
    events = _events(world)
    with world.invoke("hosted.managing.", "managed", "one") as value:
        events.append(value)
    with world.invoke("hosted.managing.", "managed", "two"):
        raise KeyError("suppressed")
    return value, events


def a_generators_context_manager_lets_others_through(world):
    events = _events(world)

    def body():
        with world.invoke("hosted.managing.", "managed", "one"):
            raise ValueError("through")

    return world.raised(body), events


def a_manager_that_translates(world):
    def body():
        with world.invoke("hosted.managing.", "translating"):
            raise KeyError("inner")

    error = world.raised(body)
    return error, error.__cause__


def nested_managers(world):
    events = _events(world)
    with world.invoke("hosted.managing.", "managed", "a") as a, world.invoke("hosted.managing.", "managed", "b") as b:
        events.append((a, b))
    return events


def an_exit_stack_here(world):
    events = _events(world)
    with contextlib.ExitStack() as stack:
        values = [stack.enter_context(world.invoke("hosted.managing.", "managed", name)) for name in "abc"]
        stack.callback(events.append, "callback")
    return values, events


def an_exit_stack_there(world):
    events = _events(world)
    with world.new("contextlib.ExitStack") as stack:
        stack.enter_context(world.invoke("hosted.managing.", "managed", "x"))
        stack.callback(events.append, "callback here")
    return events


def a_manager_of_this_side_is_used_there(world):
    seen = []

    @contextlib.contextmanager
    def mine():
        seen.append("begin")
        try:
            yield "value"
        except KeyError as error:
            seen.append(error.args)
        seen.append("end")

    return (
        world.invoke("hosted.managing.", "use", mine()),
        world.invoke("hosted.managing.", "use", mine(), KeyError("thrown")),
        seen,
    )


def a_manager_is_used_twice(world):
    manager = world.new("hosted.managing.Manager")
    with manager:
        pass
    with manager:
        pass
    return len(manager.seen)


def suppress_closing_and_nullcontext(world):
    with world.new("contextlib.suppress", KeyError):
        raise KeyError("x")
    with world.new("contextlib.closing", world.new("io.StringIO")) as text:
        text.write("x")
    return text.closed


def redirecting_output_there(world):
    out = world.new("io.StringIO")
    with world.new("contextlib.redirect_stdout", out):
        world.invoke("builtins.", "print", "printed", 1, end=";")
    return out.getvalue()


def a_manager_called_by_hand(world):
    manager = world.new("hosted.managing.Manager")
    return manager.__enter__(), manager.__exit__(None, None, None), manager.seen


def what_is_no_manager(world):
    def body():
        with world.new("hosted.people.Person"):
            pass

    return isinstance(world.raised(body), (AttributeError, TypeError))


def locks_and_files_in_with(world):
    lock = world.invoke("threading.", "Lock")
    with lock:
        inside = lock.locked()
    return inside, lock.locked()
