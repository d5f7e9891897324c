"""Modules that work on text: re, string, json, csv, configparser, xml, argparse, logging and others."""

import operator

from programs import since, without_text


def a_compiled_pattern(world):
    pattern = world.invoke("re.", "compile", r"(?P<year>\d{4})-(?P<month>\d\d)")
    match = pattern.search("on 2024-05-06")
    return (
        match.group(),
        match.group("year", "month"),
        match["year"],
        match.groups(),
        match.groupdict(),
        match.span(),
        match.start("month"),
        match.string,
        match.re is pattern,
        match,
        bool(match),
        pattern.pattern,
        pattern.groups,
        dict(pattern.groupindex),
        pattern.flags,
    )


def a_pattern_that_does_not_match(world):
    pattern = world.invoke("re.", "compile", "x")
    return (
        pattern.match("abc"),
        pattern.findall("abc"),
        pattern.sub("y", "abc"),
        pattern.split("abc"),
        pattern.fullmatch("x").end(),
    )


def patterns_find_and_replace(world):
    pattern = world.invoke("re.", "compile", r"(\w)(\d)")
    return (
        pattern.findall("a1 b2"),
        [match.group(1) for match in pattern.finditer("a1 b2")],
        pattern.sub(r"\2\1", "a1 b2"),
        pattern.subn("", "a1 b2", count=1),
        pattern.split("xa1y"),
        pattern.sub(lambda match: match.group(0).upper() + "!", "a1 b2"),
    )


def functions_of_re(world):
    return (
        world.invoke("re.", "sub", "a", lambda match: "<%s>" % match.start(), "banana"),
        world.invoke("re.", "findall", "[an]+", "banana split"),
        world.invoke("re.", "escape", "a.b"),
        world.invoke("re.", "split", ",", "a,b,c", 1),
        world.raised(world.invoke, "re.", "compile", "("),
    )


def errors_and_flags_of_re(world):
    import re

    error = world.raised(world.invoke, "re.", "compile", "a)")
    flags = world.get("re.", "IGNORECASE")
    return (
        error.pos,
        error.msg,
        isinstance(error, world.get("re.", "error")),
        bool(world.invoke("re.", "match", "A", "a", flags)),
        world.invoke("re.", "match", "A", "a", int(re.I)).group(),
    )


def patterns_are_compared(world):
    one, two = world.invoke("re.", "compile", "a"), world.invoke("re.", "compile", "a")
    return one == two, one == world.invoke("re.", "compile", "b"), hash(one) == hash(two), repr(one)


def bytes_patterns(world):
    return world.invoke("re.", "compile", b"b+").findall(b"abbb"), world.raised(world.invoke, "re.", "match", "a", b"a")


def a_template(world):
    template = world.new("string.Template", "Hello $name, ${greeting}$$")
    return (
        template.substitute(name="Ann", greeting="hi"),
        template.substitute({"name": "Bob"}, greeting="x"),
        template.safe_substitute(name="Ann"),
        world.raised(template.substitute, name="x"),
        world.raised(world.new("string.Template", "$").substitute),
        template.template,
    )


def a_formatter(world):
    formatter = world.new("string.Formatter")
    return (
        formatter.format("{0:>5}|{name!r}", 1, name="x"),
        list(formatter.parse("a{b!r:c}d")),
        world.raised(formatter.format, "{}{1}", 1),
    )


def json_functions(world):
    loads, dumps = world.get("json.", "loads"), world.get("json.", "dumps")
    data = loads('{"a": [1, 2.5, null, true, "\\u00fc"], "b": {"c": []}}')
    data["b"]["c"].append(1)
    return (
        data,
        data["a"][4],
        dumps(data, sort_keys=True),
        dumps([1, {"x": None}], indent=1),
        world.raised(dumps, {1, 2}),
    )


def json_errors(world):
    import json

    error = world.raised(world.invoke, "json.", "loads", '{"a": }')
    return (
        error,
        error.pos,
        error.lineno,
        error.msg,
        isinstance(error, json.JSONDecodeError),
        isinstance(error, ValueError),
    )


