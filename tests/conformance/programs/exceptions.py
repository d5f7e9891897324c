"""Exceptions: raised, caught, chained, stored, returned and passed."""

import traceback

from programs import since, without_text

BUILTIN = [
    ("ValueError", "text"),
    ("ValueError",),
    ("KeyError", "key"),
    ("KeyError", ("a", 1)),
    ("IndexError", 5),
    ("OSError", 2, "No such file"),
    ("OSError", 2, "No such file", "name"),
    ("OSError", 13, "Permission denied", "a", None, "b"),
    ("OSError", 99999, "unknown"),
    ("ConnectionResetError", 104, "reset"),
    ("TimeoutError", "late"),
    ("StopIteration", 7),
    ("StopAsyncIteration",),
    ("ZeroDivisionError", "zero", 0),
    ("UnicodeDecodeError", "utf-8", b"\xff", 0, 1, "invalid"),
    ("UnicodeEncodeError", "ascii", "\xff", 0, 1, "invalid"),
    ("SyntaxError", "bad", ("file", 1, 2, "text")),
    ("ImportError", "no"),
    ("NotImplementedError",),
    ("RuntimeError", None),
    ("Exception", [1, 2]),
    ("MemoryError",),
    ("EOFError", ""),
    ("UserWarning", "warned"),
    ("BufferError", b"bytes"),
    ("NameError", "name"),
    ("Exception", {"a": 1}),
    ("ArithmeticError", 1.5, None, True),
    ("RecursionError", "deep"),
    ("BlockingIOError", 11, "again"),
]


def every_builtin_exception(world):
    return [world.raised(world.invoke, "hosted.failing.", "fail", *each) for each in BUILTIN]


def except_clauses_for_builtin_exceptions(world):
    caught = []
    for kind in ("KeyError", "FileNotFoundError", "ZeroDivisionError", "UnicodeError", "RuntimeError"):
        try:
            world.invoke("hosted.failing.", "fail", kind, "x")
        except LookupError as error:
            caught.append(("lookup", error.args))
        except OSError as error:
            caught.append(("os", error.args, error.errno))
        except (ArithmeticError, ValueError) as error:
            caught.append(("either", str(error)))
        except Exception as error:
            caught.append(("other", str(error)))
    return caught


def attributes_of_builtin_exceptions(world):
    os_error = world.raised(world.invoke, "hosted.failing.", "os_error", "/none/such")
    decode = world.raised(world.invoke, "hosted.failing.", "decode", b"a\xff")
    absent = world.raised(world.invoke, "hosted.failing.", "import_nothing")
    syntax = world.raised(world.invoke, "hosted.failing.", "syntax")
    return (
        (os_error.errno, os_error.strerror, os_error.filename),
        (decode.encoding, decode.object, decode.start, decode.end, decode.reason),
        (absent.name, absent.path, absent.msg),
        (syntax.filename, syntax.lineno, syntax.text, syntax.msg),
    )


def errors_of_the_interpreter(world):
    names = ["undefined", "attribute", "unpack", "assertion", "syntax", "import_nothing", "recurse"]
    return [world.raised(world.invoke, "hosted.failing.", name) for name in names]


def an_exception_of_the_application(world):
    error = world.raised(world.invoke, "hosted.failing.", "not_found", "x")
    return error, error.name, error.where, isinstance(error, LookupError)


def an_exception_with_two_builtin_bases(world):
    error = world.raised(world.invoke, "hosted.failing.", "missing", "x")
    return error, isinstance(error, KeyError), isinstance(error, AttributeError)


def an_exception_whose_text_is_made(world):
    error = world.raised(world.invoke, "hosted.failing.", "code", 7)
    return error, str(error), error.code, error.details, error.args


def exceptions_with_unusual_constructors(world):
    errors = [
        world.raised(world.invoke, "hosted.failing.", name) for name in ("keywords_only", "no_arguments", "with_list")
    ]
    return errors, errors[0].reason, errors[2].items, errors[2].args


def except_a_class_of_the_module(world):
    failing = world.invoke("importlib.", "import_module", "hosted.failing")
    try:
        failing.not_found("x")
    except failing.Code:
        return "wrong"
    except failing.NotFound as error:
        return "caught", error.name


def except_the_base_class_of_the_module(world):
    AppError = world.get("hosted.failing.", "AppError")
    try:
        world.invoke("hosted.failing.", "not_found", "x")
    except AppError as error:
        return str(error), isinstance(error, AppError), issubclass(type(error), AppError)


def raising_a_class_of_the_module(world):
    failing = world.invoke("importlib.", "import_module", "hosted.failing")

    def raises():
        raise failing.AppError("x")

    return world.raised(raises), world.raised(raises).args


def a_cause(world):
    error = world.raised(world.invoke, "hosted.failing.", "from_another")
    return error, error.__cause__, error.__suppress_context__


def a_context(world):
    error = world.raised(world.invoke, "hosted.failing.", "during_another")
    return error, error.__context__


def the_printed_traceback_names_causes(world):
    error = world.raised(world.invoke, "hosted.failing.", "from_another")
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    return (
        "KeyError: 'inner'" in text,
        "code 5" in text,
        "direct cause" in text,
        "in from_another" in text,
        "failing.py" in text,
    )


