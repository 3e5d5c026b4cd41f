"""Hidden checks of the table and of prompts with examples: rows are counted again, and drawn cells are made again here,
with the same model, prompt, seed and settings."""

from __future__ import annotations

from typing import Any

from seq2kit import llm
from seq2kit.lab import debates, questions

from autograder.judge import Draw, Feedback, Handle, Student, check, expect

ASKED: dict[str, Any] = {"max_new_tokens": 4, "temperature": 0.7, "stop": ("\n",)}
KEYS = ("model", "prompt", "seed", "text", "correct")
MOST = 20_000  # rows
ALWAYS = ("small", "n-gram")
Row = dict[str, Any]


def _rows(value: Any, what: str) -> list[Row]:
    if not isinstance(value, (list, tuple)):
        raise Feedback(f"{what} should be a list of rows.", "a dictionary for each model and prompt")
    expect.modest(len(value), MOST, what=what)
    rows = [expect.mapping(row, KEYS, what=f"a row of {what}") for row in value]
    for row in rows:
        for key in ("model", "prompt", "text"):
            expect.text(row[key], what=f"`{key}` of a row")
    return rows


def _recited(student: Student, name: str, texts: dict[str, str]) -> Handle:
    return student.tool("standin").made("Recited", name, texts)


def _prompts(draw: Draw, count: int) -> list[str]:
    return questions.sums(draw.integer(0, 10**6), count)


def _texts(draw: Draw, prompts: list[str]) -> dict[str, str]:
    """Some are right, some are not; they come in another order to each model."""
    right = [questions.answer(prompt) for prompt in prompts]
    off, digit = draw.choice((0, 1, 10)), draw.integer(0, 9)
    order = draw.permutation(len(prompts)).tolist()
    wrote = [(f" {one} +", f" {one}{digit}", f" no, {one}", " ", f" {one + off}") for one in right]
    return {prompt: kinds[place] for prompt, kinds, place in zip(prompts, wrote, order, strict=True)}


def _asked(
    student: Student, draw: Draw, first: int
) -> tuple[list[Row], list[str], dict[str, dict[str, str]], list[Handle]]:
    prompts = _prompts(draw, 5)
    wrote = {name: _texts(draw, prompts) for name in ("north", "south", "east")}
    models = [_recited(student, name, texts) for name, texts in wrote.items()]
    return _rows(student.run_table(models, prompts, first), "the table"), prompts, wrote, models


@check(item="s004-2.2", points=2)
def table_has_all_rows(student: Student, draw: Draw) -> None:
    """The table has a row for each model and prompt, with what the model wrote to that prompt."""
    table, prompts, wrote, _ = _asked(student, draw, draw.integer(3, 60))
    found = [(row["model"], row["prompt"], row["text"]) for row in table]
    wanted = [(name, prompt, wrote[name][prompt]) for name in wrote for prompt in prompts]
    expect.true(len(found) == len(wanted), "The table has another number of rows than models times prompts.")
    for one in wanted:
        expect.true(
            found.count(one) == 1,
            "A model's answer to a prompt is not in the table, or not as it was.",
            "all models get the same prompts",
        )


@check(item="s004-2.2", points=2)
def each_row_has_its_own_seed(student: Student, draw: Draw) -> None:
    """Prompt k is asked with the seed first_seed + k, and that seed stands in the row."""
    drawn = draw.integer(3, 60)
    for first in (drawn, drawn, 0):  # with other prompts each time
        table, prompts, _, models = _asked(student, draw, first)
        hint = "one seed for all rows counts one lucky draw many times"
        for row in table:
            expect.true(row["prompt"] in prompts, "A row has a prompt that was not given.")
            seed = expect.number(row["seed"], what="the seed of a row")
            expect.true(seed == first + prompts.index(row["prompt"]), "A row has another seed than its prompt's.", hint)
        for model in models:
            used = {str(prompt): settings.get("seed") for prompt, settings in _log(model)}
            fine = all(used.get(prompt) == first + k for k, prompt in enumerate(prompts))
            expect.true(fine, "A model is asked with another seed than the one that its prompt has.", hint)