def json_encoder_and_decoder(world):
    encoder, decoder = world.new("json.JSONEncoder", indent=None, sort_keys=True), world.new("json.JSONDecoder")
    return (
        encoder.encode({"b": 1, "a": (1,)}),
        list(encoder.iterencode([1])),
        decoder.decode("[1]"),
        decoder.raw_decode("[1] x"),
    )


def json_with_hooks_of_this_side(world):
    class Thing:
        name = "thing"

    return (
        world.invoke("json.", "dumps", [Thing()], default=lambda thing: thing.name),
        world.invoke("json.", "loads", '{"a": 1}', object_hook=lambda table: sorted(table.items())),
        world.invoke("json.", "loads", "1.5", parse_float=lambda text: "float " + text),
    )


def a_csv_reader(world):
    reader = world.invoke("csv.", "reader", ["a,b", '"c,d",e', ""])
    return next(reader), reader.line_num, list(reader), reader.line_num, reader.dialect.delimiter


def csv_dictionaries(world):
    text = world.new("io.StringIO")
    writer = world.new("csv.DictWriter", text, ["name", "age"], lineterminator="\n")
    writer.writeheader()
    writer.writerow({"name": "Ann", "age": 5})
    writer.writerows([{"name": 'B"b'}])
    text.seek(0)
    reader = world.new("csv.DictReader", text)
    return text.getvalue(), reader.fieldnames, [dict(row) for row in reader], world.raised(writer.writerow, {"none": 1})


def a_csv_writer_to_an_object_of_this_side(world):
    class Out:
        def __init__(self):
            self.parts = []

        def write(self, text):
            self.parts.append(text)

    out = Out()
    writer = world.invoke("csv.", "writer", out, delimiter=";", quoting=1)
    writer.writerow(["a", 1, None])
    writer.writerows([[1], [2]])
    return out.parts


def a_csv_sniffer(world):
    dialect = world.new("csv.Sniffer").sniff("a;b;c\n1;2;3\n")
    return dialect.delimiter, world.raised(world.invoke, "csv.", "reader", [], "no such dialect")


def a_config_parser(world):
    config = world.new("configparser.ConfigParser")
    config.read_string("[DEFAULT]\nbase = 1\n[server]\nport = 80\nurl = http://x:%(port)s\ndebug = yes\n")
    config["client"] = {"name": "Ann"}
    config["server"]["port"] = "81"
    server = config["server"]
    return (
        config.sections(),
        config["server"]["url"],
        config.getint("server", "port"),
        server.getboolean("debug"),
        server.get("none", "fallback"),
        dict(server),
        "server" in config,
        list(config["client"]),
        config.has_option("server", "base"),
        server.name,
        [name for name in config],
    )


def errors_of_a_config_parser(world):
    import configparser

    config = world.new("configparser.ConfigParser")
    error = world.raised(config.get, "none", "x")
    return (
        error,
        isinstance(error, configparser.NoSectionError),
        error.section,
        world.raised(config.read_string, "x = 1"),
        world.raised(operator.getitem, config, "none"),
        world.raised(config.add_section, "DEFAULT"),
        config.read("/none/such"),
    )


def a_config_is_written(world):
    config, out = world.new("configparser.ConfigParser"), world.new("io.StringIO")
    config["a"] = {"x": "1"}
    config.set("a", "y", "2")
    config.write(out)
    return out.getvalue(), world.raised(config.set, "a", "z", 3), config.remove_option("a", "x"), config.items("a")


def an_xml_tree(world):
    root = world.invoke("xml.etree.ElementTree.", "fromstring", '<a x="1"><b>text</b><b y="2"/>tail</a>')
    root.set("z", "3")
    root[0].text = "changed"
    child = world.invoke("xml.etree.ElementTree.", "SubElement", root, "c", k="v")
    child.text = "new"
    return (
        root.tag,
        root.attrib,
        len(root),
        [each.tag for each in root],
        root.find("b").text,
        [each.attrib for each in root.findall("b")],
        root.find("none"),
        root.findtext("c"),
        root[1].get("y"),
        root[-1] is child,
        [each.tag for each in root.iter()],
        world.invoke("xml.etree.ElementTree.", "tostring", root),
        [each.tag for each in root[1:]],
    )


