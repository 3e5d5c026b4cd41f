"""Pools of statements, written as TOML: each student chooses among some of them.

[what-a-head-is]
topic = "shapes"
source = "s000-2.12"
title = "What a head is"
minutes = 2
ask = "What is a model head?"
choose = "one"                    # or "some": then at least one holds and at least one does not

[[what-a-head-is.right]]
text = "A layer or a few on top of the base network."     # or a list of wordings, of which one is drawn
explain = "It turns what the base gives into the output of a task."

[[what-a-head-is.wrong]]
text = "Another word for self-attention."
thinks = "head means attention head"
explain = "A head of attention is a part of the base."
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from autograder.authoring import read_table
from autograder.errors import AssignmentError
from autograder.questions.draws import Draws
from autograder.questions.templates import Option, Question, Template

_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)
_Text = Annotated[str, Field(min_length=1)]
_Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]


class RightTable(BaseModel):
    """A statement that holds."""

    model_config = _STRICT
    text: _Text | Annotated[list[_Text], Field(min_length=1)]
    explain: _Text


class WrongTable(RightTable):
    """A statement that does not, and who would think so."""

    thinks: _Text


class PoolTable(BaseModel):
    """One question of a file of pools."""

    model_config = _STRICT
    topic: _Text
    source: _Text
    title: _Text
    minutes: Annotated[int, Field(gt=0)]
    level: Annotated[int, Field(ge=1, le=3)] = 1
    ask: _Text
    choose: Literal["one", "some"]
    options: Annotated[int, Field(ge=2, le=6)] = 4
    right: Annotated[list[RightTable], Field(min_length=1)]
    wrong: Annotated[list[WrongTable], Field(min_length=1)]


class PoolFile(RootModel[dict[_Id, PoolTable]]):
    """A whole file: id -> question."""


def read_pools(path: Path) -> tuple[Template, ...]:
    """The templates of one file. Raises AssignmentError naming question and key."""
    pools = read_table(path, PoolFile, PoolTable.model_fields).root
    for id, pool in pools.items():
        most_wrong = pool.options - 1
        if pool.choose == "one" and len(pool.wrong) < most_wrong:
            raise AssignmentError(path, f"{id}.wrong", f"expected {most_wrong} at least, for {pool.options} options")
        if len(pool.right) + len(pool.wrong) < pool.options:
            raise AssignmentError(path, id, f"expected {pool.options} statements at least")
    return tuple(_template(id, pool) for id, pool in pools.items())


def _template(id: str, pool: PoolTable) -> Template:
    def draw(draws: Draws, as_choice: bool) -> Question:
        options = tuple(draws.shuffled(_drawn(pool, draws)))
        worked = " ".join(f"({chr(97 + n)}) {option.explain}" for n, option in enumerate(options) if option.right)
        return Question("", id, pool.source, pool.topic, pool.choose, pool.ask, 0.0, pool.minutes, worked, options)

    return Template(id, pool.topic, pool.source, pool.title, pool.minutes, pool.level, pool.choose, draw)


def _drawn(pool: PoolTable, draws: Draws) -> list[Option]:
    right = 1
    if pool.choose == "some":
        fewest = max(1, pool.options - len(pool.wrong))
        right = draws.integer(fewest, max(fewest, min(len(pool.right), pool.options - 1)))
    found = [Option(_worded(one.text, draws), True, one.explain) for one in draws.sample(pool.right, right)]
    for one in draws.sample(pool.wrong, pool.options - right):
        found.append(Option(_worded(one.text, draws), False, one.explain, one.thinks))
    return found


def _worded(text: str | list[str], draws: Draws) -> str:
    return text if isinstance(text, str) else draws.pick(text)
