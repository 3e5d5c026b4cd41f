# %% [markdown]
# # Part 4: A debate
#
# ## 4.1 Lists out of free text
#
# **Why.** You want three reasons for something and three against. The model is asked, and what comes is text: a numbered list, or one with bullets, a heading above it, bold words in it, a
# cheerful sentence at the end, twice the same, two where you wanted three. A program that wants to go on working with it has to read all of these, and to ask again, not for ever.
#
# **The points of a reply.** If there is a list in it, its items are the points, in their order, and everything else is not. An item is a line that begins, after spaces, with a number and `.` or `)`, or with `-`, `*` or `•`, and
# a space. If there is none, each line that is not empty is a point. Bold marks `**` and spaces at the ends are taken off; what is empty then is no point.
#
# **The debate.** For each side, ask with a prompt that names the topic as it is and the side, with the word *for* or the word *against* (and not with both words). Collect the points of the replies. A point that was there before (capitals, spaces at the ends and a final full stop
# do not matter) does not count again. If fewer than three are there, ask again, with the next seed: call number k of a side (from 0) gets `seed=first_seed + k`. After `tries` calls of a side it ends with what it has.
#
# **Traps.** A loop "until there are three" never ends with a model that always says the same. And a second call with the *same* seed gives the same text.
#
# **Your task** (s004-2.3). `generate(prompt, T=..., seed=...)` gives the text of a reply.

# %% answer="s004-2.3"
def points(reply: str) -> list[str]:
    """The points of a reply, without the marks of a list."""
    ### BEGIN SOLUTION
    lines = reply.splitlines()
    items = [found[1] for line in lines if (found := re.match(r"\s*(?:\d+[.)]|[-*•])(?:\s+(.*))?$", line))]
    cleaned = [(item or "").replace("**", "").strip() for item in (items or lines)]
    return [item for item in cleaned if item]
    ### END SOLUTION


def debate(generate: Callable[..., str], topic: str, T: float = 0.7, first_seed: int = 0, tries: int = 6) -> dict[str, list[str]]:
    """{"pro": [...], "con": [...]}: three different points on each side, fewer only after `tries` calls for that side."""
    ### BEGIN SOLUTION
    found = {}
    for side, word in (("pro", "for"), ("con", "against")):
        kept = {}
        for k in range(tries):
            for point in points(generate(f"Give a reason {word} {topic}.", T=T, seed=first_seed + k)):
                kept.setdefault(point.lower().strip().rstrip(".").strip(), point)
            if len(kept) >= 3:
                break
        found[side] = list(kept.values())[:3]
    return found
    ### END SOLUTION

# %% tests="s004-2.3"
def public_tests_debate():
    listed = ["They are cheap.", "They are safe.", "They last."]
    for reply in (
        "1. They are cheap.\n2. They are safe.\n3. They last.",
        "Here are three reasons:\n\n1) They are cheap.\n2) They are safe.\n\n3) They last.\n\nI hope this helps!",
        "- They are cheap.\n- They are safe.\n- They last.",
        "# Reasons\n  * **They are cheap.**\n  * They are **safe**.\n\n  •  They last. ",
        "They are cheap.\n\n  They are safe.\nThey last.",
    ):
        assert points(reply) == listed, f"the points of {reply!r}"
    assert points("9. They last.\n10. 3 of 4 people use them.") == ["They last.", "3 of 4 people use them."], "a list may be long, and an item may begin with a number"
    assert points("3.5 million people use them.") == ["3.5 million people use them."], "a number in a sentence begins no list"
    assert points("-5 degrees are no problem.") == ["-5 degrees are no problem."], "a mark has a space behind it"
    assert points("* *Cheap*, and **safe**.") == ["*Cheap*, and safe."], "bold marks are two asterisks; a single one stays"
    assert points("1.\n2. They last.\n-") == ["They last."], "an empty item is no point"
    assert points("I see one.\n- They last.\nThat is all.") == ["They last."], "a list may have one item, and other lines are no points whatever they say"
    assert points("") == [] and points(" \n ") == [], "nothing said, no points"
    good = standin.Script(["1. a\n2. b\n3. c\n4. d"], ["- x\n- y\n- z"])
    found = debate(good, "night trains in May", 0.4, 20)
    assert found == {"pro": ["a", "b", "c"], "con": ["x", "y", "z"]}, "three points on each side"
    assert len(good.log) == 2, "who got what he wanted asks no more"
    assert all("night trains in May" in prompt for prompt, _, _ in good.log), "prompts name the topic, as it is"
    sides = [{"for", "against"} & set(re.findall(r"\w+", prompt.lower())) for prompt, _, _ in good.log]
    assert sorted(map(sorted, sides)) == [["against"], ["for"]], "prompts name their side"
    assert all(T == 0.4 for _, T, _ in good.log), "the temperature is passed on"
    assert [seed for _, _, seed in good.log] == [20, 20], "the first call of a side has first_seed"
    short = standin.Script(["Quick.", "quick", "Cheap."], ["1. Loud\n2. loud.\n3. Slow", "Slow", " - Slow\n - Dear"])
    assert debate(short, "bicycles", 0.7, 0, 3) == {"pro": ["Quick.", "Cheap."], "con": ["Loud", "Slow", "Dear"]}, "what was said before does not count again, and fewer than three are given back as they are"
    seeds = [seed for prompt, _, seed in short.log if "against" in prompt.lower()]
    assert seeds == [0, 1, 2], "each call of a side has the next seed"
    near = debate(standin.Script(["They last.", "They last long.", "THEY LAST", "They last for years."], ["Loud."]), "bees", tries=4)
    assert near["pro"] == ["They last.", "They last long.", "They last for years."], "a point within another one is no repetition, and a repeated one stays as it was first said"
    stubborn = standin.Script(["Kind."], ["No."])
    assert debate(stubborn, "bees", tries=4) == {"pro": ["Kind."], "con": ["No."]}, "a model that repeats itself: give back what there is"
    assert len(stubborn.log) == 8, "no more calls than `tries` for each side"
    silent = debate(standin.Script([""], [""]), "bees", tries=2)
    assert silent == {"pro": [], "con": []}, "a model that says nothing: empty lists"


