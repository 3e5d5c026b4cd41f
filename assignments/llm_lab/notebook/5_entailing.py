# %% [markdown]
# # Part 5: Entailment as a measure
#
# ## 5.1 Counting letters
#
# **Why.** A translation is held against one that a person made. For decades that meant to count what they have in common: words and their neighbours (BLEU), or pieces of letters (chrF). It is quick, needs no model, and does not know what anything means.
#
# **The overlap.** Take all pieces of $n$ letters of the reference and of the translation, spaces and all, without regard to capitals. *Matches*: each kind of piece counts as often as it is in both, so no more often than in either. Precision is matches / pieces of the translation, recall is matches / pieces of the reference,
# and the overlap is $F_1 = 2 P R / (P + R)$. Without matches it is 0.
#
# **By hand.** "abab" and "ab", $n = 2$: pieces ab, ba, ab against ab. One match, $P = 1$, $R = 1/3$, $F_1 = 1/2$.
#
# **Your task** (s004-1.10, the overlap).

# %% answer="s004-1.10-overlap"
def overlap(ref: str, hyp: str, n: int = 3) -> float:
    """F1 of the pieces of n letters of a translation `hyp` against those of the reference `ref`, n >= 1."""
    ### BEGIN SOLUTION
    one, two = (Counter(text.lower()[k : k + n] for k in range(len(text) - n + 1)) for text in (ref, hyp))
    matches = sum((one & two).values())
    return 2 * matches / (sum(one.values()) + sum(two.values())) if matches else 0.0
    ### END SOLUTION

# %% tests="s004-1.10-overlap"
def public_tests_overlap():
    assert abs(overlap("abab", "ab", 2) - 0.5) < 1e-9, "precision and recall: see by hand"
    assert abs(overlap("ab", "abab", 2) - 0.5) < 1e-9, "precision and recall: the other way round"
    assert overlap("forty-two", "forty-two") == 1.0, "the same text: 1"
    assert overlap("cat", "dog", 1) == 0.0, "nothing in common: 0"
    assert overlap("Forty", "fORTY") == 1.0, "capitals do not matter"
    assert abs(overlap("aaaa", "aa", 1) - 2 / 3) < 1e-9, "a piece counts no more often than it is in both"
    assert abs(overlap("ab ab", "abab", 2) - 4 / 7) < 1e-9, "spaces are letters, too"
    assert abs(overlap(" a-b, 7 ", "a-b, 7", 2) - 10 / 12) < 1e-9, "all that a text has are letters here: spaces at the ends, digits and marks"
    assert abs(overlap("aaaaa", "aaa", 2) - 4 / 6) < 1e-9, "pieces may overlap each other"
    assert overlap("ab", "abc") == 0.0 and overlap("", "") == 0.0 and overlap("abc", "") == 0.0, "no pieces: 0, and no error"


public_tests_overlap()

# %% [markdown]
# ## 5.2 Asking what follows
#
# **The idea.** If reference and translation mean the same, each follows from the other. So ask a model of entailment, in *both* directions: if the translation leaves something out, it follows from the reference, but not the other way round. Asking in one direction alone is a popular slip, and it gives
# a translation that says nearly nothing full marks. (Another slip is to take the *source* as the premise: then the model has to know both languages.)
#
# **What your score must do**, with `nli(premise, hypothesis)` as in 4.3, for a number from 0 to 1:
#
# - both follow for sure: 1. It rises with the probability of entailment, in either direction, and is no matter of yes and no;
# - one direction alone, the other neutral: well below that, at most 0.75, for what is left out and for what is added alike, so it does not matter which of the two texts is called reference;
# - *contradiction* costs more than to be merely neutral: with the same entailment, more contradiction (in either direction) means a lower score, wherever the score is not 0 anyway. Contradiction for sure, in both directions, is 0;
# - the score of several translations is the *mean* of theirs.
#
# How you combine the six numbers is yours: a product, a mean, the smaller of the two; say it in the docstring.
#
# **Your task** (s004-1.10).

# %% answer="s004-1.10"
def nli_score(nli: Callable[[str, str], tuple[float, float, float]], ref: str, hyp: str) -> float:
    """How well `hyp` translates what `ref` translates, from 0 to 1."""
    ### BEGIN SOLUTION
    # the mean of both directions, each entailment less what contradicts it, times the entailment that both share
    forth, back = nli(ref, hyp), nli(hyp, ref)
    one, two = (follows * (1 - clashes) for follows, _, clashes in (forth, back))
    return (one + two) / 4 + math.sqrt(one * two) / 2
    ### END SOLUTION


