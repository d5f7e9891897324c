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
def values_match(world):
    color = world.get("hosted.records.Color", "RED")
    matcher = _matcher([("Point.RED", "'red'"), ("_", "'else'")])
    Color = world.get("hosted.records.", "Color")
    return matcher(color, Point=Color), matcher(Color.GREEN, Point=Color)
