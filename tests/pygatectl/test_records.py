"""Activity and logs: what is recorded, and what becomes of it when there is too much, too little room, or damage."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import pygatectl
from pygatectl import activity
from pygatectl.activity import INFO, Entry, Journal, Wanted
from pygatectl.definition import Definition
from pygateway import AuthenticationError, Gateway

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

Until = Callable[[Callable[[], Any]], Any]
LAB = Definition.make("lab", {"port": 5000})


def entries(home: Home, *options: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(home.run("activity", *options, "--json").ok().out)["entries"]
    return found


def test_starts_and_stops_tell_states_and_durations(home: Home) -> None:
    home.run("create", "lab", "--port", "auto").ok()
    home.run("start", "lab").ok()
    home.run("stop", "lab").ok()
    home.run("edit", "lab", "--python", "/bin/false").ok()
    assert home.run("start", "lab").code != 0
    told = [(one["old"], one["new"]) for one in entries(home, "lab") if one["old"]]
    assert told[:2] == [("Inactive", "Active"), ("Active", "Inactive")]
    started = next(one for one in entries(home, "lab") if one["new"] == "Active")
    assert 0 < started["duration"] < 60
    assert "(Inactive -> Active)" in home.run("activity", "lab").ok().out


def test_entries_are_chosen_by_type_and_time(home: Home) -> None:
    journal = Journal(home.paths)
    for type_ in activity.TYPES:
        journal.add(type_, LAB, None, f"a {type_}")
    assert [one["text"] for one in entries(home, "--type", "warning", "--type", "ERROR")] == ["a Warning", "a Error"]
    assert entries(home, "--since", "2126-01-01") == []
    assert len(entries(home, "--since", "1h")) == 4
    wrong = home.run("activity", "--type", "fatal")
    assert wrong.code == 2
    assert "Debug, Info, Warning, Error" in wrong.err


def test_entries_of_an_earlier_version_are_read(home: Home) -> None:
    now = datetime.now(timezone.utc)
    old = {"time": now.isoformat(), "type": "Info", "name": "lab", "server": "h", "port": 1, "process": None}
    folder = home.paths.activity
    folder.mkdir(parents=True)
    (folder / f"{now.date()}.jsonl").write_text(json.dumps({**old, "user": "u", "text": "of old"}) + "\n")
    assert [one["text"] for one in entries(home)] == ["of old"]


def test_refused_connections_are_recorded_by_the_server_and_not_without_bound(home: Home, until: Until) -> None:
    home.run("create", "lab", "--port", "auto", "--generate-passphrase").ok()
    home.run("start", "lab").ok()
    port = home.registry.get("lab").port
    for _ in range(30):
        with pytest.raises(AuthenticationError):
            Gateway.connect("127.0.0.1", port)
    refused = [one for one in entries(home, "lab") if one["text"].startswith("connection refused: 127.0.0.1")]
    assert 20 <= len(refused) <= 40  # a minute may have ended meanwhile
    assert {(one["type"], one["process"], one["port"]) for one in refused} == {("Warning", home.pid("lab"), port)}


@pytest.mark.parametrize(("most", "files"), [(8 << 20, 1), (50_000, 2)], ids=["all fits", "the older makes room"])
def test_entries_of_many_processes_at_once_are_whole_and_bounded(home: Home, most: int, files: int) -> None:
    program = (
        "from pygatectl.activity import Journal; from pygatectl.definition import Definition\n"
        "from pygatectl.paths import find_paths; from pygatectl import activity\n"
        f"activity.MAX_BYTES = {most}\n"
        "journal, lab = Journal(find_paths()), Definition.make('x' * 50, {'port': 1})\n"
        "for n in range(150): journal.add('Debug', lab, 1, str(n) * 20)\n"
        "assert not activity.unrecorded\n"
    )
    children = [home.program(sys.executable, "-c", program, env=home.environment) for _ in range(4)]
    assert [child.wait(60) for child in children] == [0] * 4
    sizes = [path.stat().st_size for path in home.paths.activity.glob("*.jsonl")]
    assert len(sizes) == files
    assert max(sizes) < most + 10_000
    found = [int(one["text"][: len(one["text"]) // 20]) for one in entries(home)]
    written = b"".join(path.read_bytes() for path in home.paths.activity.glob("*.jsonl"))
    assert len(found) == sum(1 for line in written.splitlines() if line)
    if files == 1:
        assert sorted(found) == sorted(list(range(150)) * 4)


def test_a_follower_sees_every_entry_across_files_that_are_set_aside(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the system gives the inode of a file that was deleted to the new one."""
    monkeypatch.setattr(activity, "MAX_BYTES", 2000)
    journal = Journal(home.paths)
    journal.add(INFO, LAB, None, "0")
    entries_seen = journal.follow(Wanted(), pause=0.001)
    for number in range(100):
        assert next(entries_seen).text == str(number)
        journal.add(INFO, LAB, None, str(number + 1))
    assert len(list(home.paths.activity.glob("*.jsonl"))) == 2


