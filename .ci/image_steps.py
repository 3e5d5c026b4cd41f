#!/usr/bin/env python3
"""Run the steps of the Dockerfile one by one in a fresh root, without Docker: COPY copies, RUN runs by chroot.

Needs root, debootstrap (a Debian package) and the network. `--list` prints the steps and runs nothing.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_BOUND = ("/proc",)


@dataclass
class Image:
    """What the instructions before a step have settled."""

    base: str = ""
    folder: str = "/"
    variables: dict[str, str] = field(default_factory=dict)
    exported: set[str] = field(default_factory=set)

    def filled(self, text: str) -> str:
        """`text` with its variables."""
        return _VARIABLE.sub(lambda found: self.variables.get(found[1] or found[2], ""), text)


def instructions(text: str) -> list[tuple[str, str]]:
    """(word, rest) of each instruction, with lines joined and comments left out."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(line.split(None, 1)[0], line.split(None, 1)[1].strip()) for line in joined.splitlines()]


def settled(image: Image, word: str, rest: str, given: dict[str, str]) -> bool:
    """Take note of an instruction that changes no file; False for one that does."""
    if word == "FROM":
        image.base = image.filled(rest)
    elif word == "ARG":
        name, _, default = rest.partition("=")
        image.variables[name] = given.get(name, image.filled(default))
    elif word == "ENV":
        for pair in shlex.split(rest):
            name, _, value = pair.partition("=")
            image.variables[name] = image.filled(value)
            image.exported.add(name)
    elif word == "WORKDIR":
        image.folder = image.filled(rest)
    elif word not in ("ENTRYPOINT", "CMD", "LABEL"):
        return False
    return True


def copied(root: Path, image: Image, rest: str) -> None:
    """COPY, with folders as Docker has them: what lies in a folder goes into the target."""
    *sources, target = shlex.split(image.filled(rest))
    for name in sources:
        source, place = HERE / name, root / target.lstrip("/")
        if source.is_dir():
            shutil.copytree(
                source, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info")
            )
        else:
            place = place / source.name if target.endswith("/") else place
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, place)


def ran(root: Path, image: Image, command: str) -> None:
    """RUN: in the root, with the variables of the image alone and those by which pip finds its packages."""
    told = {
        name: value for name, value in os.environ.items() if name.startswith("PIP_") or name.lower().endswith("_proxy")
    }
    (root / image.folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
    inside = f"cd {shlex.quote(image.folder)} && {command}"
    subprocess.run(
        ["chroot", str(root), "/usr/bin/env", "-i", *(f"{k}={v}" for k, v in (told | image.variables).items()),
         "HOME=/root", "/bin/sh", "-c", inside], check=True,
    )  # fmt: skip


def main() -> int:
    """Exit code 0 when every step ran."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--list", action="store_true", help="print the steps only")
    parser.add_argument("--build-arg", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--mirror", default="http://deb.debian.org/debian", help="Debian's packages")
    parser.add_argument(
        "--bind", action="append", default=[], help="PLACE or PLACE:AS of this machine, seen there read-only"
    )
    parser.add_argument("--then", default="seq2grade doctor --sandbox container", help="a last command in the image")
    wish = parser.parse_args()
    given = dict(pair.split("=", 1) for pair in wish.build_arg)
    steps = instructions((HERE / "Dockerfile").read_text(encoding="utf-8"))
    if wish.list:
        image = Image()
        for word, rest in steps:
            settled(image, word, rest, given)
            print(word, rest if word == "RUN" else image.filled(rest))
        return 0
    if os.geteuid() != 0 or shutil.which("debootstrap") is None:
        sys.exit("image_steps: needs root, and debootstrap: apt-get install debootstrap")
    root = Path(tempfile.mkdtemp(prefix="image-", dir=os.environ.get("TMPDIR", "/var/tmp")))
    bound: list[str] = []
    try:
        walk(root, steps, given, wish, bound)
    finally:
        for place in reversed(bound):
            subprocess.run(["umount", "--lazy", place], check=False)
        if not any(os.path.ismount(place) for place in bound):
            shutil.rmtree(root, ignore_errors=True)
    return 0


def walk(
    root: Path, steps: list[tuple[str, str]], given: dict[str, str], wish: argparse.Namespace, bound: list[str]
) -> None:
    """Each step in its turn; raises CalledProcessError at the first that fails."""
    image = Image()
    for word, rest in steps:
        print(f"--- {word} {rest}", flush=True)
        if settled(image, word, rest, given):
            if word == "FROM":
                suite = image.base.partition(":")[2].removesuffix("-slim")
                subprocess.run(
                    ["debootstrap", "--variant=minbase", suite, str(root), wish.mirror],
                    check=True, stdout=subprocess.DEVNULL,
                )  # fmt: skip
                root.chmod(0o755)  # a system that everybody may enter, as an image is
                for place in (*_BOUND, *wish.bind):
                    bind(root, place, bound)
        elif word == "COPY":
            copied(root, image, rest)
        elif word == "RUN":
            ran(root, image, rest)
        else:
            sys.exit(f"image_steps: does not know {word}")
    if wish.then:
        print(f"--- {wish.then}", flush=True)
        ran(root, image, wish.then)


def bind(root: Path, wish: str, bound: list[str]) -> None:
    """Let PLACE, or PLACE:AS, of this machine be seen in the root. Read-only: packages that are installed there write
    where they like."""
    place, _, name = wish.partition(":")
    target = root / (name or place).lstrip("/")
    if Path(place).is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    subprocess.run(["mount", "--bind", place, str(target)], check=True)
    bound.append(str(target))
    subprocess.run(["mount", "-o", "remount,bind,ro", str(target)], check=True)


if __name__ == "__main__":
    sys.exit(main())