def xml_elements_are_changed(world):
    Element = world.get("xml.etree.ElementTree.", "Element")
    root = Element("root")
    for name in "abc":
        root.append(Element(name))
    root.remove(root[0])
    del root[0]
    root.insert(0, Element("first"))
    root.extend([Element("x")])
    return [each.tag for each in root], world.raised(root.remove, Element("none")), root


def an_xml_error(world):
    import xml.etree.ElementTree as tree

    error = world.raised(world.invoke, "xml.etree.ElementTree.", "fromstring", "<a>")
    return error.position, error.code, isinstance(error, tree.ParseError), isinstance(error, SyntaxError)


def a_minidom_document(world):
    document = world.invoke("xml.dom.minidom.", "parseString", "<a><b c='d'/>text</a>")
    root = document.documentElement
    root.appendChild(document.createElement("e"))
    return (
        root.tagName,
        root.firstChild.getAttribute("c"),
        len(root.childNodes),
        root.toxml(),
        root.parentNode is document,
    )


def an_argument_parser(world):
    parser = world.new("argparse.ArgumentParser", prog="prog", description="Does.", add_help=True)
    parser.add_argument("file", nargs="*")
    parser.add_argument("--count", "-c", type=int, default=1, help="how many")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--yes", action="store_true")
    group.add_argument("--no", dest="yes", action="store_false")
    parsed = parser.parse_args(["a", "b", "-c", "3", "--yes"])
    known, rest = parser.parse_known_args(["--other"])
    return (
        parsed,
        parsed.file,
        parsed.count + 1,
        parsed.yes,
        known.count,
        rest,
        parser.format_usage(),
        "how many" in parser.format_help(),
    )


def an_argument_parser_with_a_type_of_this_side(world):
    parser = world.new("argparse.ArgumentParser")
    parser.add_argument("n", type=lambda text: int(text) * 2)
    return parser.parse_args(["4"]).n


def subcommands(world):
    parser = world.new("argparse.ArgumentParser", prog="p")
    commands = parser.add_subparsers(dest="command")
    add = commands.add_parser("add")
    add.add_argument("what")
    add.set_defaults(function=lambda options: "added " + options.what)
    options = parser.parse_args(["add", "x"])
    return options.command, options.function(options)


def a_logger(world):
    logger, out = world.invoke("logging.", "getLogger", "conformance.a"), world.new("io.StringIO")
    handler = world.new("logging.StreamHandler", out)
    handler.setFormatter(world.new("logging.Formatter", "%(levelname)s:%(name)s:%(message)s"))
    logger.addHandler(handler)
    logger.setLevel("INFO")
    logger.propagate = False
    try:
        logger.info("hello %s %d", "x", 5)
        logger.debug("not seen")
        logger.warning("careful", extra={"k": 1})
        return out.getvalue(), logger.isEnabledFor(10), logger.level, logger.name, logger.getEffectiveLevel()
    finally:
        logger.removeHandler(handler)


def a_log_handler_of_this_side(world):
    import logging

    seen = []

    class Handler(logging.Handler):
        def emit(self, record):
            seen.append((record.getMessage(), record.levelname, record.args))

    logger = world.invoke("logging.", "getLogger", "conformance.b")
    handler = Handler()
    logger.propagate = False
    logger.addHandler(handler)
    try:
        logger.error("failed %s", "x")
    finally:
        logger.removeHandler(handler)
    return seen


def a_filter_of_this_side(world):
    logger, out = world.invoke("logging.", "getLogger", "conformance.c"), world.new("io.StringIO")
    handler, keep = world.new("logging.StreamHandler", out), lambda record: "keep" in record.msg
    logger.propagate = False
    logger.addHandler(handler)
    logger.addFilter(keep)
    try:
        logger.error("keep this")
        logger.error("drop this")
    finally:
        logger.removeFilter(keep)
        logger.removeHandler(handler)
    return out.getvalue(), logger.filters


def a_logged_exception(world):
    logger, out = world.invoke("logging.", "getLogger", "conformance.d"), world.new("io.StringIO")
    handler = world.new("logging.StreamHandler", out)
    logger.propagate = False
    logger.addHandler(handler)
    try:
        world.invoke("hosted.calls.", "apply", _logs, logger)
    finally:
        logger.removeHandler(handler)
    return "ValueError: logged" in out.getvalue(), out.getvalue().splitlines()[0]


