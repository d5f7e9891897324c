"""Modules of files and data bases: io, pathlib, sqlite3, zipfile, tarfile, tempfile and others."""

import operator
import os


def a_string_io(world):
    text = world.new("io.StringIO", "one\ntwo\nthree")
    first = text.readline()
    rest = list(text)
    text.seek(0)
    text.write("ONE")
    text.seek(0, 2)
    text.write("!")
    return (
        first,
        rest,
        text.getvalue(),
        text.tell(),
        text.closed,
        text.readable(),
        text.close(),
        text.closed,
        world.raised(text.read),
    )


def lines_of_a_string_io(world):
    text = world.new("io.StringIO", "a\nb\n\nc")
    return [line.strip() for line in text], text.read(), text.seek(0), text.readlines(), text.readline()


def a_bytes_io(world):
    data = world.new("io.BytesIO", b"abcdef")
    head = data.read(2)
    data.write(b"XY")
    into = bytearray(2)
    return (
        head,
        data.getvalue(),
        data.getbuffer().nbytes,
        data.read(),
        data.seek(1),
        data.read1(1),
        data.truncate(3),
        into,
    )


def printing_to_a_file_there(world):
    out = world.new("io.StringIO")
    print("a", 1, sep="-", end="!", file=out)
    print(file=out)
    return out.getvalue()


def a_file_is_written_and_read(world):
    path = os.path.join(world.folder, "file.txt")
    with world.invoke("builtins.", "open", path, "w", encoding="utf-8", newline="\n") as file:
        written = file.write("Grüße\n")
        file.writelines(["a\n", "b"])
    with world.invoke("builtins.", "open", path, encoding="utf-8") as file:
        lines = [line for line in file]
    return written, lines, file.closed, file.mode, file.name, file.encoding, os.path.getsize(path)


def a_file_read_in_pieces(world):
    path = os.path.join(world.folder, "file.txt")
    with open(path, "w") as plain:
        plain.write("0123456789")
    with world.invoke("builtins.", "open", path) as file:
        pieces = [file.read(3), file.tell(), file.seek(1), file.read(2), file.read(), file.read()]
    return pieces, world.raised(file.read), world.raised(world.invoke, "builtins.", "open", path + ".none")


def a_binary_file(world):
    path = os.path.join(world.folder, "file.bin")
    with world.invoke("builtins.", "open", path, "wb") as file:
        file.write(bytes(range(256)))
        wrong = world.raised(file.write, "text")
    with world.invoke("builtins.", "open", path, "rb") as file:
        file.seek(-2, os.SEEK_END)
        return file.read(), wrong, type(file).__name__, [len(chunk) for chunk in iter(lambda: file.read(100), b"")]


def a_text_wrapper_over_bytes(world):
    raw = world.new("io.BytesIO")
    text = world.new("io.TextIOWrapper", raw, encoding="utf-16-le", newline="\r\n", write_through=True)
    text.write("a\nb")
    text.flush()
    return raw.getvalue(), text.buffer is raw, text.encoding, text.detach() is raw


def a_file_object_of_this_side_is_used_there(world):
    import io

    out = io.StringIO()
    world.invoke("builtins.", "print", "from there", 1, file=out)
    world.invoke("json.", "dump", [1, {"a": None}], out)
    return out.getvalue(), world.invoke("json.", "load", io.StringIO("[1, 2]"))


def copying_between_files_of_both_sides(world):
    import io
    import shutil

    there, here = world.new("io.BytesIO", b"x" * 1000), io.BytesIO()
    shutil.copyfileobj(there, here, 300)
    here.seek(0)
    back = world.new("io.BytesIO")
    shutil.copyfileobj(here, back)
    return len(here.getvalue()), back.getvalue() == b"x" * 1000


def temporary_files(world):
    with world.invoke("tempfile.", "NamedTemporaryFile", "w+", dir=world.folder, suffix=".x") as file:
        file.write("text")
        file.flush()
        name, exists = file.name, os.path.exists(file.name)
        file.seek(0)
        text = file.read()
    return name.endswith(".x"), exists, text, os.path.exists(name)