def _log(model: Handle) -> list[tuple[Any, dict[str, Any]]]:
    log = model.log
    if not isinstance(log, list) or not all(
        isinstance(one, (list, tuple)) and len(one) == 2 and isinstance(one[1], dict) for one in log
    ):
        raise Feedback("The record of what a model was asked is gone.", "use `generate` of a model, and nothing else")
    return [(prompt, settings) for prompt, settings in log]


@check(item="s004-2.2")
def models_are_asked_with_the_settings(student: Student, draw: Draw) -> None:
    """Every model is asked with ASKED, and prompts and models stay as they were."""
    _, prompts, _, models = _asked(student, draw, 4)
    _, after = student.with_inputs("run_table", models, prompts, 4)
    expect.unharmed(prompts, after[1], what="the list of prompts")
    left = after[0] if isinstance(after[0], list) else []
    expect.true(len(left) == len(models), "The list of models is not as it was.", "whoever calls may go on with it")
    for model in models:
        log = _log(model)
        expect.true(len(log) > 0, "A model is not asked at all.")
        for _, settings in log:
            given = {**settings, "stop": tuple(settings.get("stop", ()))}
            expect.true(
                all(given.get(key) == value for key, value in ASKED.items()),
                "A model is asked with other settings.",
                "**ASKED",
            )


@check(item="s004-2.2")
def rows_are_marked_one_by_one(student: Student, draw: Draw) -> None:
    """`correct` says of each row whether its text answers its prompt."""
    table, _, _, _ = _asked(student, draw, 0)
    expect.true(len(table) > 0, "The table has no rows.")
    for row in table:
        mark = expect.boolean(row["correct"], what="`correct` of a row")
        expect.true(mark == _right(row), "A row is marked wrongly.", "questions.is_right, for its prompt and its text")


def _right(row: Row) -> bool:
    prompt, text = expect.text(row["prompt"], what="a prompt"), expect.text(row["text"], what="a text")
    try:
        return questions.is_right(prompt[-400:], text[:40])
    except ValueError:
        raise Feedback("A prompt of the table does not end with a sum.", "draw prompts with questions.sums") from None


@check(item="s004-2.2", points=2)
def rates_are_counted(student: Student, draw: Draw) -> None:
    """`rates` gives (right, all) for each model that is in a table, from the rows that are there."""
    for sizes in (
        {"north": 4, "south": 7},
        {"east": 1},
        {"a": 3, "b": 2, "c": 5},
        {"none": 4, "all": 3},
        {"c": 5, "a": 2},
        {},
    ):
        table: list[Row] = []
        for name, size in sizes.items():
            drawn = [bool(draw.integer(0, 1)) if name not in ("none", "all") else name == "all" for _ in range(size)]
            table += [
                {"model": name, "prompt": "1 + 1 =", "seed": k, "text": " 2", "correct": mark}
                for k, mark in enumerate(drawn)
            ]
        table = [table[k] for k in draw.permutation(len(table)).tolist()] if len(table) > 1 else table
        told, after = student.with_inputs("rates", table)
        expect.unharmed(table, after[0], what="the table")
        found = expect.mapping(told, sizes, what="what rates returns")
        expect.true(set(found) == set(sizes), "`rates` has a model that is not in the table.")
        for name in sizes:
            marks = [row["correct"] for row in table if row["model"] == name]
            got = expect.numbers(found[name], (2,), what="a rate", hint="(k, n)")
            expect.close(
                got,
                (sum(marks), len(marks)),
                what="the counts of a model",
                hint="right ones, and all of this model's rows",
            )


def _results(student: Student) -> list[Row]:
    return _rows(student.value("results"), "results")


