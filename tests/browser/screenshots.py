"""`make screenshots`: the pictures of README.md, from the pages that `seq2grade demo` wrote."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tests.browser.chromium import CHROMIUM, NAMES, at, opened, started

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
STUDENT = "mistake-steps-not-added"  # one item partly right, one cause
# Of the feedback page: the score, and the item that has something to say. README.md has no room for the rest.
SHORTENED = """() => {
    const card = document.querySelector(".card.part"), meter = document.querySelector(".meter");
    for (const one of [...document.querySelector("main").children])
        if (!one.contains(card) && !one.contains(meter) && !one.matches("header")) one.remove();
}"""


def take(reports: Path, images: Path) -> None:
    """Write feedback.png and class-report.png. `reports` holds the pages of one assignment."""
    (page_of,) = reports.glob(f"**/{STUDENT}/feedback.html")
    (class_,) = reports.glob("**/class.html")
    with started() as browser:
        with opened(browser, size=(832, 900)) as page:
            page.goto(at(page_of))
            page.evaluate(SHORTENED)
            height = page.evaluate("document.querySelector('.card').getBoundingClientRect().bottom")
            _shoot(page, images / "feedback.png", (832, round(height) + 26))
        with opened(browser, size=(1200, 1306), device_scale_factor=0.75) as page:
            page.goto(at(class_))
            _shoot(page, images / "class-report.png", (1200, 1306))


def _shoot(page: Any, path: Path, size: tuple[int, int]) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=path, animations="disabled", caret="hide")
    print(path)


if __name__ == "__main__":
    if not CHROMIUM:
        sys.exit(f"No browser is installed: one of {', '.join(NAMES)} (CONTRIBUTING.md).")
    take(Path(sys.argv[1]), IMAGES)