def a_temporary_directory(world):
    with world.new("tempfile.TemporaryDirectory", dir=world.folder) as name:
        open(os.path.join(name, "x"), "w").close()
        inside = os.listdir(name)
    return inside, os.path.exists(name)


def a_path(world):
    path = world.new("pathlib.Path", world.folder) / "a" / "b.tar.gz"
    path.parent.mkdir()
    path.write_text("text")
    return (
        path,
        path.name,
        path.suffix,
        path.suffixes,
        path.stem,
        path.parent.name,
        path.exists(),
        path.is_file(),
        path.read_text(),
        path.stat().st_size,
        path.parts[-2:],
        str(path.relative_to(world.folder)),
        path.with_suffix(".zip").name,
        path.as_posix() == str(path),
        os.fspath(path) == str(path),
        os.path.getsize(path),
        open(path).read(),
    )


def paths_are_compared_and_keys(world):
    one, two = world.new("pathlib.PurePosixPath", "/a/b"), world.new("pathlib.PurePosixPath", "/a", "b")
    return (
        one == two,
        one < two / "c",
        hash(one) == hash(two),
        one in {two},
        sorted([two / "c", one]),
        one.joinpath("x", "y"),
        "/root" / one,
    )


def paths_are_walked(world):
    folder = world.new("pathlib.Path", world.folder)
    for name in ("a.txt", "b.py", "sub/c.txt"):
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    return (
        sorted(path.name for path in folder.iterdir()),
        sorted(path.name for path in folder.glob("*.txt")),
        sorted(path.name for path in folder.rglob("*.txt")),
        [parent.name for parent in (folder / "x" / "y").parents][:1],
        world.raised((folder / "none").read_text),
        world.raised((folder / "a.txt").mkdir),
    )


def paths_of_both_sides(world):
    import pathlib

    there, here = world.new("pathlib.PurePosixPath", "a"), pathlib.PurePosixPath("b")
    return str(there / str(here)), there.match("*"), isinstance(there, pathlib.PurePath), isinstance(there, os.PathLike)


def a_path_of_this_side_is_used_there(world):
    import pathlib

    path = pathlib.Path(world.folder) / "x.txt"
    with world.invoke("builtins.", "open", path, "w") as file:
        file.write("text")
    return path.read_text(), world.invoke("os.path.", "getsize", path), world.invoke("os.", "fspath", path) == str(path)


def pure_paths_of_windows(world):
    path = world.new("pathlib.PureWindowsPath", "C:/a/b.txt")
    return path, path.drive, path.parts, str(path), path == world.new("pathlib.PureWindowsPath", "c:/A/B.TXT")


def scandir_and_stat(world):
    open(os.path.join(world.folder, "f"), "w").close()
    with world.invoke("os.", "scandir", world.folder) as entries:
        found = [(entry.name, entry.is_file(), entry.stat().st_size) for entry in entries]
    stat = world.invoke("os.", "stat", world.folder)
    return (
        found,
        stat.st_mode & 0o7777 == stat[0] & 0o7777,
        len(stat),
        list(world.invoke("os.", "walk", world.folder))[0][2],
    )


def a_data_base(world):
    connection = world.invoke("sqlite3.", "connect", ":memory:")
    connection.execute("create table person (name text, age integer)")
    cursor = connection.executemany("insert into person values (?, ?)", [("Ann", 33), ("Bob", None)])
    rows = connection.execute("select * from person order by name")
    return (
        cursor.rowcount,
        rows.fetchone(),
        rows.fetchall(),
        rows.fetchone(),
        [column[0] for column in rows.description],
        connection.total_changes,
    )


def a_cursor_is_iterated(world):
    connection = world.invoke("sqlite3.", "connect", ":memory:")
    cursor = connection.cursor()
    cursor.execute("create table t (n)")
    cursor.executemany("insert into t values (?)", ((n,) for n in range(100)))
    cursor.arraysize = 3
    cursor.execute("select n from t")
    return next(cursor), cursor.fetchmany(), cursor.fetchmany(2), sum(n for (n,) in cursor), cursor.lastrowid


