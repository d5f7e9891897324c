"""The doctor: each thing that can be wrong is found, explained, and can be put right as it says."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pygatectl import doctor, process
from pygatectl.activity import Entry
from pygatectl.doctor import examine, repair
from pygatectl.doctor.finding import WHY
from pygatectl.record import Failure, read_record

if TYPE_CHECKING:
    from tests.pygatectl.conftest import Home

Until = Callable[[Callable[[], Any]], Any]


def findings(home: Home, *words: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(home.run("doctor", *words, "--json").out)["findings"]
    return found


def the_one(home: Home, check: str, *words: object) -> dict[str, Any]:
    """The one finding of a check; there is no other."""
    (found,) = findings(home, *words)
    assert found["check"] == check, found
    assert found["fix"]
    assert found["why"]
    return found


def created(home: Home, *options: object) -> None:
    home.run("create", "lab", "--port", "auto", *options).ok()


def test_nothing_is_wrong_with_a_server_that_runs(home: Home) -> None:
    created(home)
    home.run("start", "lab").ok()
    assert home.run("doctor").ok().out == "nothing is wrong\n"
    assert home.run("doctor", "lab").ok().out == "nothing is wrong\n"
    assert home.run("doctor", "nobody").code == 4


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "no such file"), ("#!/bin/sh\necho hello\n", "it is not a Python"), ("", "can't be used")],
)
def test_an_interpreter_that_is_none_is_found(home: Home, content: str | None, told: str) -> None:
    python = home.folder / "python"
    if content is not None:
        python.write_text(content)
        python.chmod(0o755)
    created(home)
    home.run("edit", "lab", "--python", python).ok()
    found = the_one(home, "interpreter", "lab")
    assert (found["severity"], told in found["what"]) == ("error", True), found
    assert home.run("doctor").code == 1


def test_an_interpreter_that_is_too_old_is_found(home: Home) -> None:
    python = home.folder / "python"
    python.write_text("#!/bin/sh\nprintf 'python 3 5 2'\n")
    python.chmod(0o755)
    created(home, "--python", python)
    assert "3.5.2" in the_one(home, "interpreter")["what"]


def test_a_module_from_the_users_site_packages_is_found(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONUSERBASE", str(home.folder / "user"))
    base = getattr(sys, "_base_executable", sys.executable)
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    site = home.folder / "user" / "lib" / version / "site-packages"
    site.mkdir(parents=True)
    (site / "mine_alone.py").write_text("")
    created(home, "--python", base, "--preload", "mine_alone")
    found = the_one(home, "user site")
    assert "mine_alone" in found["what"]
    assert str(site) in found["what"]


def test_a_python_path_of_the_shell_is_found(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    created(home)
    monkeypatch.setenv("PYTHONPATH", str(home.folder))
    assert the_one(home, "environment")["severity"] == "warning"


def test_a_host_name_that_means_nothing_is_found(home: Home) -> None:
    created(home, "--host", "no-such-host.invalid")
    assert "can't be resolved" in the_one(home, "host")["what"]


def test_a_host_that_means_another_address_than_the_server_listens_on_is_found(home: Home) -> None:
    created(home)
    home.run("start", "lab").ok()
    home.run("edit", "lab", "--host", "127.0.0.2").ok()
    checks = {one["check"]: one["what"] for one in findings(home, "lab")}
    assert "127.0.0.2 means 127.0.0.2, and the server listens on 127.0.0.1" in checks["host"]
    assert "host" in checks["edited"]


def test_a_host_that_others_can_reach_without_a_passphrase_is_found(home: Home) -> None:
    created(home, "--host", "0.0.0.0")  # noqa: S104 - that is what is found
    assert "--use-passphrase" in the_one(home, "host")["fix"]


def test_a_port_that_another_program_holds_is_found_with_its_holder(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        home.run("create", "lab", "--port", listener.getsockname()[1]).ok()
        assert str(os.getpid()) in the_one(home, "port")["what"]


def test_definitions_that_share_a_port_are_found(home: Home) -> None:
    created(home)
    home.run("create", "other", "--port", home.registry.get("lab").port).ok()
    assert "other" in the_one(home, "port", "lab")["what"]


@pytest.mark.parametrize("place", ["missing/log", "."])
def test_a_log_file_that_can_not_be_written_is_found(home: Home, place: str) -> None:
    created(home, "--log-file", home.folder / place)
    assert str(home.folder) in the_one(home, "log file")["what"]


def test_a_working_directory_that_is_missing_is_found(home: Home) -> None:
    created(home, "--cwd", home.folder / "missing")
    assert "missing" in the_one(home, "cwd")["what"]


def test_a_state_folder_that_can_not_be_written_is_found(home: Home) -> None:
    created(home)
    (home.folder / "file").write_text("")
    told = home.command("doctor", "--json", env={**home.environment, "PYGATECTL_STATE_DIR": "/proc/none"})
    found = json.loads(told.out)["findings"]
    assert [one["check"] for one in found] == ["folder"]
    assert told.code == 1


def test_a_class_path_that_is_missing_is_found(home: Home) -> None:
    created(home, "--class-path", home.folder / "gone.py")
    assert "gone.py" in the_one(home, "class path")["what"]


def test_a_class_path_with_dots_in_its_folder_is_found(home: Home) -> None:
    package = home.folder / "app.v1" / "demo"
    package.mkdir(parents=True)
    (package / "mod.py").write_text("")
    created(home, "--class-path", home.folder / "app.v1" / "demo.mod.py")
    found = the_one(home, "class path")
    assert (found["severity"], "app.v1" in found["fix"]) == ("warning", True)


def test_a_module_that_does_not_import_is_found_with_its_reason(home: Home) -> None:
    path = home.folder / "broken.py"
    path.write_text("print('noise')\nimport no_such_module\n")
    created(home, "--class-path", path, "--preload", "neither_this")
    told = {one["what"] for one in findings(home)}
    assert any("No module named 'no_such_module'" in one for one in told)
    assert any("neither_this" in one for one in told)


def test_secrets_that_others_can_read_are_found_and_put_right(home: Home) -> None:
    created(home, "--generate-passphrase")
    stored = home.registry.passphrases.file("lab")
    stored.chmod(0o644)
    assert "can be read by others" in the_one(home, "permissions")["what"]
    rehearsed = home.run("doctor", "--fix", "--dry-run")
    assert (rehearsed.code, stored.stat().st_mode & 0o777) == (1, 0o644)
    assert "would be repaired" in rehearsed.out
    assert "repaired" in home.run("doctor", "--fix").ok().out
    assert stored.stat().st_mode & 0o777 == 0o600
    assert findings(home) == []


def test_a_passphrase_that_is_missing_is_found(home: Home) -> None:
    created(home, "--generate-passphrase")
    home.registry.passphrases.file("lab").unlink()
    assert "pygatectl passphrase set lab" in the_one(home, "passphrase")["fix"]


def test_tls_files_that_can_not_be_used_are_found(home: Home) -> None:
    created(home, "--use-tls")
    assert "no certificate" in the_one(home, "TLS")["what"]
    home.run("edit", "lab", "--tls-certificate", home.folder / "none.pem").ok()
    assert "can't be used" in the_one(home, "TLS")["what"]


def test_keys_that_are_no_field_and_definitions_that_are_not_valid_are_found(home: Home) -> None:
    created(home)
    path = home.paths.registry
    path.write_text(path.read_text() + 'prot = 5\n[gateways.bad]\nport = "none"\n')
    checks = {one["check"]: one for one in findings(home)}
    assert "'prot'" in checks["unknown key"]["what"]
    assert (checks["definition"]["severity"], checks["definition"]["gateway"]) == ("error", "bad")
    assert [one["check"] for one in findings(home, "bad")] == ["definition"]
    assert findings(home, "lab") == []


def test_a_dry_run_is_of_the_fix(home: Home) -> None:
    created(home)
    result = home.run("doctor", "--dry-run")
    assert result.code == 2
    assert "--fix" in result.err


def test_what_a_killed_server_left_is_found_and_put_away(home: Home, until: Until) -> None:
    created(home)
    home.run("start", "lab").ok()
    identity = process.identify(home.pid("lab"))
    assert identity is not None
    os.kill(identity.pid, signal.SIGKILL)
    until(lambda: not identity.alive())
    assert the_one(home, "record")["repairable"]
    home.run("doctor", "--fix").ok()
    assert not home.paths.record("lab").exists()
    assert findings(home) == []


def test_what_a_killed_monitor_left_is_found_and_put_away(home: Home, until: Until) -> None:
    created(home)
    home.run("start", "lab").ok()
    monitor = process.identify(json.loads(home.run("monitor", "start", "lab", "--json").ok().out)["pid"])
    assert monitor is not None
    os.kill(monitor.pid, signal.SIGKILL)
    until(lambda: not monitor.alive())
    assert the_one(home, "monitor")["repairable"]
    home.run("doctor", "--fix").ok()
    assert findings(home) == []


def test_a_record_of_an_earlier_boot_is_found_and_put_away(home: Home) -> None:
    created(home)
    home.run("start", "lab").ok()
    record = read_record(home.paths.record("lab"))
    assert record is not None
    home.run("stop", "lab").ok()
    replace(record, boot="another").write(home.paths.record("lab"))
    assert the_one(home, "record")["repairable"]
    home.run("doctor", "--fix").ok()
    assert not home.paths.record("lab").exists()


def test_a_server_whose_definition_was_taken_out_by_hand_is_found_and_reached_again(home: Home, until: Until) -> None:
    created(home)
    home.run("start", "lab").ok()
    port, identity = home.registry.get("lab").port, process.identify(home.pid("lab"))
    assert identity is not None
    home.paths.registry.write_text("")
    found = the_one(home, "orphan")
    assert f"pid {identity.pid}" in found["what"]
    home.run("create", "lab", "--port", port).ok()
    home.run("delete", "lab", "--stop", "--yes").ok()
    assert not identity.alive()
    assert findings(home) == []


def test_a_definition_that_was_put_back_and_started_meanwhile_keeps_its_record(home: Home) -> None:
    created(home)
    home.run("start", "lab").ok()
    record, port = read_record(home.paths.record("lab")), home.registry.get("lab").port
    assert record is not None
    home.run("delete", "lab", "--stop", "--yes").ok()
    record.write(home.paths.record("lab"))
    found = examine(home.registry, [])
    assert [one.check for one in found] == ["orphan"]
    home.run("create", "lab", "--port", port).ok()
    home.run("start", "lab").ok()
    repair(found)
    assert home.run("is-active", "lab").ok().out == "Active\n"
    assert findings(home) == []


def test_a_definition_that_was_edited_since_its_server_started_is_found(home: Home) -> None:
    created(home)
    home.run("start", "lab").ok()
    home.run("edit", "lab", "--env", "A=B").ok()
    found = the_one(home, "edited")
    assert (found["severity"], found["fix"]) == ("warning", "pygatectl restart lab")


def test_a_server_that_does_not_answer_is_found(home: Home) -> None:
    created(home, "--connection-timeout", 2)
    home.run("start", "lab").ok()
    os.kill(home.pid("lab"), signal.SIGSTOP)
    try:
        assert "does not answer" in the_one(home, "answer")["what"]
    finally:
        os.kill(home.pid("lab"), signal.SIGCONT)


def test_a_clock_that_was_set_back_is_found(home: Home) -> None:
    created(home)
    later = datetime.now(timezone.utc) + timedelta(hours=3)
    entry = Entry(later.isoformat(), "Info", "lab", "h", 1, None, "u", "of the future")
    path = home.paths.activity / f"{later.date()}.jsonl"
    with path.open("a") as file:
        file.write(json.dumps(entry.__dict__) + "\n")
    assert "ahead of the clock" in the_one(home, "clock")["what"]


def test_an_import_that_takes_for_ever_does_not_hold_the_doctor_up(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = home.folder / "slow.py"
    path.write_text("import time; time.sleep(600)\n")
    created(home, "--class-path", path)
    monkeypatch.setattr("pygatectl.doctor.code.TIMEOUT", 0.5)
    began = time.monotonic()
    assert "more than 0.5 s" in the_one(home, "imports")["what"]
    assert time.monotonic() - began < 60
    assert Path(path).exists()


def test_a_class_path_that_two_files_answer_to_is_found(home: Home) -> None:
    (home.folder / "demo").mkdir()
    for path in (home.folder / "demo" / "two.py", home.folder / "demo.two.py"):
        path.write_text("")
    created(home, "--class-path", home.folder / "demo.two.py")
    assert f"it means {home.folder / 'demo' / 'two.py'}" in the_one(home, "class path")["what"]


def test_a_start_that_failed_is_told_until_it_is_put_away(home: Home) -> None:
    created(home)
    Failure(time.time(), "no memory").write(home.paths.failure("lab"))
    assert the_one(home, "failure")["what"] == "its last start failed: no memory"
    home.run("doctor", "--fix").ok()
    assert findings(home) == []


def test_a_server_that_started_since_it_was_examined_is_not_put_away(home: Home, until: Until) -> None:
    created(home)
    home.run("start", "lab").ok()
    identity = process.identify(home.pid("lab"))
    assert identity is not None
    os.kill(identity.pid, signal.SIGKILL)
    until(lambda: not identity.alive())
    found = examine(home.registry, [])
    home.run("start", "lab").ok()
    repair(found)
    home.run("ping", "lab").ok()


def test_a_record_that_a_monitor_needs_for_a_restart_is_left_to_it(home: Home, until: Until) -> None:
    created(home)
    home.run("start", "lab").ok()
    home.run("monitor", "start", "lab", "--stay").ok()
    identity = process.identify(home.pid("lab"))
    assert identity is not None
    os.kill(identity.pid, signal.SIGKILL)
    until(lambda: not identity.alive())
    assert not the_one(home, "record", "lab")["repairable"]


def test_every_check_says_why_it_matters() -> None:
    folder = Path(doctor.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    used = set(re.findall(r'Finding\(\s*(?:\w+|\w+\.name|getattr\(.*?\)),\s*"([^"]+)"', text))
    assert used <= set(WHY)
    assert len(used) > 15
