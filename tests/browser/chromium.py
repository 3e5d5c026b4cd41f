"""The system's Chromium, driven by playwright, and what tests ask of a page in it."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Playwright's own download is not asked for: what the system has is what people here read pages in.
CHROMIUM = next((found for name in NAMES if (found := shutil.which(name))), "")
PHONE, DESK = (390, 844), (1280, 900)
# Pages are looked at without a network: whatever they would load from elsewhere fails at once.
ARGUMENTS = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-gpu", "--disable-dev-shm-usage"]


@contextlib.contextmanager
def started() -> Iterator[Any]:
    """A browser. Not for longer than a module: playwright keeps an event loop in the thread that it is used in."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextlib.contextmanager
def opened(browser: Any, *, size: tuple[int, int] = DESK, dark: bool = False, **more: Any) -> Iterator[Any]:
    """An empty page. At its end no script may have called for attention with `alert`."""
    width, height = size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        **more,
    )
    context.set_default_timeout(120_000)
    page = context.new_page()
    alerts: list[str] = []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    yield page
    context.close()
    assert alerts == [], "a script that somebody wrote into a text ran"


def serious(page: Any, context: str = "", only: tuple[str, ...] = ()) -> list[str]:
    """What axe finds that keeps somebody from reading or using a page, a line for each place. `context` selects the
    part to look at, `only` names axe's rules; empty means all."""
    from axe_playwright_python.base import AXE_SCRIPT

    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if only:
        options["runOnly"] = list(only)
    found = page.evaluate(f"axe.run({json.dumps(context) if context else 'document'}, {json.dumps(options)})")
    return [
        f"{one['id']}: {' '.join(map(str, node['target']))}: {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def too_wide(page: Any) -> list[str]:
    """What makes a page scroll sideways: elements beyond its right edge that no frame of their own cuts or scrolls."""
    found: list[str] = page.evaluate(
        """() => {
            const edge = document.documentElement.clientWidth, wide = [];
            if (document.documentElement.scrollWidth <= edge) return wide;
            for (const one of document.body.querySelectorAll("*"))
                if (one.getBoundingClientRect().right > edge + 1) wide.push(one.outerHTML.slice(0, 120));
            return wide.length ? wide : ["scrolls sideways"];
        }"""
    )
    return found


def tiny_text(page: Any, least: float = 11.5) -> list[str]:
    """Words that are shown smaller than `least` CSS pixels; labels in a drawing scale with it and are left out."""
    found: list[str] = page.evaluate(
        """least => {
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), small = [];
            while (walk.nextNode()) {
                const node = walk.currentNode, parent = node.parentElement;
                if (!node.data.trim() || parent.closest("svg") || !parent.checkVisibility()) continue;
                const size = parseFloat(getComputedStyle(parent).fontSize);
                if (size && size < least) small.push(`${size}px: ${node.data.trim().slice(0, 60)}`);
            }
            return small;
        }""",
        least,
    )
    return found


def unnamed_pictures(page: Any) -> list[str]:
    """Pictures of which somebody who does not see them learns nothing."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("img, svg, canvas")].filter(one => {
            if (!one.checkVisibility() || one.closest("[aria-hidden=true]")) return false;
            const told = one.closest("[role=img]");
            return !(one.getAttribute("alt") || one.getAttribute("aria-label")
                     || (told && told.getAttribute("aria-label")));
        }).map(one => one.outerHTML.slice(0, 120))"""
    )
    return found


def at(path: Path) -> str:
    """The address of a file."""
    return path.resolve().as_uri()