def corpus_score(nli: Callable[[str, str], tuple[float, float, float]], refs: Sequence[str], hyps: Sequence[str]) -> float:
    """The mean score of translations hyps[k] against refs[k]. Raises ValueError if they are not as many."""
    ### BEGIN SOLUTION
    return sum(nli_score(nli, ref, hyp) for ref, hyp in zip(refs, hyps, strict=True)) / len(refs)
    ### END SOLUTION

# %% tests="s004-1.10"
def public_tests_nli_score():
    yes, open_, no = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)

    def scored(forth, back):
        opinion = standin.Opinions([("r", "h", *forth), ("h", "r", *back)])
        found = nli_score(opinion, "r", "h")
        assert {("r", "h"), ("h", "r")} <= set(opinion.log), "both directions: ask for each"
        assert 0 <= found <= 1, "the score: from 0 to 1"
        return found

    assert abs(scored(yes, yes) - 1) < 1e-9, "both follow for sure: 1"
    assert scored(yes, open_) <= 0.75 and scored(open_, yes) <= 0.75, "one direction alone: well below 1, for what is left out and what is added"
    assert abs(scored((0.9, 0.1, 0.0), (0.4, 0.6, 0.0)) - scored((0.4, 0.6, 0.0), (0.9, 0.1, 0.0))) < 1e-9, "symmetric: it does not matter which text is the reference"
    assert scored((0.9, 0.1, 0.0), (0.9, 0.1, 0.0)) > scored((0.6, 0.4, 0.0), (0.6, 0.4, 0.0)) + 0.01, "graded: more entailment, a higher score"
    assert abs(scored(no, no)) < 1e-9, "contradiction for sure: 0"
    assert scored((0.5, 0.5, 0.0), (0.5, 0.5, 0.0)) > scored((0.5, 0.0, 0.5), (0.5, 0.0, 0.5)) + 0.01, "contradiction costs more than to be neutral"
    assert scored((0.6, 0.4, 0.0), (0.6, 0.4, 0.0)) > scored((0.6, 0.4, 0.0), (0.6, 0.0, 0.4)) + 0.005, "contradiction costs in either direction"
    exact = llm.numbers_nli
    assert abs(nli_score(exact, "forty-two, seven", "7 and 42") - 1) < 1e-9, "other words of the same meaning: 1"
    assert nli_score(exact, "forty-two, seven", "forty-two") <= 0.75, "something left out"
    assert abs(nli_score(exact, "forty-two, seven", "forty-two, nine")) < 1e-9, "something else instead: 0"
    mean = corpus_score(exact, ["one, two", "three"], ["one, two", "four"])
    assert abs(mean - 0.5) < 1e-9, "several translations: the mean"
    try:
        corpus_score(exact, ["one", "two"], ["one"])
    except ValueError:
        pass
    else:
        raise AssertionError("several translations: ValueError if one is missing")


public_tests_nli_score()

# %% figure="two-scores"
def compared():
    found = translations.pairs(3, by_profile(full=40, fast=5))
    points_of = {}
    for kind, pairs in found.items():
        points_of[kind] = [(overlap(ref, hyp), nli_score(llm.numbers_nli, ref, hyp)) for ref, hyp in pairs]
        letters, meaning = np.mean(points_of[kind], axis=0)
        print(f"{kind:12} overlap {letters:.2f}, entailment {meaning:.2f}   ({translations.KINDS[kind]})")
    return lab_pictures.two_scores(points_of, x="overlap of letters", y="score by entailment")


when_ready("overlap and nli_score", compared)

# %% [markdown]
# **Where they disagree.** Each point is a translation of three numbers. The corner at the bottom right is what people who use overlap do not see: one syllable is wrong, and everything else is. The corner at the top left is what they punish: the right numbers in other words. Entailment
# is exact here because the rule that decides it is (`llm.numbers_nli`); a model of entailment makes errors of its own. Try `llm.ModelNli(llm.load("smollm2"))` if you have it.
#
# **In words** (s004-1.10, read by a person). Design a measure of translation quality that uses entailment: what is premise and what is hypothesis, what happens with the probabilities, and what goes wrong if one direction, or the reference, is left out. At most six sentences, with one number of yours.

# %% [markdown] answer="s004-1.10-words"
# ### BEGIN SOLUTION
# Reference and translation are each premise once: I ask whether the translation follows from the reference, and whether the reference follows from the translation. From each direction I keep the probability of entailment, lowered by that of contradiction, and combine both so that one alone earns little; the corpus gets the mean.
# In one direction only, a translation that leaves out one of three numbers is "entailed" and gets 1.0; with both it gets .25 in my score, although its letters overlap by about .8. With the source as the only premise the model has to understand both languages, and its errors there
# look like errors of the translation. What it cannot see is style, and where the model of entailment is wrong, so is the score.
# ### END SOLUTION