def transactions(world):
    connection = world.new("sqlite3.Connection", ":memory:")
    connection.execute("create table t (n primary key)")

    def fails():
        with connection:
            connection.execute("insert into t values (1)")
            connection.execute("insert into t values (1)")

    error = world.raised(fails)
    after = connection.execute("select count(*) from t").fetchone()
    with connection:
        connection.execute("insert into t values (2)")
    connection.rollback()
    return error, after, connection.execute("select n from t").fetchall(), connection.in_transaction


def errors_of_a_data_base_are_caught_by_their_class(world):
    import sqlite3

    connection = world.invoke("sqlite3.", "connect", ":memory:")
    caught = []
    for statement in ("select * from none", "create table t (n not null)", "insert into t values (null)", "select 'a"):
        try:
            connection.execute(statement)
        except sqlite3.IntegrityError as error:
            caught.append(("integrity", str(error)))
        except sqlite3.OperationalError as error:
            caught.append(("operational", str(error)))
        except sqlite3.Error as error:
            caught.append(("error", type(error).__name__))
    connection.close()
    return caught, world.raised(connection.execute, "select 1")


def errors_of_a_data_base_by_the_connections_attributes(world):
    connection = world.invoke("sqlite3.", "connect", ":memory:")
    try:
        connection.execute("nonsense")
    except connection.IntegrityError:
        return "integrity"
    except connection.Error as error:
        return "error", str(error)


def rows_by_name(world):
    connection = world.invoke("sqlite3.", "connect", ":memory:")
    connection.row_factory = world.get("sqlite3.", "Row")
    row = connection.execute("select 1 as a, 'x' as b").fetchone()
    return (
        row["a"],
        row["B"],
        row[1],
        tuple(row),
        list(row),
        row.keys(),
        len(row),
        dict(row),
        world.raised(operator.getitem, row, "none"),
    )


def functions_of_this_side_in_sql(world):
    connection = world.invoke("sqlite3.", "connect", ":memory:")
    connection.create_function("double", 1, lambda n: n * 2)
    connection.row_factory = lambda cursor, row: ("row", row)

    class Sum:
        def __init__(self):
            self.n = 0

        def step(self, n):
            self.n += n

        def finalize(self):
            return self.n

    connection.create_aggregate("mysum", 1, Sum)
    connection.create_collation("reverse", lambda a, b: (a < b) - (a > b))
    return (
        connection.execute("select double(21)").fetchone(),
        connection.execute("select mysum(n) from (select 1 as n union select 5)").fetchall(),
        connection.execute("select x from (select 'a' as x union select 'b') order by x collate reverse").fetchall(),
    )


def values_of_a_data_base(world):
    connection = world.invoke("sqlite3.", "connect", ":memory:")
    values = (None, 1, 2**62, 1.5, "text ü", b"blob", bytearray(b"x"))
    row = connection.execute("select ?, ?, ?, ?, ?, ?, ?", values).fetchone()
    named = connection.execute("select :a, :b", {"a": 1, "b": "x"}).fetchone()
    return (
        row,
        named,
        world.raised(connection.execute, "select ?", (2**70,)),
        world.raised(connection.execute, "select ?", ()),
    )


def a_data_base_is_dumped_and_copied(world):
    connection = world.invoke("sqlite3.", "connect", os.path.join(world.folder, "x.db"))
    connection.executescript("create table t (n); insert into t values (1);")
    connection.commit()
    return list(connection.iterdump()), os.path.exists(os.path.join(world.folder, "x.db")), connection.isolation_level


def a_zip_file(world):
    path = os.path.join(world.folder, "x.zip")
    with world.new("zipfile.ZipFile", path, "w") as archive:
        archive.writestr("a.txt", "text")
        archive.writestr("b/c.txt", b"bytes" * 100, world.get("zipfile.", "ZIP_DEFLATED"))
    with world.new("zipfile.ZipFile", path) as archive:
        names, info = archive.namelist(), archive.getinfo("b/c.txt")
        with archive.open("a.txt") as member:
            text = member.read()
        return (
            names,
            info.file_size,
            info.filename,
            text,
            archive.read("b/c.txt")[:5],
            archive.testzip(),
            [each.filename for each in archive.infolist()],
            world.raised(archive.read, "none"),
        )


