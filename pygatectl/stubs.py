"""Stubs: `.pyi` files of a gateway's classes, made by its server, so that an editor completes their proxies."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pygatectl.connect import open_gateway
from pygatectl.errors import Conflict, PygatectlError
from pygatectl.registry import Registry
from pygatectl.storage import replace_file


@dataclass(frozen=True)
class Stub:
    """The stub of one module."""

    module: str
    is_package: bool
    text: str

    @property
    def file(self) -> Path:
        """Where a type checker looks for it, below a folder of its path."""
        place = Path(*self.module.split("."))
        return place / "__init__.pyi" if self.is_package else place.with_name(place.name + ".pyi")


def make_stubs(
    name: str,
    classes: Iterable[str],
    registry: Registry | str | os.PathLike[str] | None = None,
    *,
    class_path: Sequence[str] = (),
) -> list[Stub]:
    """Let the server of a definition make the stubs of classes ("PersonDemo.Person"; "PersonDemo." for all).

    `class_path` are paths of the server's machine that it is told first. Raises what `open_gateway` raises, and
    PygatectlError if there is no such class or its module can't be imported.
    """
    from pygateway import ClassPathError, GatewayError

    with open_gateway(name, registry) as gateway:
        try:
            if class_path:
                gateway.add_to_class_path(class_path)
            library = tuple(sorted(sys.stdlib_module_names))
            made = gateway.invoke("pygateway.stub.", "stubs", *classes, library=library)
        except ClassPathError as error:
            raise PygatectlError(f"{error}{_advice(name, str(error))}") from error
        except GatewayError:
            raise
        except Exception as error:
            reason = f"the server of {name!r} can't make stubs of {' '.join(classes)}: {type(error).__name__}: {error}"
            raise PygatectlError(reason, details=[("server", str(error.__cause__ or ""))]) from error
    return [Stub(*each) for each in made]


def _advice(name: str, message: str) -> str:
    """What to do about a module that is not found."""
    if "add_to_class_path" not in message:
        return ""
    return f", here with --class-path, or for good: pygatectl edit {name} --class-path PATH"


def write_stubs(stubs: Iterable[Stub], folder: Path, *, force: bool = False, dry_run: bool = False) -> list[Path]:
    """Write each stub to its file below `folder`, whole or not at all, or in a dry run write none; the files.

    Raises Conflict, before anything is written, if one of them is there and was not made by this; unless `force`.
    """
    targets = [(folder / stub.file, stub) for stub in stubs]
    for path, _ in targets:
        if not force and path.exists() and not _is_ours(path):
            raise Conflict(f"{path} is there and was not made by this program; --force replaces it")
    for path, stub in () if dry_run else targets:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, stub.text.encode(), mode=0o644)
    return [path for path, _ in targets]


def _is_ours(path: Path) -> bool:
    from pygateway.stub_names import MADE_BY

    with path.open("rb") as file:
        return file.read(len(MADE_BY)) == MADE_BY.encode()