def exceptions_of_callbacks_pass_through(world):
    def fails():
        raise LookupError("here", 1)

    return world.raised(world.invoke, "hosted.failing.", "reraise", fails), world.invoke(
        "hosted.failing.", "swallow", fails
    )


def an_exception_of_a_callback_is_caught_by_its_base(world):
    class Mine(ValueError):
        pass

    def fails():
        raise Mine("mine")

    return world.invoke("hosted.failing.", "swallow_as", ValueError, fails), world.invoke(
        "hosted.failing.", "swallow_as", KeyError, fails
    )


def an_exception_of_a_callback_comes_back_as_itself(world):
    class Mine(Exception):
        def __init__(self, a, b):
            super().__init__(a, b)
            self.b = b

    def fails():
        raise Mine(1, [2])

    try:
        world.invoke("hosted.failing.", "reraise", fails)
    except Mine as error:
        return error.args, error.b


def wrapped_exceptions_of_callbacks(world):
    def fails():
        raise KeyError("inner")

    error = world.raised(world.invoke, "hosted.failing.", "wrap", fails)
    return error, error.__cause__


def an_exception_is_returned(world):
    error = world.invoke("hosted.failing.", "returned")
    return error, isinstance(error, ValueError), error.args, str(error), type(error).__name__


def returned_exceptions_can_be_raised(world):
    def raises():
        raise world.invoke("hosted.failing.", "returned", "KeyError")

    return world.raised(raises)


def an_exception_of_the_application_is_returned(world):
    error = world.invoke("hosted.failing.", "returned_own")
    return error, error.name, isinstance(error, LookupError), isinstance(error, Exception)


def exceptions_in_a_list(world):
    module = world.invoke("importlib.", "import_module", "hosted.failing")
    errors = module.collect(module.undefined, lambda: 1 / 0, module.unpack)
    return [type(error).__name__ for error in errors], len(errors), errors[1]


def an_object_stores_an_exception(world):
    holder = world.new("hosted.failing.Holder")

    def fails():
        raise ValueError("stored")

    holder.catch(fails)
    return holder.error, holder.error.args, world.raised(holder.throw), len(holder.errors)


def an_exception_as_an_argument(world):
    holder = world.new("hosted.failing.Holder")
    return (
        holder.tell(ValueError("x", 1)),
        holder.tell(KeyError("k")),
        world.raised(holder.throw_it, OSError(2, "none", "f")),
    )


def an_exception_as_an_attribute(world):
    holder = world.new("hosted.failing.Holder")
    holder.error = LookupError("set", 1)
    return holder.error, world.raised(holder.throw)


def an_exception_class_as_an_argument(world):
    holder = world.new("hosted.failing.Holder")
    return world.raised(holder.throw_it, KeyError), world.raised(holder.throw_it, ValueError)


def throwing_what_is_no_exception(world):
    return world.raised(world.new("hosted.failing.Holder").throw_it, "text")


def finally_runs(world):
    holder = world.new("hosted.failing.Holder")
    error = world.raised(holder.finally_, lambda: 1 / 0)
    return error, holder.errors, holder.finally_(lambda: 5), len(holder.errors)


def try_else_finally_here(world):
    steps = []
    for kind in ("ValueError", "KeyError"):
        try:
            world.invoke("hosted.failing.", "fail", kind, "x")
        except KeyError:
            steps.append("except")
            continue
        except ValueError:
            steps.append("value")
        else:
            steps.append("else")
        finally:
            steps.append("finally")
    return steps


def an_exception_in_a_constructor(world):
    return world.raised(world.new, "builtins.int", "x"), world.raised(world.new, "builtins.list", 5)


def an_exception_is_raised_again_here(world):
    def again():
        try:
            world.invoke("hosted.failing.", "fail", "ValueError", "first")
        except ValueError as error:
            raise RuntimeError("second") from error

    error = world.raised(again)
    return error, error.__cause__


def exceptions_compare_and_print(world):
    error = world.raised(world.invoke, "hosted.failing.", "fail", "ValueError", "x")
    return error == error, error == ValueError("x"), "{}".format(error), "%s" % error, str([str(error)]), bool(error)


@since(3, 7)
def the_repr_of_an_exception(world):
    error = world.raised(world.invoke, "hosted.failing.", "code", 7)
    return repr(error), repr(world.raised(world.invoke, "hosted.failing.", "fail", "KeyError", "k"))


@since(3, 11)
def exception_groups(world):
    group = world.raised(
        world.invoke, "hosted.failing.", "reraise", lambda: _raise(_group()("g", [ValueError(1), KeyError("k")]))
    )
    return group.message, group.exceptions, group.split(ValueError)[0].exceptions


def _group():
    import builtins

    return builtins.ExceptionGroup


def _raise(error):
    raise error


@since(3, 11)
def notes(world):
    def fails():
        error = ValueError("x")
        error.add_note("a note")
        raise error

    return world.raised(world.invoke, "hosted.failing.", "reraise", fails).__notes__


def warnings_there(world):
    with world.new("warnings.catch_warnings", record=True) as caught:
        world.invoke("warnings.", "simplefilter", "always")
        world.invoke("warnings.", "warn", "careful", UserWarning)
    return len(caught), str(caught[0].message), caught[0].category is UserWarning


@without_text("the depth at which it ends differs")
def recursion_through_both_sides_ends(world):
    apply = world.get("hosted.calls.", "apply")

    def again(n):
        return n if n == 0 else apply(again, n - 1)

    return again(20)