public_tests_debate()

# %% figure="a-debate"
def a_debate():
    for model, topic in (("small", "dogs"), ("small", "robots")):
        found = debate(debates.speaker(model), topic, 0.8)
        print(f"{topic}\n  for:     {found['pro']}\n  against: {found['con']}")


when_ready("debate", a_debate)

# %% [markdown]
# **What the small model knows.** It was shown one kind of question, "Give a reason for dogs." or "Give a reason against dogs.", on twelve topics (`debates.TOPICS`), and it answers in one sentence. Asked in other words it is
# lost, as larger models are further out. SmolLM2 understands most wordings: try `debates.speaker("smollm2")` if you have it.
#
# **In words** (s004-2.3, read by a person). What would you have a language model do that can be *measured*? One idea of your own, the prompt, and the number by which you would know that it works. At most five sentences.

# %% [markdown] answer="s004-2.3-words"
# ### BEGIN SOLUTION
# I would let it name the odd one out of four words ("Which word does not belong: apple, pear, hammer, plum? Answer with one word."). Three words are drawn from one category of a list and the fourth from another, so a program knows the
# answer. The number is the share of right first words in 100 drawn questions, with its interval, beside 25 % for guessing. The same questions with the words in another order tell whether the place of the word decides.
# ### END SOLUTION

# %% [markdown]
# ## 4.2 Does it repeat itself?
#
# **A number.** *Distinct-n* is the share of different ones among all n-grams of some texts. N-grams are taken within each text, from its words: `text.lower().split()`. All the same: near 0. All different: 1.
#
# **By hand.** "a b a b" has three pairs of words (a b, b a, a b), "b a" has one, and no pair spans two texts. Four pairs, two different ones: 0.5.
#
# **Your task** (s004-2.4, repetition). Where there are no n-grams at all, there is no variety either: 0.

# %% answer="s004-2.4-distinct"
def distinct_n(texts: Sequence[str], n: int) -> float:
    """Different n-grams of words / all n-grams of words, over all texts together; 0.0 if there are none. n >= 1."""
    ### BEGIN SOLUTION
    grams = []
    for text in texts:
        words = text.lower().split()
        grams += [tuple(words[k : k + n]) for k in range(len(words) - n + 1)]
    return len(set(grams)) / len(grams) if grams else 0.0
    ### END SOLUTION

