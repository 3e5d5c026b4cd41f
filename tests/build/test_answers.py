"""Answer keys, recognised however they are written."""

from __future__ import annotations

import pytest

from autograder.build.answers import answer_keys, gives_key

SOLUTION = 'answers["q"] = {"a", "c"}\nloads = 10\nsure: bool = True\nlow, high = 1.5, 4\nwitness = build()'


@pytest.mark.parametrize(
    ("code", "item"),
    [
        ('answers["q"] = {"c", "a"}', True),
        ("answers['q'] = 'A, C'", True),
        ('assert answers["q"] == ["a", "c"]', True),
        ('answers["q"] = {"a"}', False),
        ('answers["r"] = {"a", "c"}', False),
        ("loads = 10.0", True),
        ("assert loads == 10", True),
        ("assert 10 == loads", True),
        ("loads = 11", False),
        ("sure = True", True),
        ("sure = False", False),
        ("high = 4", True),
        ("low, high = 0, 0", False),
        ("witness = build()", False),
        ("loads = = 10", False),
    ],
)
def test_code_gives_a_key_when_target_and_value_agree(code: str, item: bool) -> None:
    """Order, quotes and the kind of number or container do not matter; target and value do."""
    assert any(gives_key(code, key) for key in answer_keys("q", SOLUTION)) is item


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Set loads = 10.", True),
        ("Set `loads` = `10` here", True),
        ("loads==10", True),
        ("loads = 10.5", False),
        ("loads = 100", False),
        ("downloads = 10", False),
        ("answers['q']={'a','c'}", True),
        ("\"answers['q'] = {'a', 'c'}\"", True),
    ],
)
def test_prose_gives_a_key_when_it_spells_the_assignment(text: str, found: bool) -> None:
    """In prose, spaces, quotes and backticks do not matter; a longer number is another number."""
    assert any(key.is_written_in(text) for key in answer_keys("q", SOLUTION)) is found
