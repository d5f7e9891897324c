"""Modules of numbers and times: decimal, fractions, datetime, random, uuid, ipaddress, statistics and others."""

import datetime
import decimal
import fractions
import math
import operator

from programs import since


def decimals_come_by_value(world):
    number = world.new("decimal.Decimal", "1.10")
    return (
        number,
        number + 1,
        number.quantize(decimal.Decimal("1")),
        number == decimal.Decimal("1.1"),
        round(number, 1),
        type(number) is decimal.Decimal,
    )


def a_decimal_context(world):
    context = world.new("decimal.Context", prec=5, rounding="ROUND_DOWN")
    result = context.divide(decimal.Decimal(2), decimal.Decimal(3))
    context.prec = 3
    return (
        result,
        context.divide(2, 3),
        context.create_decimal("1.23456"),
        context.prec,
        context.flags[world.get("decimal.", "Inexact")],
    )


def a_local_decimal_context(world):
    with world.invoke("decimal.", "localcontext") as context:
        context.prec = 4
        return context.divide(1, 3), context.sqrt(decimal.Decimal(2))


def errors_of_decimal(world):
    context = world.new("decimal.Context")
    error = world.raised(context.divide, 1, 0)
    return (
        isinstance(error, decimal.DivisionByZero),
        isinstance(error, ZeroDivisionError),
        type(error).__name__,
        type(world.raised(context.create_decimal, "x")).__name__,
    )


def fractions_are_objects(world):
    half, third = world.new("fractions.Fraction", 1, 2), world.new("fractions.Fraction", "1/3")
    return (
        half + third,
        half * 2,
        2 * half,
        1 - half,
        half / third,
        half > third,
        half == 0.5,
        0.5 == half,
        half == fractions.Fraction(1, 2),
        half.numerator,
        float(third),
        round(third, 2),
        math.floor(half),
        str(third),
        hash(half) == hash(0.5),
        half**2,
        2**half,
        divmod(third, 1),
        -half,
        abs(-third),
        sum([half, third]),
        third.limit_denominator(2),
        world.raised(world.new, "fractions.Fraction", 1, 0),
    )


def fractions_of_both_sides(world):
    there, here = world.new("fractions.Fraction", 1, 2), fractions.Fraction(1, 3)
    return (
        there + here,
        here + there,
        there * here,
        here < there,
        there == here,
        max(there, here),
        {there: 1}[fractions.Fraction(1, 2)],
    )


def dates_come_by_value(world):
    day = world.new("datetime.date", 2024, 2, 29)
    later = day + datetime.timedelta(days=1)
    return (
        day,
        later,
        day < later,
        day.isoformat(),
        day.replace(year=2023, day=1),
        (later - day).days,
        f"{day:%d.%m.%Y}",
        hash(day) == hash(datetime.date(2024, 2, 29)),
    )


def datetimes_and_zones(world):
    zone = world.new("datetime.timezone", datetime.timedelta(hours=2), "X")
    when = world.new("datetime.datetime", 2024, 1, 2, 3, 4, 5, 6, tzinfo=zone)
    return (
        when,
        when.astimezone(datetime.timezone.utc).hour,
        when.tzname(),
        when.timestamp(),
        world.invoke("datetime.datetime", "strptime", "2024", "%Y"),
    )


def dates_of_bad_values(world):
    return world.raised(world.new, "datetime.date", 2024, 2, 30), world.raised(
        world.invoke, "datetime.datetime", "strptime", "x", "%Y"
    )


def a_calendar(world):
    calendar = world.new("calendar.Calendar", 6)
    return (
        calendar.monthdayscalendar(2024, 2)[0],
        list(calendar.iterweekdays()),
        calendar.firstweekday,
        world.new("calendar.TextCalendar").formatmonth(2024, 2),
    )


def a_random_generator(world):
    random = world.new("random.Random", 42)
    state = random.getstate()
    numbers = [
        random.random(),
        random.randint(1, 6),
        random.choice("abc"),
        random.sample([1, 2, 3, 4], 2),
        random.uniform(1, 2),
    ]
    cards = world.new("builtins.list", range(5))
    random.shuffle(cards)
    random.setstate(state)
    return numbers, cards, random.random() == numbers[0], random.gauss(0, 1), world.raised(random.choice, [])