# %% tests="s004-2.4-distinct"
def public_tests_distinct():
    assert distinct_n(["a b a b", "b a"], 2) == 0.5, "pairs of words: see by hand"
    assert distinct_n(["a b a b", "b a"], 1) == 2 / 6, "single words: two different ones of six"
    assert distinct_n(["one two three four"], 3) == 1.0, "all different: 1"
    assert distinct_n(["yes " * 50], 2) == 1 / 49, "all the same: one of many"
    assert distinct_n(["Dogs bark", "dogs  bark"], 2) == 0.5, "capitals and spaces do not matter"
    assert distinct_n(["aa ab", "ba bb"], 1) == 1.0, "words, and not letters"
    assert distinct_n(["a bc", "ab c"], 2) == 1.0 and distinct_n(["a b", "b a"], 2) == 1.0, "pairs are the same if their words are, in their order"
    assert distinct_n(["Dogs bark.", "Dogs bark"], 1) == 0.75, "words are what split() gives: a full stop is a part of one"
    assert distinct_n(["a b", "c d"], 3) == 0.0, "texts shorter than n have no n-grams, and do not join up"
    assert distinct_n([], 2) == 0.0 and distinct_n(["", " "], 1) == 0.0, "no texts: 0, and no error"


public_tests_distinct()

# %% [markdown]
# ## 4.3 Does it contradict itself?
#
# **Why.** The seeds of this exercise are debates of 2023 in which the same feature improved something in one list and spoiled it in the other. Whoever argues for both sides will contradict himself somewhere; how often is a number.
#
# **Entailment as a tool.** *Natural language inference* gives, for a premise and a hypothesis, three probabilities: that it follows, that neither follows, that it contradicts. `nli(premise, hypothesis)` returns them in this order. It is a model, and it is not symmetric, though
# contradiction should be.
#
# **The rate.** Among all pairs of a point *for* and a point *against*, the share that contradict each other: the third probability is above one half in *at least one* of the two orders. No pairs, no contradictions: 0.
#
# **Your task** (s004-2.4, contradiction).

# %% answer="s004-2.4-contradiction"
def contradiction_rate(nli: Callable[[str, str], tuple[float, float, float]], pros: Sequence[str], cons: Sequence[str]) -> float:
    """The share of pairs (pro, con) that contradict each other, in one order or the other."""
    ### BEGIN SOLUTION
    pairs = [(pro, con) for pro in pros for con in cons]
    clashes = [max(nli(pro, con)[2], nli(con, pro)[2]) > 0.5 for pro, con in pairs]
    return sum(clashes) / len(clashes) if clashes else 0.0
    ### END SOLUTION

# %% tests="s004-2.4-contradiction"
def public_tests_contradiction():
    rows = [
        ("safe", "risky", 0.1, 0.1, 0.8), ("risky", "safe", 0.1, 0.2, 0.7), ("loud", "quick", 0.2, 0.2, 0.6),
        ("safe", "loud", 0.3, 0.3, 0.4), ("safe", "quick", 0.0, 0.0, 1.0), ("quick", "risky", 0.9, 0.1, 0.0),
    ]
    opinion = standin.Opinions(rows)
    assert contradiction_rate(opinion, ["safe", "quick"], ["risky", "loud"]) == 0.5, "two of four pairs, one of them in one order only"
    assert all({"safe", "quick"} != {one, other} for one, other in opinion.log), "points of one side are not compared with each other"
    assert contradiction_rate(opinion, ["safe"], ["loud"]) == 0.0, "below one half there is no contradiction"
    assert contradiction_rate(standin.Opinions([("calm", "loud", 0.25, 0.25, 0.5)]), ["calm"], ["loud"]) == 0.0, "one half is not above one half"
    assert contradiction_rate(opinion, ["safe", "risky"], ["risky", "safe"]) == 0.5, "each pair counts, what both sides say too"
    assert contradiction_rate(opinion, ["safe", "quick", "safe"], ["risky"]) == 2 / 3, "each pair counts"
    assert contradiction_rate(opinion, [], ["risky"]) == 0.0 and contradiction_rate(opinion, [], []) == 0.0, "no pairs: 0"
    assert contradiction_rate(debates.opposed, ["Dogs are safe.", "Dogs are kind."], ["Dogs are risky.", "Cats are harmful."]) == 0.25, "a rule that decides sentences of the small model"


public_tests_contradiction()