@check(item="s004-2.2", points=2)
def results_are_complete(student: Student, draw: Draw) -> None:
    """The handed-in table has the small model and the n-gram, each with the same 50 or more prompts, each prompt
    with one seed."""
    table = _results(student)
    prompts: dict[str, list[tuple[Any, Any]]] = {}
    for row in table:
        name = expect.text(row["model"], what="the model of a row")
        prompts.setdefault(name, []).append((row["prompt"], expect.number(row["seed"], what="the seed of a row")))
    expect.true(all(name in prompts for name in ALWAYS), "A model is missing in results.", "all of MODELS")
    asked = {name: set(pairs) for name, pairs in prompts.items()}
    first = asked[ALWAYS[0]]
    expect.true(len({prompt for prompt, _ in first}) >= 50, "Results have fewer than 50 different prompts.")
    expect.true(
        all(pairs == first for pairs in asked.values()), "Models were not asked the same prompts with the same seeds."
    )
    expect.true(
        all(len(pairs) == len(first) for pairs in prompts.values()), "Results have a row twice.", "one row for each"
    )
    seeds = [seed for _, seed in first]
    expect.true(
        len(set(seeds)) == len(first),
        "Several prompts of results have the same seed.",
        "one of its own for each prompt",
    )


@check(item="s004-2.2")
def results_are_marked_rightly(student: Student, draw: Draw) -> None:
    """Each row of the handed-in table is marked as its text deserves."""
    table = _results(student)
    expect.true(len(table) >= 100, "Results have fewer than 100 rows.")
    for row in table:
        mark = expect.boolean(row["correct"], what="`correct` of a row of results")
        expect.true(
            mark == _right(row),
            "A row of results is marked wrongly.",
            "questions.is_right, for its prompt and its text",
        )


@check(item="s004-2.2", points=3)
def drawn_cells_come_again(student: Student, draw: Draw) -> None:
    """Drawn rows of the handed-in table come again: the same model, asked the same, writes the same."""
    table = _results(student)
    models: list[Any] = [llm.load("small"), debates.ngram()]
    if any(row["model"] == "smollm2" for row in table) and llm.installed("smollm2"):
        models.append(llm.load("smollm2"))
    for model in models:
        rows = [row for row in table if row["model"] == model.name]
        expect.true(len(rows) > 0, "A model is missing in results.", "all of MODELS")
        for k in draw.permutation(len(rows)).tolist()[: 2 if model.name == "smollm2" else 3]:
            _again(model, rows[k])


def _again(model: Any, row: Row) -> None:
    prompt, text = expect.text(row["prompt"], what="a prompt"), expect.text(row["text"], what="a text")
    seed = expect.number(row["seed"], what="the seed of a row")
    expect.true(0 < len(prompt) <= 300, "A prompt of results is far longer than those of questions.sums.")
    expect.true(seed == int(seed) and abs(seed) < 2**62, "A seed of results is no whole number.")
    fresh = model.generate(prompt, seed=int(seed), **ASKED).text
    hint = "rows hold what run_table got, with ASKED and the seed that stands in the row"
    expect.true(fresh == text, "A row of results does not come again when the model is asked once more.", hint)


# --- s004-2.2-examples -------------------------------------------------------

_MARKS = ("->", "=", "=>")


def _pairs(draw: Draw, count: int) -> list[tuple[str, str]]:
    return questions.words(draw.choice(("reverse", "capitals", "twice")), draw.integer(0, 10**6), count)


def _prompt(question: str, examples: list[tuple[str, str]], mark: str) -> str:
    return "\n".join([*(f"{one} {mark} {two}" for one, two in examples), f"{question} {mark}"])


@check(item="s004-2.2-examples", points=2)
def prompts_have_their_form(student: Student, draw: Draw) -> None:
    """A line for each example, in their order, and the question with the mark, nothing behind it."""
    for shown, mark in ((1, "->"), (4, "=>"), (2, "=")):
        pairs = _pairs(draw, shown + 1)
        question, examples = pairs[0][0], pairs[1:]
        got = expect.text(student.prompt_of(question, examples, mark), what="the prompt")
        want = _prompt(question, examples, mark)
        expect.true(got != want + " ", "The prompt ends with a space.", "what follows begins with one")
        expect.true(
            got != want + "\n", "The prompt ends with a new line.", "the answer stands in the line of the question"
        )
        expect.true(
            got == want, "The prompt is not that of the task.", "question mark answer, with single spaces, a line each"
        )


