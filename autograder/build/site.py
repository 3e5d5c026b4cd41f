"""Where students find the course: course.toml, and the links that are made from it. Without it there are none.

    [course]
    url = "https://github.com/ORG/REPO"     # a public repository with release/, kit/ and binder/, and no answers
    branch = "main"
    hub = "https://hub.example.org"         # optional: a JupyterHub with nbgitpuller

One setting, so that no link is dead because another one was forgotten.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from autograder.errors import AssignmentError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = "course.toml"
KIT = '"seq2grade-kit[notebook]"'  # what notebooks install, as their authors write it


@dataclass(frozen=True)
class Site:
    """The settings; `url` is "" where the course is nowhere online."""

    url: str = ""
    branch: str = "main"
    hub: str = ""

    @property
    def kit(self) -> str:
        """What pip is asked for: the kit of the package index, or the one in the repository."""
        if not self.url:
            return KIT
        return f'{KIT[:-1]} @ git+{self.url}@{quote(self.branch)}#subdirectory=kit"'

    def links(self, assignment: str) -> dict[str, str]:
        """Label -> address that opens an assignment's notebook, for every service that can."""
        if not self.url:
            return {}
        parts = urlsplit(self.url)
        repository, branch = parts.path.strip("/"), quote(self.branch, safe="")
        path = f"release/{assignment}/{assignment}.ipynb"
        lab = quote(f"lab/tree/{path}", safe="")
        found = {}
        if parts.netloc == "github.com":
            tree = quote(self.branch)
            found["Colab"] = f"https://colab.research.google.com/github/{repository}/blob/{tree}/{path}"
            found["Binder"] = f"https://mybinder.org/v2/gh/{repository}/{branch}?urlpath={lab}"
            found["Codespaces"] = f"https://codespaces.new/{repository}/tree/{tree}?quickstart=1"
        else:
            found["Binder"] = f"https://mybinder.org/v2/git/{quote(self.url, safe='')}/{branch}?urlpath={lab}"
        if self.hub:
            folder = repository.rsplit("/", 1)[-1].removesuffix(".git")
            there = quote(f"lab/tree/{folder}/{path}", safe="")
            asked = f"repo={quote(self.url, safe='')}&branch={branch}&urlpath={there}"
            found["JupyterHub"] = f"{self.hub}/hub/user-redirect/git-pull?{asked}"
        return found

    def badges(self, assignment: str) -> str:
        """The links as one line of Markdown; "" where there are none."""
        pictures = {
            "Colab": "https://colab.research.google.com/assets/colab-badge.svg",
            "Binder": "https://mybinder.org/badge_logo.svg",
            "Codespaces": "https://github.com/codespaces/badge.svg",
        }
        shown = {
            label: f"![Open in {label}]({pictures[label]})" if label in pictures else f"Open in {label}"
            for label in self.links(assignment)
        }
        return " ".join(f"[{shown[label]}]({address})" for label, address in self.links(assignment).items())


def read_site(root: Path) -> Site:
    """The settings of the course in `root`. Raises AssignmentError that names the key."""
    path = root / FILE
    if not path.is_file():
        return Site()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AssignmentError(path, "text", f"expected TOML: {error}") from error
    _known(path, found, ["course", "attempts"], "table")  # the second: autograder/attempts.py
    settings = found.get("course", {})
    if not isinstance(settings, dict):
        raise AssignmentError(path, "course", "expected a table: [course]")
    _known(path, settings, [field.name for field in fields(Site)], "key")
    for name, value in settings.items():
        if not isinstance(value, str) or any(sign.isspace() or sign in "()[]<>\"'`" for sign in value):
            raise AssignmentError(path, name, f"expected plain text without spaces or brackets; got {value!r}")
    site = Site(**{name: value.rstrip("/") for name, value in settings.items()})
    for name, value in (("url", site.url), ("hub", site.hub)):
        parts = urlsplit(value)
        if value and (parts.scheme not in ("https", "http") or not parts.netloc or parts.query or parts.fragment):
            raise AssignmentError(path, name, f"expected an address such as https://github.com/ORG/REPO; got {value!r}")
    if site.url and len(urlsplit(site.url).path.strip("/").split("/")) < 2:
        raise AssignmentError(path, "url", f"expected a repository, https://github.com/ORG/REPO; got {site.url!r}")
    if site.hub and not site.url:
        raise AssignmentError(path, "hub", "expected `url` as well: a hub fetches notebooks from there")
    if not site.branch:
        raise AssignmentError(path, "branch", "expected the name of a branch")
    return site


def _known(path: Path, found: Mapping[str, Any], names: list[str], what: str) -> None:
    for name in found:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1, 0.0)[0]
            raise AssignmentError(path, name, f"unknown {what}; did you mean {near!r}? Known: {', '.join(names)}")