# %% [markdown]
# ## 4.4 Before and after
#
# **Why.** "At a higher temperature debates are better." Than what, on which topics, by how much, and would it come out like that again? The honest form is a table of *pairs*: the same topics and the same seeds before and after, all of them, not the best.
#
# **The measure** is how many points a debate has, of six. `debater(topic, T, seed)` holds one and returns it.
#
# **Better?** With paired results one asks how often it rose and how often it fell; those without a change say nothing. If nothing had changed, rising and falling would be equally likely, and the *sign test* says how probable a result at least as lopsided would
# be: with $m$ the smaller of the two counts and $n$ their sum, $p = \min\!\left(1,\; 2 \sum_{i=0}^{m} \binom{n}{i} / 2^n\right)$. Without any change $p = 1$.
#
# **By hand.** Rose 5 times, fell never: $p = 2/32 = 0.06$. Rose 6 times, fell never: 0.03.
#
# **Your task** (s004-2.4, before and after). The trial, and its summary.

# %% answer="s004-2.4"
def trial(debater: Callable[..., dict], topics: Sequence[str], seeds: Sequence[int], before: float, after: float) -> list[dict]:
    """For each topic and each seed {"topic": ..., "seed": ..., "before": points, "after": points}, of debater(topic, T, seed)."""
    ### BEGIN SOLUTION
    def made(topic, T, seed):
        held = debater(topic, T, seed)
        return len(held["pro"]) + len(held["con"])

    return [
        {"topic": topic, "seed": seed, "before": made(topic, before, seed), "after": made(topic, after, seed)}
        for topic in topics
        for seed in seeds
    ]
    ### END SOLUTION


def summary(rows: Sequence[dict]) -> dict:
    """{"mean": mean of after - before (0.0 without rows), "rose": rows, "fell": rows, "p": of the sign test,
    "verdict": "better" or "worse" if p <= 0.05, else "cannot tell"}."""
    ### BEGIN SOLUTION
    changes = [row["after"] - row["before"] for row in rows]
    rose, fell = sum(change > 0 for change in changes), sum(change < 0 for change in changes)
    p = min(1.0, 2 * sum(math.comb(rose + fell, i) for i in range(min(rose, fell) + 1)) / 2 ** (rose + fell))
    verdict = "cannot tell" if p > 0.05 else "better" if rose > fell else "worse"
    mean = sum(changes) / len(changes) if changes else 0.0
    return {"mean": mean, "rose": rose, "fell": fell, "p": p, "verdict": verdict}
    ### END SOLUTION

# %% tests="s004-2.4"
def public_tests_before_after():
    held = [("bees", 0.1, 1, ["a"], ["b"]), ("bees", 0.9, 1, ["a", "c"], ["b", "d", "e"]), ("cars", 0.1, 1, ["a"], []), ("cars", 0.9, 2, [], ["x"])]
    debater = standin.Debater(held)
    found = trial(debater, ["bees", "cars"], [1, 2], 0.1, 0.9)
    wanted = [("bees", 1, 2, 5), ("bees", 2, 0, 0), ("cars", 1, 1, 0), ("cars", 2, 0, 1)]
    assert sorted((row["topic"], row["seed"], row["before"], row["after"]) for row in found) == wanted, "a row for each topic and seed: the points before and after"
    assert len(debater.log) == 8, "one debate for each row and temperature"
    assert trial(debater, [], [1], 0.1, 0.9) == [], "no topics, no rows"

    def told(*changes):
        return summary([{"topic": "t", "seed": k, "before": 3, "after": 3 + change} for k, change in enumerate(changes)])

    assert told(1, 2, 1, 0, -1)["rose"] == 3 and told(1, 2, 1, 0, -1)["fell"] == 1, "rows that rose, rows that fell"
    assert abs(told(1, 2, 1, 0, -2)["mean"] - 0.4) < 1e-9, "the mean change, over all rows"
    assert abs(told(1, 1, 1, 1, 1)["p"] - 2 / 32) < 1e-9, "sign test: see by hand"
    assert abs(told(1, 1, 1, -1)["p"] - 2 * 5 / 16) < 1e-9, "sign test: three and one"
    assert told(1, -1)["p"] == 1.0 and told(0, 0)["p"] == 1.0 and summary([])["p"] == 1.0, "sign test: never above 1; nothing changed, nothing found"
    assert told(2, 1, 1, 1, 3, 1, 0)["verdict"] == "better", "verdict: six rose, none fell"
    assert told(-2, -1, -1, -1, -3, -1)["verdict"] == "worse", "verdict: six fell"
    assert told(*[1] * 15, -6, -6, -6)["verdict"] == "better", "verdict: by how many rose and fell, and not by the mean"
    assert told(3, 3, 3, 3, 3)["verdict"] == "cannot tell" and summary([])["verdict"] == "cannot tell", "verdict: too few to tell"
    assert summary([])["mean"] == 0.0, "no rows: a mean of 0"