def choices_among_objects(world):
    people = [world.new("hosted.people.Person", name) for name in "abc"]
    random = world.new("random.Random", 1)
    return (
        random.choice(people).name,
        [person.name for person in random.sample(people, 2)],
        random.choice(people) in people,
    )


def uuids_come_by_value(world):
    made = world.new("uuid.UUID", "12345678123456781234567812345678")
    return (
        made,
        made.hex,
        made.int,
        made.version,
        made == world.new("uuid.UUID", int=made.int),
        sorted([made, made]),
        hash(made) == hash(made),
    )


def addresses(world):
    address, network = (
        world.new("ipaddress.IPv4Address", "192.168.1.5"),
        world.invoke("ipaddress.", "ip_network", "192.168.1.0/30"),
    )
    return (
        address,
        address + 1,
        int(address),
        address.is_private,
        address in network,
        network.num_addresses,
        [str(each) for each in network],
        list(network.hosts()),
        network[1],
        network.netmask,
        str(network),
        "{}".format(address),
        address < address + 1,
        address == world.new("ipaddress.IPv4Address", "192.168.1.5"),
        {address: 1}[world.new("ipaddress.IPv4Address", "192.168.1.5")],
        network.overlaps(world.invoke("ipaddress.", "ip_network", "192.168.0.0/16")),
        [str(each) for each in network.subnets()],
        world.raised(world.new, "ipaddress.IPv4Address", "300.1.1.1"),
        world.raised(operator.lt, address, world.new("ipaddress.IPv6Address", "::1")),
    )


def statistics_functions(world):
    data = world.new("builtins.list", [1, 2, 2, 5])
    return [world.invoke("statistics.", name, data) for name in ("mean", "median", "mode", "stdev")], world.raised(
        world.invoke, "statistics.", "mean", []
    )


@since(3, 8)
def a_normal_distribution(world):
    one, two = world.new("statistics.NormalDist", 1, 2), world.new("statistics.NormalDist", 3, 4)
    return (
        one.mean,
        one + two,
        one * 2,
        -one,
        one == world.new("statistics.NormalDist", 1, 2),
        round(one.cdf(1), 3),
        one.overlap(two) > 0,
    )


def math_functions_there(world):
    invoke = world.invoke
    return (
        invoke("math.", "sqrt", 2),
        invoke("math.", "factorial", 50),
        invoke("math.", "isnan", float("nan")),
        world.get("math.", "inf"),
        world.raised(invoke, "math.", "sqrt", -1),
        world.raised(invoke, "math.", "exp", 10000),
    )


def complex_numbers_come_by_value(world):
    number = world.new("builtins.complex", 1, 2)
    return (
        number,
        number * 1j,
        abs(number),
        number.conjugate(),
        world.invoke("cmath.", "phase", number),
        number == 1 + 2j,
    )


def ints_and_floats_of_all_sizes(world):
    identity = world.get("hosted.calls.", "apply")
    values = [
        0,
        -1,
        2**63 - 1,
        -(2**63),
        2**63,
        10**400,
        0.1,
        -0.0,
        1e308,
        5e-324,
        float("inf"),
        float("-inf"),
        float("nan"),
    ]
    return [identity(lambda value: value, value) for value in values]


def number_classes_of_the_user(world):
    money = world.new("hosted.arithmetic.Money", 7)
    return (
        money + decimal.Decimal("1.5"),
        fractions.Fraction(1, 2) * money,
        money * 1.5,
        math.sqrt(money),
        money.__index__(),
        round(money, -1),
    )


def a_time_structure(world):
    time = world.invoke("time.", "gmtime", 0)
    return time.tm_year, time[0], tuple(time)[:3], world.invoke("time.", "strftime", "%Y", time), len(time)


@since(3, 9)
def a_zone_by_its_key(world):
    return world.raised(world.new, "zoneinfo.ZoneInfo", "None/Such")


def secrets_and_hashes(world):
    token = world.invoke("secrets.", "token_hex", 8)
    return (
        len(token),
        type(token).__name__,
        world.invoke("binascii.", "crc32", b"abc"),
        world.invoke("base64.", "b64encode", b"abc"),
    )
