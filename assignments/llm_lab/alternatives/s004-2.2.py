# %% by_comprehension
"""Prompt after prompt instead of model after model; the order of rows is free where models are told apart."""
def run_table(models, prompts, first_seed=0):
    asked = [(model, k, prompt) for k, prompt in enumerate(prompts) for model in models]
    wrote = [model.generate(prompt, seed=first_seed + k, **ASKED).text for model, k, prompt in asked]
    return [
        {"model": model.name, "prompt": prompt, "seed": first_seed + k, "text": text, "correct": bool(questions.is_right(prompt, text))}
        for (model, k, prompt), text in zip(asked, wrote, strict=True)
    ]


def rates(table):
    found = {}
    for row in table:
        k, n = found.get(row["model"], (0, 0))
        found[row["model"]] = (k + int(row["correct"]), n + 1)
    return found


# %% by_counters
"""Two counters for the rates, as lists of two."""
def rates(table):
    every = Counter(row["model"] for row in table)
    right = Counter(row["model"] for row in table if row["correct"])
    return {name: [right[name], count] for name, count in every.items()}


# %% more_prompts
"""More prompts, other ones, another first seed."""
results = run_table(MODELS[:2], questions.sums(77, 60), first_seed=1000)
