# %% [markdown]
# ## 2.4 The table
#
# **Why.** "Davinci gets it right, Ada does not", from one answer each at a temperature, is a story about two draws. A result that can be used is a table: which model, which prompt, which
# seed, what came, was it right. From it anybody can compute the rates again, and *repeat* any row.
#
# **The rules of a fair one.** All models get the same prompts. Each row has a seed of its own, so that no lucky draw is counted fifty times; for a given prompt it is the same for
# all models. Whether a row is right is decided by one program for all.
#
# **A model here** is anything with `name` and `generate(prompt, seed=..., ...)`, which returns a `Completion` with the `text`. Draw with `ASKED`, the settings below.
#
# **Your task** (s004-2.2, the table). `run_table` asks; `rates` counts; `results` is your own table, with the models below and with at least 50 prompts that you draw yourself (any seed).
# `questions.is_right(prompt, text)` decides.

# %% locked="models"
ASKED = debates.ASKED  # at most 4 new tokens, T = 0.7, up to the end of the line
MODELS = debates.models("completions.jsonl")  # small and an n-gram; SmolLM2 where it is installed, or its answers are in the file
print("models:", ", ".join(model.name for model in MODELS))

# %% answer="s004-2.2"
def run_table(models: Sequence, prompts: Sequence[str], first_seed: int = 0) -> list[dict]:
    """A row for each model and prompt: {"model": name, "prompt": ..., "seed": ..., "text": what it wrote, "correct": bool}.

    Prompt k (from 0) is asked with the seed first_seed + k, and with ASKED."""
    ### BEGIN SOLUTION
    rows = []
    for model in models:
        for seed, prompt in enumerate(prompts, first_seed):
            text = model.generate(prompt, seed=seed, **ASKED).text
            rows.append({"model": model.name, "prompt": prompt, "seed": seed, "text": text, "correct": questions.is_right(prompt, text)})
    return rows
    ### END SOLUTION


def rates(table: Sequence[dict]) -> dict[str, tuple[int, int]]:
    """For each model that is in the table (k, n): right in k of n rows."""
    ### BEGIN SOLUTION
    names = dict.fromkeys(row["model"] for row in table)
    chosen = {name: [bool(row["correct"]) for row in table if row["model"] == name] for name in names}
    return {name: (sum(right), len(right)) for name, right in chosen.items()}
    ### END SOLUTION


# results: your table, of MODELS and 50 prompts or more
results = None
### BEGIN SOLUTION
results = run_table(MODELS, questions.sums(2026, 50))
### END SOLUTION

# %% tests="s004-2.2"
def public_tests_table():
    prompts = ["1 + 1 =", "2 + 3 =", "20 + 21 ="]
    wrote = {"yes": [" 2", " 5", " 41"], "no": [" 3", "", " 4141"]}
    models = [standin.Recited(name, dict(zip(prompts, texts, strict=True))) for name, texts in wrote.items()]
    asked = list(prompts)
    table = run_table(models, prompts, 7)
    assert prompts == asked, "the prompts stay as they were"
    assert len(table) == 6, "a row for each model and each prompt"
    keys = {"model", "prompt", "seed", "text", "correct"}
    assert all(set(row) == keys for row in table), "each row has the five entries that the docstring names"
    for name, right in (("yes", True), ("no", False)):
        rows = [row for row in table if row["model"] == name]
        assert [row["prompt"] for row in rows] == prompts, "all models get the same prompts, in their order"
        assert [row["seed"] for row in rows] == [7, 8, 9], "prompt k has the seed first_seed + k"
        assert [row["text"] for row in rows] == wrote[name], "what a model wrote is kept"
        assert [row["correct"] for row in rows] == [right] * 3, "whether it is right says questions.is_right"
    assert all(settings == {**ASKED, "seed": seed} for model in models for seed, (_, settings) in zip((7, 8, 9), model.log, strict=True)), "settings: the row's seed, and ASKED"
    assert run_table(models[:1], prompts[:1])[0]["seed"] == 0, "first_seed is 0 if nobody says otherwise"
    assert sorted(row["seed"] for row in run_table(models, prompts, 0)) == [0, 0, 1, 1, 2, 2], "first_seed may be 0, too"
    assert run_table([], prompts) == [], "no models, no rows"
    assert rates(table) == {"yes": (3, 3), "no": (0, 3)}, "rates: (right ones, all) of each model"
    assert rates(table[2:4]) == {"yes": (1, 1), "no": (0, 1)}, "rates: count the rows that are there"
    assert rates([]) == {} and len(table) == 6, "rates: nothing of nothing, and the table stays as it was"
    assert isinstance(results, list) and len(results) >= 100, "results: 50 prompts or more, for each of the models"
    assert len({row["prompt"] for row in results}) >= 50, "results: 50 different prompts"
    assert {row["model"] for row in results} >= {"small", "n-gram"}, "results: all models of MODELS"