@check(item="s004-2.2-examples")
def questions_without_examples_are_asked(student: Student, draw: Draw) -> None:
    """Without examples the prompt is the question and the mark; the mark is -> if nobody says otherwise. The examples
    stay as they were."""
    (question, _), *examples = _pairs(draw, 3)
    _, after = student.with_inputs("prompt_of", question, examples, "=")
    expect.unharmed(examples, after[1], what="the list of examples")
    _, after = student.with_inputs("solve", _recited(student, "recited", {}), question, examples, "=")
    expect.unharmed(examples, after[2], what="the list of examples")
    for mark in _MARKS:
        got = expect.text(student.prompt_of(question, [], mark), what="the prompt")
        expect.true(got == f"{question} {mark}", "The prompt without examples is not question and mark.")
    got = expect.text(student.prompt_of(question, []), what="the prompt")
    expect.true(got == f"{question} ->", "The mark is another one than ->.")


@check(item="s004-2.2-examples", points=2)
def answers_are_first_lines(student: Student, draw: Draw) -> None:
    """The answer is the first line, all of it, without spaces around, and an empty line is an empty answer."""
    (one, two), (three, four) = _pairs(draw, 2)
    for text, want in (
        (f" {two}\n{three} -> {four}", two), (f" {two}", two), (f"{one} {two} \n", f"{one} {two}"), ("", ""),
        (f" {one.upper()}, {two}. \n", f"{one.upper()}, {two}."), (f"{one}  {two}\n", f"{one}  {two}"),
        (f" {one} -> {two}\n{three}", f"{one} -> {two}"),
        (f"\n{two}", ""),
        (f"  {one}\n\n{two}\n{three}", one),
    ):  # fmt: skip
        got = expect.text(student.answer_in(text), what="the answer")
        expect.true(
            got == want, "The answer is not the first line of the text.", "cut at the first end of a line, then strip"
        )


@check(item="s004-2.2-examples", points=2)
def a_model_is_asked_and_understood(student: Student, draw: Draw) -> None:
    """`solve` asks with the prompt of the examples, and takes the answer out of what comes; greedy, 12 new tokens."""
    for shown, mark in ((3, "->"), (0, "="), (1, "=>")):
        pairs = _pairs(draw, shown + 1)
        (question, answer), examples = pairs[0], pairs[1:]
        model = _recited(student, "recited", {_prompt(question, examples, mark): f" {answer} it is\nand {mark} so"})
        got = expect.text(student.solve(model, question, examples, mark), what="what solve returns")
        log = _log(model)
        expect.true(len(log) > 0, "The model is not asked.")
        settings = log[-1][1]
        greedy = settings.get("temperature", 0.0) == 0 and settings.get("top_k", None) in (None, 1)
        expect.true(greedy, "The model is not asked greedily.", "temperature=0.0")
        expect.true(settings.get("max_new_tokens") == 12, "The model is asked for another number of tokens.")
        expect.true(
            got == f"{answer} it is",
            "What solve returns is not the model's answer.",
            "all three steps: prompt, model, first line",
        )


@check(item="s004-2.2-examples", points=2)
def real_answers_to_hidden_questions(student: Student, draw: Draw) -> None:
    """With the small model, on words and examples that were not shown, the answers are those that it gives here."""
    model = llm.load("small")
    theirs = student.tool("llm").made("load", "small")
    for task in ("reverse", "capitals", "last"):
        pairs = questions.words(task, draw.integer(0, 10**6), 7)
        examples = pairs[2:]
        for question, _ in pairs[:2]:
            want = model.generate(_prompt(question, examples, "->"), max_new_tokens=12, temperature=0.0).text
            got = expect.text(student.solve(theirs, question, examples, "->"), what="what solve returns")
            hint = "the same prompt to the same model, greedy, gives the same answer"
            expect.true(got == want.split("\n")[0].strip(), "The small model's answer is another one.", hint)