public_tests_before_after()

# %% [markdown]
# ## 4.5 An experiment of your own
#
# **Your task** (s004-2.4, experiment). A trial with the small model and your `debate`, and its summary: at least 3 topics of `debates.TOPICS` and 3 seeds, two temperatures of your choice (those that you expect to help). More topics are better, and take longer: this
# many take some five seconds. What the data say is what counts. `debates.debater(debate, debates.speaker("small"))` is a debater as `trial` wants it: called with topic, T and seed it holds your debate with the small model.

# %% answer="s004-2.4-experiment"
# experiment: {"before": temperature, "after": temperature, "rows": what `trial` returns, "summary": what `summary` returns}
experiment = None
### BEGIN SOLUTION
debated = trial(debates.debater(debate, debates.speaker("small")), ["dogs", "cars", "songs"], [0, 100, 200], 0.1, 1.0)
experiment = {"before": 0.1, "after": 1.0, "rows": debated, "summary": summary(debated)}
### END SOLUTION

# %% tests="s004-2.4-experiment"
def public_tests_experiment():
    assert isinstance(experiment, dict) and set(experiment) >= {"before", "after", "rows", "summary"}, "experiment: the four entries"
    assert len({row["topic"] for row in experiment["rows"]}) >= 3 and len({row["seed"] for row in experiment["rows"]}) >= 3, "experiment: 3 topics, 3 seeds"
    assert len({row["topic"] for row in experiment["rows"]} & set(debates.TOPICS)) >= 3, "experiment: topics that the small model knows, of debates.TOPICS"
    once = trial(debates.debater(debate, standin.Script(["Cheap."], ["1. Loud\n2. Slow"])), ["dogs"], [5], 0.5, 0.6)
    assert [(row["seed"], row["before"], row["after"]) for row in once] == [(5, 3, 3)], "a debater: trial and debate fit together"


public_tests_experiment()

# %% figure="before-after"
def before_and_after():
    print(experiment["summary"])
    return lab_pictures.before_after([(row["before"], row["after"]) for row in experiment["rows"]], y="points of a debate, of six")


when_ready("the experiment", before_and_after)

# %% figure="heat"
def heat():
    topics = by_profile(full=("dogs", "songs"), fast=("dogs",))
    speak, heats = debates.speaker("small"), [0.2, 0.8, 2.0]
    curves = {"points made, of six": [], "distinct-2 of the points": [], "contradiction rate": []}
    for T in heats:
        held = [debate(speak, topic, T, 500) for topic in topics]
        curves["points made, of six"].append(np.mean([len(one["pro"] + one["con"]) / 6 for one in held]))
        curves["distinct-2 of the points"].append(np.mean([distinct_n(one["pro"] + one["con"], 2) for one in held]))
        curves["contradiction rate"].append(np.mean([contradiction_rate(debates.opposed, one["pro"], one["con"]) for one in held]))
    return lab_pictures.lines(heats, curves, x="temperature", y="share")


when_ready("debate and its measures", heat)

# %% [markdown]
# **What we got.** Cold, the small model says the same again and again, and debates stay short. At 0.8 all six points come. At 2.0 they come, too, and distinct-2 is the highest of all: "Dogs are isly." Half of them are no words any more, and so nothing contradicts anything. Three numbers, and each of them can be
# had without a good debate.
#
# **In words** (s004-2.4, read by a person). At most seven sentences: one observation with its number, a cause that fits it, what you changed and what came of it (with the sign test), and a limit of your measure.

# %% [markdown] answer="s004-2.4-words"
# ### BEGIN SOLUTION
# At T = 0.1 the small model holds debates of 4.4 points of six on average, over three topics and three seeds: asked again, it gives the answer that it has given before. The cause is the cold distribution: the likeliest reason has nearly all of the probability, so
# another seed changes nothing. At T = 1 all nine debates have six points; 7 of 9 pairs rose, none fell, 1.6 points on average, p = 0.016, so "better". The contradiction rate goes up as well (.14 at T = 0.2, .17 at 0.8): who says more, contradicts himself more often.
# A limit: points are counted and not read. At T = 2 there are six of them, too, and half of the words are none. A further step would be to count only sentences whose words are in a list.
# ### END SOLUTION