def a_zip_file_in_memory(world):
    data = world.new("io.BytesIO")
    with world.new("zipfile.ZipFile", data, "w") as archive:
        archive.writestr("x", "1")
    return world.invoke("zipfile.", "is_zipfile", data), world.raised(
        world.new, "zipfile.ZipFile", world.new("io.BytesIO", b"no")
    )


def bad_zip_files_are_caught_by_their_class(world):
    import zipfile

    try:
        world.new("zipfile.ZipFile", world.new("io.BytesIO", b"no zip"))
    except zipfile.BadZipFile as error:
        return "bad", str(error)


def a_tar_file(world):
    import io

    data = world.new("io.BytesIO")
    with world.invoke("tarfile.", "open", fileobj=data, mode="w:gz") as archive:
        info = world.new("tarfile.TarInfo", "a.txt")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"text"))
    data.seek(0)
    with world.invoke("tarfile.", "open", fileobj=data) as archive:
        member = archive.getmember("a.txt")
        return (
            archive.getnames(),
            member.size,
            member.isfile(),
            archive.extractfile(member).read(),
            [m.name for m in archive],
            world.raised(archive.getmember, "x"),
        )


def gzip_and_bz2(world):
    path = os.path.join(world.folder, "x.gz")
    with world.invoke("gzip.", "open", path, "wt") as file:
        file.write("a\nb\n")
    with world.invoke("gzip.", "open", path, "rt") as file:
        lines = list(file)
    compressor = world.new("bz2.BZ2Compressor")
    data = compressor.compress(b"x" * 100) + compressor.flush()
    return lines, world.new("bz2.BZ2Decompressor").decompress(data) == b"x" * 100


def a_shelf(world):
    path = os.path.join(world.folder, "shelf")
    with world.invoke("shelve.", "open", path, writeback=True) as shelf:
        shelf["a"] = [1]
        shelf["a"].append(2)
    with world.invoke("shelve.", "open", path) as shelf:
        return shelf["a"], list(shelf), "a" in shelf, len(shelf)


def pickling_there(world):
    person = world.new("hosted.people.Person", "Ann")
    data = world.invoke("pickle.", "dumps", person)
    other = world.invoke("pickle.", "loads", data)
    return other, other.name, other is person, isinstance(data, bytes)


def a_struct(world):
    struct = world.new("struct.Struct", ">ih")
    packed = struct.pack(1, -2)
    buffer = world.new("builtins.bytearray", 8)
    struct.pack_into(buffer, 2, 5, 6)
    return (
        packed,
        struct.unpack(packed),
        struct.size,
        struct.format,
        buffer,
        struct.unpack_from(buffer, 2),
        list(struct.iter_unpack(packed * 2)),
        world.raised(struct.pack, "x", 1),
    )


def errors_of_struct_are_caught_by_their_class(world):
    import struct

    try:
        world.invoke("struct.", "unpack", ">i", b"x")
    except struct.error as error:
        return str(error)


def a_subprocess(world):
    import sys

    python = sys.executable
    done = world.invoke("subprocess.", "run", [python, "-c", "print(1); raise SystemExit(3)"], stdout=-1, stderr=-1)
    error = world.raised(world.invoke, "subprocess.", "check_output", [python, "-c", "raise SystemExit(4)"])
    with world.new("subprocess.Popen", [python, "-c", "print(input())"], stdin=-1, stdout=-1) as process:
        out, err = process.communicate(b"text\n")
    return done.returncode, done.stdout, error.returncode, type(error).__name__, out, err, process.returncode


def a_shell_file_walk(world):
    names = ["a", "b"]
    for name in names:
        open(os.path.join(world.folder, name), "w").close()
    copied = world.invoke("shutil.", "copytree", world.folder, os.path.join(world.folder, "copy"))
    return (
        sorted(os.listdir(copied)),
        sorted(world.invoke("glob.", "glob", os.path.join(world.folder, "?"))),
        world.invoke("filecmp.", "cmp", os.path.join(world.folder, "a"), os.path.join(copied, "a")),
    )


def a_file_is_read_until_its_end(world):
    data, sizes = world.new("io.BytesIO", b"x" * 10), []
    while True:
        chunk = data.read(4)
        if not chunk:
            break
        sizes.append(len(chunk))
    return sizes
