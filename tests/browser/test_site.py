"""The documentation as a site, in a browser: links answer, search finds, and a telephone and the dark do not matter."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from tests.browser.chromium import PHONE, at, opened, serious, too_wide

DOCS = Path(__file__).resolve().parents[2] / "docs"
# Some of our Python versions have no Sphinx that fits (pyproject.toml).
BUILDERS = ["html"] if find_spec("myst_parser") and find_spec("furo") else []
# Sphinx writes blocks of code that scroll and have no tabindex; browsers let the keyboard reach them all the same.
THEIRS = "scrollable-region-focusable"
MORE = ("tutorials/instructor.html", "how-to/new-assignment.html", "comparison.html")


@pytest.fixture(scope="module", params=BUILDERS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As `make docs` makes it."""
    place = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, "-m", "sphinx", "--quiet", "-b", request.param, str(DOCS), str(place)]
    subprocess.run([*command, "-d", str(place.parent / "doctrees")], check=True, capture_output=True)
    return place


def test_the_navigation_leads_to_pages(chromium: Any, site: Path) -> None:
    """Each link beside the first page leads to a page that was written, and a click opens it."""
    with opened(chromium) as page:
        page.goto(at(site / "index.html"))
        links = page.locator(".sidebar-tree a.reference")
        found = set(links.evaluate_all("all => all.map(one => one.href.split('#')[0])"))
        assert len(found) > 20
        assert [one for one in sorted(found) if not Path(unquote(urlsplit(one).path)).is_file()] == []
        links.filter(has_text="Troubleshooting").click()
        assert page.locator("h1").inner_text().startswith("Troubleshooting")


def test_search_finds(chromium: Any, site: Path) -> None:
    """A word typed into the box beside a page leads to pages that have it."""
    with opened(chromium) as page:
        page.goto(at(site / "index.html"))
        page.locator(".sidebar-search").fill("formgrader")
        page.keyboard.press("Enter")
        page.locator("#search-results a[href*='instructor']").first.wait_for()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_pages_can_be_read(chromium: Any, site: Path, dark: bool) -> None:
    """On a telephone, light and dark: nothing makes a page scroll sideways, axe finds nothing serious in our text."""
    with opened(chromium, size=PHONE, dark=dark) as page:
        for name in MORE:
            page.goto(at(site / name))
            assert too_wide(page) == [], name
            assert [one for one in serious(page, "article") if not one.startswith(THEIRS)] == [], name
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(int(part) for part in colour[4:-1].split(",")) < 150) is dark