def _logs(logger):
    try:
        raise ValueError("logged")
    except ValueError as error:
        logger.error("it failed", exc_info=error)


def text_wrappers(world):
    wrapper = world.new("textwrap.TextWrapper", width=10, initial_indent="> ")
    wrapper.subsequent_indent = "| "
    return (
        wrapper.wrap("the quick brown fox"),
        wrapper.fill("the quick brown"),
        wrapper.width,
        world.invoke("textwrap.", "dedent", "  a\n  b"),
    )


def a_lexer(world):
    lexer = world.new("shlex.shlex", "a 'b c' # d\ne", posix=True)
    return list(lexer), world.invoke("shlex.", "split", "x 'y z'"), world.raised(world.invoke, "shlex.", "split", "'")


def differences_of_texts(world):
    differ = world.new("difflib.SequenceMatcher", None, "abcd", "bcde")
    return (
        round(differ.ratio(), 3),
        differ.get_opcodes(),
        differ.get_matching_blocks(),
        list(world.invoke("difflib.", "ndiff", ["a\n"], ["b\n"])),
    )


def a_pretty_printer(world):
    out = world.new("io.StringIO")
    printer = world.new("pprint.PrettyPrinter", stream=out, width=20)
    printer.pprint({"a": list(range(10)), "b": "x"})
    return out.getvalue(), printer.pformat([1]), printer.isreadable([1])


def an_email_message(world):
    message = world.new("email.message.EmailMessage")
    message["Subject"] = "Hello"
    message["To"] = "a@example.org"
    message.set_content("text\n")
    message.add_attachment(b"data", maintype="application", subtype="x", filename="f")
    return (
        message["subject"],
        message.keys(),
        message.is_multipart(),
        [part.get_content_type() for part in message.walk()],
        "to" in message,
    )


def an_html_parser_of_this_side_uses_theirs(world):
    escape = world.get("html.", "escape")
    return escape("<a & b>"), list(map(escape, "<>"))


def a_syntax_tree(world):
    tree = world.invoke("ast.", "parse", "x = 1 + y")
    names = [type(node).__name__ for node in world.invoke("ast.", "walk", tree)]
    return (
        names,
        tree.body[0].targets[0].id,
        tree.body[0].value.op,
        world.invoke("ast.", "literal_eval", "[1, {'a': 2}]"),
    )


def a_translation_table(world):
    table = world.invoke("builtins.str", "maketrans", "abc", "xyz")
    return "aabbcc".translate(table), table


def an_incremental_decoder(world):
    decoder = world.invoke("codecs.", "getincrementaldecoder", "utf-8")()
    return decoder.decode(b"\xc3"), decoder.decode(b"\xbc"), world.raised(decoder.decode, b"\xff")


def codec_infos(world):
    info = world.invoke("codecs.", "lookup", "utf8")
    return info.name, info.encode("ü"), info.decode(b"x"), world.raised(world.invoke, "codecs.", "lookup", "none")


@without_text("the versions of the parser say it in other words")
def code_is_compiled_and_run(world):
    return (
        world.invoke("builtins.", "eval", "a + 1", {"a": 4}),
        world.raised(world.invoke, "builtins.", "eval", "1 +"),
    )


@since(3, 7)
def a_hash_of_data(world):
    digest = world.invoke("hashlib.", "sha256", b"a")
    digest.update(b"b")
    other = digest.copy()
    other.update(b"c")
    return digest.hexdigest(), other.digest() == digest.digest(), digest.name, digest.digest_size


def an_hmac(world):
    made = world.invoke("hmac.", "new", b"key", b"data", "sha256")
    return made.hexdigest(), world.invoke("hmac.", "compare_digest", made.digest(), made.digest())


def compressors(world):
    compressor = world.invoke("zlib.", "compressobj")
    data = compressor.compress(b"abc" * 100) + compressor.flush()
    return world.invoke("zlib.", "decompress", data) == b"abc" * 100, world.raised(
        world.invoke, "zlib.", "decompress", b"x"
    )