public_tests_table()

# %% figure="rates"
def rates_with_intervals():
    counted = rates(results)
    for name, (k, n) in counted.items():
        low, high = wilson(k, n)
        print(f"{name:10} {k:3} of {n}: {k / n:.2f} ({low:.2f} to {high:.2f})")
    names = list(counted)
    for one, two in ((one, two) for k, two in enumerate(names) for one in names[:k]):
        print(f"{one} or {two}? {better(counted[one], counted[two])}")
    return lab_pictures.rates({name: (k / n, *wilson(k, n)) for name, (k, n) in counted.items()}, y="share of right sums")


when_ready("the table", rates_with_intervals)

# %% [markdown]
# **And the questions from before?** Divisions, a linked list, Hello World, put to SmolLM2, greedy. The completions were made once and are kept in `replies.jsonl` beside this notebook; your checkers mark them.

# %% figure="old-questions"
def old_questions():
    kept = debates.kept_replies("replies.jsonl")
    right = [check_division(text, a, b) for (a, b), text in kept.divisions.items()]
    print(f"divisions: {sum(right)} of {len(right)} right, 95 % interval {wilson(sum(right), len(right))}")
    for what, check, replies in (("reversed lists", check_reverse, kept.reversals), ("Hello World", check_hello, kept.hellos)):
        marks = [check(debates.code_in(text), 3.0) for text in replies[: by_profile(full=len(replies), fast=2)]]
        print(f"{what}: {sum(marks)} of {len(marks)} right, 95 % interval {wilson(sum(marks), len(marks))}")


when_ready("the checkers", old_questions)

# %% [markdown]
# "None of them can" is a result like any other, as long as it comes with its interval: 0 of 50 leaves room for one in fourteen.
#
# **In words** (s004-2.2, read by a person). At most six sentences: the setup (which models, which prompts, settings), your counts with their intervals, which comparison they decide and which they do not, and one thing
# that your table cannot tell.

# %% [markdown] answer="s004-2.2-words"
# ### BEGIN SOLUTION
# Two models, `small` and an n-gram, were asked the same 50 drawn sums of two numbers below 50, below two worked examples, at T = 0.7, one seed for each prompt. The small model was right in 50 of 50 (95 % interval .93 to 1), the n-gram in 2 of 50
# (.01 to .13); SmolLM2 with the course's answers to the same prompts in 16 (.21 to .46). None of these intervals touch, so all three comparisons are decided, and the largest model is not the best: the small one was trained on such sums and on little else. Of SmolLM2's reversed lists none was right (all four Hello Worlds were), but with
# six tries that leaves room for a rate of .39. The table does not say whether the small model *adds*: it may know sums up to 98 and nothing beyond.
# ### END SOLUTION

# %% [markdown]
# # Part 3: Prompts with examples
#
# **Why.** The weights stay as they are, and yet a model can be told what to do, by showing it. "cat ->" may mean anything. After "dog -> god" and "pot -> top" it means
# one thing. Does that help, and by how much? And what did you do to the answer before you compared it?
#
# **A pipeline.** From question to mark there are three steps, and each is a place to go wrong: *write the prompt*, *let the model go on*, *take the answer out* of what it wrote. A model goes on
# after its answer, with a question of its own and an answer to that, so the answer is the first line, without spaces around.
#
# **The form.** One line for each example, `question mark answer`, with single spaces, then a line with the question and the mark, and nothing after it: a space at the end would begin
# a token that the model has never seen in that place. With examples `[("dog", "god")]`, question "cat" and mark "->" the prompt is `"dog -> god\ncat ->"`.
#
# **Your task** (s004-2.2, examples). The first and the last step, and all three, greedy, at most 12 new tokens.

