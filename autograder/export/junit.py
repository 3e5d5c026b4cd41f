"""Results as JUnit XML: a suite for each item, a case for each check. What we could not check is skipped there, and
never somebody's failure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from autograder.export.public import OUR_FAULT, Check, Item, Result, number
from autograder.model import Status
from autograder.report.plain import plain

# XML 1.0 has no way to write these, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(results: Sequence[Result]) -> str:
    """The whole document, ending in a newline."""
    root = ET.Element("testsuites", name="seq2grade")
    suites = [suite for result in results for suite in _suites(result, len(results) > 1)]
    root.extend(suites)
    for key in ("tests", "failures", "errors", "skipped"):
        root.set(key, str(sum(int(suite.get(key, "0")) for suite in suites)))
    root.set("time", f"{sum(result.seconds for result in results):.3f}")
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suites(result: Result, several: bool) -> list[ET.Element]:
    who = f"{result.student}: " if several else ""
    if not result.items:
        suite = ET.Element("testsuite", name=_text(f"{who}{result.assignment}"))
        case = ET.SubElement(suite, "testcase", classname=_text(result.assignment), name="Submission")
        ET.SubElement(case, "error", message=_text(result.error or result.open))
        return [_counted(suite)]
    return [_counted(_suite(result, item, who)) for item in result.items]


def _suite(result: Result, item: Item, who: str) -> ET.Element:
    suite = ET.Element("testsuite", name=_text(f"{who}{item.title}"))
    kind = _text(f"{result.assignment}.{item.id}")
    for check in item.checks:
        case = ET.SubElement(suite, "testcase", classname=kind, name=_text(f"{check.id} {check.claim}"), time="0")
        _verdict(case, check)
    if item.waits:
        case = ET.SubElement(suite, "testcase", classname=kind, name=_text(item.title), time="0")
        ET.SubElement(case, "skipped", message="A person grades this.")
    return suite


def _verdict(case: ET.Element, check: Check) -> None:
    if check.status is Status.COULD_NOT_CHECK:
        ET.SubElement(case, "skipped", message=OUR_FAULT)
    elif check.status is Status.FAILED:
        message = _text(check.message or check.claim)
        failure = ET.SubElement(case, "failure", message=message)
        failure.text = f"{number(check.points)} of {number(check.max_points)} points. {message}"


def _counted(suite: ET.Element) -> ET.Element:
    suite.set("tests", str(len(suite.findall("testcase"))))
    for key, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(key, str(len(suite.findall(f"testcase/{tag}"))))
    return suite


def _text(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", plain(text, limit=2000))
