"""The programs: functions that take a world (see worlds.py) and return what is to be compared, or raise it.

They are what anybody writes who uses the objects, as far as Python 3.6 can read it. Each is run twice in the same
way: on the objects themselves in the server's interpreter, and here, through proxies.
"""


def since(*version):
    """Only for servers whose interpreter is at least of this version."""

    def marked(program):
        program.since = version
        return program

    return marked


def needs(module):
    """Only for servers whose interpreter has this module installed."""

    def marked(program):
        program.needs = module
        return program

    return marked


def without_text(reason):
    """Compare no messages and arguments of exceptions, for the reason given."""

    def marked(program):
        program.without_text = reason
        return program

    return marked
