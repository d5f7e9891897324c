"""Structural pattern matching over objects.

The statements stand in text, since older interpreters can't read them; they run from Python 3.10 on.
"""

from programs import since


def _matcher(cases):
    """A function that matches a value against these cases."""
    text = "def matcher(value, Point=None, Person=None):\n    match value:\n"
    for case in cases:
        text += "        case %s:\n            return %s\n" % case
    space = {}
    exec(text, space)
    return space["matcher"]


@since(3, 10)
def sequences_match(world):
    matcher = _matcher([("[]", "'empty'"), ("[x]", "('one', x)"), ("[first, *rest]", "(first, rest)"), ("_", "'else'")])
    new = world.new
    return [
        matcher(each)
        for each in (
            new("builtins.list"),
            new("builtins.list", "a"),
            new("builtins.list", "abc"),
            new("collections.deque", "ab"),
            new("builtins.set", "a"),
        )
    ]


@since(3, 10)
def mappings_match(world):
    matcher = _matcher(
        [
            ("{'kind': 'a', 'x': x}", "('a', x)"),
            ("{'kind': kind, **rest}", "(kind, rest)"),
            ("{}", "'mapping'"),
            ("_", "'else'"),
        ]
    )
    new = world.new
    return [
        matcher(each)
        for each in (
            new("builtins.dict", kind="a", x=1),
            new("builtins.dict", kind="b", y=2),
            new("collections.OrderedDict"),
            new("builtins.list"),
        )
    ]


@since(3, 10)
def classes_match(world):
    matcher = _matcher(
        [("list()", "'list'"), ("dict()", "'dict'"), ("str()", "'str'"), ("object(name=n)", "n"), ("_", "'else'")]
    )
    new = world.new
    return [
        matcher(each)
        for each in (
            new("builtins.list"),
            new("builtins.dict"),
            new("hosted.arithmetic.Name", "x"),
            new("hosted.people.Company", "C"),
        )
    ]


@since(3, 10)
def named_tuples_match(world):
    matcher = _matcher([("(0, y)", "('axis', y)"), ("(x, y)", "(x, y)")])
    return matcher(world.new("hosted.records.Point", 0, 5)), matcher(world.new("hosted.records.Point", 1, 2))


@since(3, 10)
def values_match(world):
    color = world.get("hosted.records.Color", "RED")
    matcher = _matcher([("Point.RED", "'red'"), ("_", "'else'")])
    Color = world.get("hosted.records.", "Color")
    return matcher(color, Point=Color), matcher(Color.GREEN, Point=Color)