def test_a_follower_misses_nothing_between_the_past_and_its_first_look(home: Home) -> None:
    journal = Journal(home.paths)
    journal.add(INFO, LAB, None, "past")
    seen = journal.follow(Wanted(), pause=0.001)
    assert next(seen).text == "past"
    journal.add(INFO, LAB, None, "first")
    journal.add(INFO, LAB, None, "second")
    assert [next(seen).text for _ in range(2)] == ["first", "second"]


def test_a_refused_connection_is_recorded_however_much_was_before_it(home: Home, until: Until) -> None:
    home.run("create", "lab", "--port", "auto", "--generate-passphrase", "--log-file", home.folder / "own.log").ok()
    home.run("start", "lab").ok()
    (path,) = home.paths.activity.glob("*.jsonl")
    with path.open("ab") as file:
        file.write((b" " * 1023 + b"\n") * (activity.MAX_BYTES // 1024 + 1))
    port = home.registry.get("lab").port
    with pytest.raises(AuthenticationError):
        Gateway.connect("127.0.0.1", port)
    assert any("connection refused" in one["text"] for one in entries(home, "lab"))
    home.paths.activity.rename(home.folder / "moved")
    with pytest.raises(AuthenticationError):
        Gateway.connect("127.0.0.1", port)
    until(lambda: "not recorded" in (home.folder / "own.log").read_text())


def test_a_line_that_was_cut_short_hides_no_later_one(home: Home) -> None:
    journal = Journal(home.paths)
    journal.add(INFO, LAB, None, "first")
    (path,) = home.paths.activity.glob("*.jsonl")
    with path.open("a") as file:
        file.write('{"time": "2026-')
    journal.add(INFO, LAB, None, "second")
    assert [one["text"] for one in entries(home)] == ["first", "second"]


def test_whatever_stands_in_the_files_is_no_error(home: Home) -> None:
    journal = Journal(home.paths)
    journal.add(INFO, LAB, None, "good")
    (path,) = home.paths.activity.glob("*.jsonl")
    with path.open("ab") as file:
        file.write(b'\xff\xfe\n{}\n[]\n5\n{"time": 5}\n\0\n')
    assert [one.text for one in journal.read(Wanted())] == ["good"]


@pytest.fixture
def small_disk(home: Home) -> Iterator[Path]:
    """A file system of 64 KiB in the place of the activity's folder."""
    folder = home.paths.activity
    folder.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "none", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_fails_no_command_and_loses_nothing_that_was_recorded(home: Home, small_disk: Path) -> None:
    home.run("create", "lab", "--port", "auto").ok()
    (small_disk / "filler").write_bytes(b"x" * os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_bsize)
    journal = Journal(home.paths)
    while not activity.unrecorded:
        journal.add(INFO, LAB, None, "as long as there is room")
    activity.unrecorded.clear()
    edited = home.run("edit", "lab", "--description", "a new one").ok()
    assert "could not be recorded" in edited.err
    assert home.registry.get("lab").description == "a new one"
    home.run("start", "lab").ok()
    home.run("stop", "lab").ok()
    (small_disk / "filler").unlink()
    home.run("edit", "lab", "--description", "").ok()
    told = [one["text"] for one in entries(home, "lab")]
    assert told[0] == "definition created"
    assert told[-1].startswith("definition changed")


def test_a_clock_that_is_set_back_hides_nothing(home: Home) -> None:
    journal = Journal(home.paths)
    future = datetime.now(timezone.utc) + timedelta(days=2)
    journal.add(INFO, LAB, None, "now")
    path = home.paths.activity / f"{future.date()}.jsonl"
    entry = Entry(future.isoformat(), "Info", "lab", "h", 1, None, "u", "of the future")
    path.write_text(json.dumps(entry.__dict__) + "\n")
    assert [one["text"] for one in entries(home)] == ["now", "of the future"]


PRINTER = """
import sys
def say(first, count):
    for number in range(first, first + count):
        print("line", number, "x" * 100)
"""


def talkative(home: Home) -> None:
    """Start a server that is asked to print; its output is set aside soon."""
    module = home.folder / "printing.py"
    module.write_text(PRINTER)
    home.run("create", "lab", "--port", "auto", "--class-path", module).ok()
    home.run("start", "lab").ok()


def test_output_that_grows_too_large_is_set_aside_and_no_line_is_lost(home: Home, until: Until) -> None:
    talkative(home)
    path = home.paths.output("lab")
    aside = path.with_name(path.name + ".1")
    with pygatectl.open_gateway("lab") as gateway:
        printed = 0
        while not aside.exists():
            gateway.invoke("printing.", "say", printed, 10_000)
            printed += 10_000
        gateway.invoke("printing.", "say", printed, 100)
    text = aside.read_text() + path.read_text()
    numbers = [int(line.split()[1]) for line in text.splitlines() if line.startswith("line ")]
    assert numbers == list(range(printed + 100))
    shown = home.run("logs", "lab", "--lines", 5000).ok().out.splitlines()
    assert [int(line.split()[1]) for line in shown] == list(range(printed + 100))[-5000:]


def test_a_follower_goes_on_across_a_file_that_was_set_aside(home: Home) -> None:
    home.run("create", "lab", "--port", "auto").ok()
    path = home.paths.output("lab")
    path.parent.mkdir(parents=True)
    path.write_text("first\n")
    follower = home.spawn("logs", "lab", "--follow")
    assert follower.stdout is not None
    assert follower.stdout.readline() == "first\n"
    with path.open("a") as file:
        path.rename(path.with_name(path.name + ".1"))
        file.write("second\n")
    path.write_text("third\n")
    assert [follower.stdout.readline() for _ in range(2)] == ["second\n", "third\n"]


def test_logs_since_a_time_begin_with_the_last_time_in_front_of_it(home: Home) -> None:
    home.run("create", "lab", "--port", "auto", "--log-file", home.folder / "own.log").ok()
    path = home.paths.output("lab")
    path.parent.mkdir(parents=True)
    path.write_text(
        "--- 2026-11-25T10:00:00+00:00 python server\nearly\n--- 2026-11-25T10:10:00+00:00\nmiddle\n"
        "--- 2026-11-25T10:20:00+00:00\nlate\n"
    )
    assert home.run("logs", "lab", "--since", "2026-11-25T10:15+00:00").ok().out == "middle\nlate\n"
    assert home.run("logs", "lab", "--since", "2026-11-25T10:30+00:00").ok().out == "late\n"
    assert home.run("logs", "lab").ok().out.splitlines()[1:] == ["early", "middle", "late"]
    (home.folder / "own.log").write_text(
        "2026-11-25T10:00:00.000+0000 INFO started\n2026-11-25T10:20:00.000+0000 ERROR mapping\n  more of it\n"
    )
    since = home.run("logs", "lab", "--log-file", "--since", "2026-11-25T10:15+00:00").ok().out
    assert since == "2026-11-25T10:20:00.000+0000 ERROR mapping\n  more of it\n"


def test_the_output_tells_the_time_now_and_then(home: Home, until: Until) -> None:
    talkative(home)
    path = home.paths.output("lab")
    with pygatectl.open_gateway("lab") as gateway:
        gateway.invoke("printing.", "say", 0, 1)
        until(
            lambda: [line for line in path.read_text().splitlines() if line.startswith("--- ") and "python" not in line]
        )
    assert "line 0" in home.run("logs", "lab", "--since", "5m").ok().out
    assert home.run("logs", "lab").ok().out.count("---") == 1  # of the start


def test_a_log_file_that_grows_too_large_is_set_aside(home: Home, until: Until) -> None:
    log = home.folder / "own.log"
    home.run("create", "lab", "--port", "auto", "--log-file", log).ok()
    log.write_bytes(b"x" * 11_000_000 + b"\n")
    home.run("start", "lab").ok()
    with pygatectl.open_gateway("lab"):
        until(lambda: log.with_name("own.log.1").exists())
    until(lambda: log.exists() and "closed" in log.read_text())
    assert "started" in home.run("logs", "lab", "--log-file", "--lines", 10).ok().out