# %% answer="s004-2.2-examples"
def prompt_of(question: str, examples: Sequence[tuple[str, str]], mark: str = "->") -> str:
    """The prompt: worked examples (question, answer), a line each, and the question that waits for its answer."""
    ### BEGIN SOLUTION
    return "".join(f"{asked} {mark} {told}\n" for asked, told in examples) + f"{question} {mark}"
    ### END SOLUTION


def answer_in(text: str) -> str:
    """The answer in what a model wrote after such a prompt: its first line, without spaces around; "" for nothing."""
    ### BEGIN SOLUTION
    return text.split("\n")[0].strip()
    ### END SOLUTION


def solve(model, question: str, examples: Sequence[tuple[str, str]], mark: str = "->") -> str:
    """The model's answer to a question: greedy, of at most 12 new tokens."""
    ### BEGIN SOLUTION
    return answer_in(model.generate(prompt_of(question, examples, mark), max_new_tokens=12, temperature=0.0).text)
    ### END SOLUTION

# %% tests="s004-2.2-examples"
def public_tests_examples():
    shown = [("dog", "god"), ("pot", "top")]
    assert prompt_of("cat", shown[:1]) == "dog -> god\ncat ->", "the prompt: as in the text above"
    assert prompt_of("cat", shown) == "dog -> god\npot -> top\ncat ->", "the prompt: examples in their order"
    assert shown == [("dog", "god"), ("pot", "top")], "the prompt: examples stay as they were"
    assert prompt_of("cat", []) == "cat ->", "the prompt: no examples, only the question"
    assert prompt_of("1 + 2", [("4 + 4", "8")], "=") == "4 + 4 = 8\n1 + 2 =", "the prompt: another mark"
    assert answer_in(" tac\nsun -> nus") == "tac", "the answer: the first line, without spaces around"
    assert answer_in(" 12") == "12" and answer_in("cat cat\n") == "cat cat", "the answer: all of the first line"
    assert answer_in(" So:  cat -> tac.\n") == "So:  cat -> tac.", "the answer: all of the first line, marks and spaces in it too"
    assert answer_in("") == "" and answer_in("\ncat") == "", "the answer: an empty line is an empty answer"
    recited = standin.Recited("recited", {"dog -> god\ncat ->": " tac\nsun -> nus", "cat ->": " cats", "1 + 2 =": " 3\n"})
    assert solve(recited, "cat", shown[:1]) == "tac", "all three: prompt, model, answer"
    assert solve(recited, "cat", []) == "cats", "all three: without examples"
    assert solve(recited, "1 + 2", [], "=") == "3", "all three: with another mark"
    assert all(settings.get("temperature", 0.0) == 0 and settings.get("max_new_tokens") == 12 for _, settings in recited.log), "settings: greedy, at most 12 new tokens"
    small = llm.load("small")
    assert solve(small, "dog", [("cat", "CAT"), ("sun", "SUN"), ("pot", "POT")]) == "DOG", "a real model: three examples of capitals"


public_tests_examples()

# %% figure="examples"
def examples_help():
    asked = by_profile(full=8, fast=3)
    model, shares = llm.load("small"), {}
    for task in ("reverse", "capitals", "last"):
        pool = questions.words(task, 11, asked + 4)
        for shown in (0, 1, 2, 4):
            right = [solve(model, word, pool[asked : asked + shown]) == told for word, told in pool[:asked]]
            shares.setdefault(task, []).append(sum(right) / asked)
        print(f"{task:9} with 0, 1, 2, 4 examples: {', '.join(f'{share:.2f}' for share in shares[task])}")
    return lab_pictures.lines([0, 1, 2, 4], shares, x="examples in the prompt", y=f"right answers (of {asked})")


when_ready("solve", examples_help)

# %% [markdown]
# **What we got** (8 words, the small model, greedy). Without examples 1 word of 8 was reversed, with one example 7; capitals went from 0 to 8. "The last letter" went from 1 to 8, and with four examples back to 2: with other words and other examples it does not. Eight words and one choice of examples
# are one draw; what the interval of Part 2 allows is wide, and which examples are shown is a setting like any other. No weight has changed. What the examples did is to say which of the tasks that the model knows is wanted; one that it does not know would not have come of them.
