# %% [markdown]
# # Part 5: Was this run compute-optimal?
#
# **Why.** The answer is not "the model has many parameters". It compares what was done with the best that the same compute
# could have bought.
#
# **The idea.** A run of size $N$ on $D$ tokens used $C = 6ND$. The line gives the best size $N^*$ *for this $C$*, and
# $D^* = C / 6N^*$. If $N$ is larger than $N^*$, the same compute would have been better spent on a smaller model and more
# tokens; if smaller, the other way round. The bottom of a valley is flat, so anything within 25 % of $N^*$ counts as
# optimal: $0.75 \le N / N^* \le 1.25$.
#
# **By hand.** With $m = 0.5$, $c = -1$, a run of $N = 1000$ on $D = 10^6 / 6$ tokens used $C = 10^9$. The line says
# $\log_{10} N^* = 0.5 \cdot 9 - 1 = 3.5$, so $N^* = 3162$: the model was too small, by a factor of three.
#
# **Trap.** $N^*$ is not the best size at the largest budget you measured, and not the size with the lowest loss in a table
# where each model used another amount of compute.
#
# **Your task** (s001-2.3.4).

# %% answer="s001-2.3.4"
def is_compute_optimal(N: float, D: float, m: float, c: float) -> dict:
    """The verdict on a run of N parameters and D tokens, given the line log10 N* = m log10 C + c. A dict:

    C: the compute of the run, 6 N D; N, D: as given; N_opt, D_opt: the best size at this C and the tokens that go with it
    optimal: True if N is within 25 % of N_opt, that is 0.75 <= N / N_opt <= 1.25, else False
    change: "smaller" (fewer parameters, more tokens), "larger" (more parameters, fewer tokens) or "keep"
    Raises ValueError unless N and D are both above 0.
    """
    ### BEGIN SOLUTION
    if not (N > 0 and D > 0):
        raise ValueError("a run has a positive number of parameters and of tokens")
    C = 6 * N * D
    N_opt = 10 ** (m * math.log10(C) + c)
    optimal = 0.75 <= N / N_opt <= 1.25
    change = "keep" if optimal else "smaller" if N_opt < N else "larger"
    return {"C": C, "N": N, "D": D, "N_opt": N_opt, "D_opt": C / (6 * N_opt), "optimal": optimal, "change": change}
    ### END SOLUTION

# %% tests="s001-2.3.4"
def public_tests_verdict():
    verdict = is_compute_optimal(1000.0, 1e6 / 6, 0.5, -1.0)
    missing = {"C", "N", "D", "N_opt", "D_opt", "optimal", "change"} - set(verdict)
    assert not missing, f"the verdict lacks {sorted(missing)}"
    assert abs(verdict["C"] / 1e9 - 1) < 1e-6, "the example used 1e9 FLOPs"
    assert abs(verdict["N_opt"] / 10**3.5 - 1) < 1e-6, "the line of the example says 10^3.5 at 1e9 FLOPs"
    assert verdict["change"] == "larger" and not verdict["optimal"], "the model of the example was too small"
    assert abs(6 * verdict["N_opt"] * verdict["D_opt"] / verdict["C"] - 1) < 1e-6, (
        "the best run uses the same compute: 6 * N_opt * D_opt = C"
    )
    for N, D in ((0, 5.0), (-3.0, 5.0), (4.0, 0), (4.0, -5.0)):
        try:
            is_compute_optimal(N, D, 0.5, -1.0)
        except ValueError:
            continue
        raise AssertionError(f"N = {N}, D = {D} is no run: raise ValueError")
    print("public tests of 5 passed")


public_tests_verdict()

# %% [markdown]
# **The widest translator of Part 2.** Width 128, 12 epochs: what does your law say? The law was measured on another
# language and with one layer, so its verdict on a translator is a conjecture. But this conjecture can be tested. The second
# half of the output shows translators of other widths that were trained for as many epochs as the *same compute* buys: an
# IsoFLOP profile on the translation data itself. (Here words repeat, up to many times for the small ones. The law knows only
# fresh tokens.) Then comes width 128 once more, with the learning rate 0.001 in place of 0.003 and all else equal.
# At the end your own `find_optimal_params` is fitted to this valley, to the logarithm of the loss: a translation can be known
# for sure, so the floor is 0, and what lies above a floor falls by factors. The fit is made three times. Compare them before
# you believe one.

# %% figure="verdict"
def translator_valleys():
    same = list(size_runs.shipped_sizes("same compute"))
    widest = max((run for run in translators if run.seed == 0), key=lambda run: run.width)
    return {
        "all five widths": [*same, widest],
        "width 128 with the lower learning rate": [*same, *size_runs.shipped_sizes("lower rate")],
        "without width 128": same,
    }


def verdict_on_the_translator():
    widest = max(translators, key=lambda run: run.width)
    verdict = is_compute_optimal(
        widest.parameters, widest.sequences * size_runs.LENGTH, *fit_linear_log(*optima))
    for key, value in verdict.items():
        print(f"{key:8} {value}" if key in ("optimal", "change") else f"{key:8} {float(value):,.0f}")
    print()
    print("width  parameters  epochs  validation loss, same compute for all")
    for run in sorted([*size_runs.shipped_sizes("same compute"), widest], key=lambda run: run.width):
        print(f"{run.width:>5} {run.parameters:>11,} {len(run.losses):>7} {min(run.losses):>10.3f}")
    for run in size_runs.shipped_sizes("lower rate"):
        print(f"{run.width:>5} {run.parameters:>11,} {len(run.losses):>7} {min(run.losses):>10.3f}   (lower learning rate)")
    print("\nthe bottom of the valley, fitted with find_optimal_params to log10 of the loss:")
    for name, runs_of_valley in translator_valleys().items():
        sizes = [run.parameters for run in runs_of_valley]
        best = find_optimal_params(sizes, np.log10([min(run.losses) for run in runs_of_valley]))[1]
        print(f"{name:42} {float(best):>8,.0f} parameters")


when_ready("is_compute_optimal", verdict_on_the_translator)

# %% [markdown]
# **Write it down** (s001-2.3.4, reasons; read by a person). Was the widest translator compute-optimal? Give $C$, $N$, $D$,
# $N^*$ and $D^*$, the direction of the change, and whether the profile at equal compute agrees with the law. In at most
# five sentences, and with one reservation about carrying the law over to this task.

# %% [markdown] answer="s001-2.3.4-reasons" grade_id="reasons-s001-2_3_4"
# ### BEGIN SOLUTION
# The run used $C = 6 \cdot 404{,}736 \cdot 620{,}400 \approx 1.5 \cdot 10^{12}$ FLOPs with $N \approx 405{,}000$ and $D \approx 620{,}000$.
# At this $C$ the line says $N^* \approx 87{,}000$ and $D^* \approx 2.9 \cdot 10^6$, so the model was larger than the best one by a factor of 4.6:
# fewer parameters and more tokens. The profile at equal compute agrees: widths 32 to 64 (27,000 to 104,000 parameters) end at 0.03 to 0.07
# and width 96 at 0.09, where width 128 has 1.13 (and still 0.57 with a third of the learning rate, the last line). It does not settle the best
# width, since the three narrow ones differ by no more than one seed may. A parabola through all five has its bottom at 51,000 parameters,
# or 46,000 with the lower rate for width 128: below the line's 87,000 by a factor of 1.7 to 1.9. But without width 128 the bottom leaves the
# data altogether (2,200 parameters), so one run, the worst trained of them, decides where this bottom lies. And the law was measured on another language, with one layer and
# without repeated data; here the narrow models saw each word up to 177 times, and their training loss is near zero.
#
# **The seven claims at the end of this notebook** (not graded), and the exponent:
#
# | claim | here |
# |---|---|
# | loss falls with size, "but only to a certain extent" | holds in form: a steep fall, then a rise at the largest width, in all three seeds |
# | the optimum is width 96 | two seeds of three; 64 in the third |
# | the largest width overfits | does not hold in any seed: its training loss is high too; a third of the learning rate halves its loss (one seed) |
# | the FLOPs of a width are its square | no: a width of 128 costs 52 times as much as one of 16 here, not 64 times, and the square counts no operations |
# | a parabola gives the best size | holds in $\log N$, within the five runs around the bottom; on raw $N$ it lands a third too high at every budget |
# | $10^{10}$ parameters at $10^{15}$ FLOPs | does not hold: about $1.3 \cdot 10^6$ here, band $0.8$ to $2.1 \cdot 10^6$ |
# | the decoder-only run is not compute-optimal, width 48 or 64 would be better | the direction holds, and can be measured at equal compute; "too many parameters" alone is no reason |
#
# The exponent of our sweep is 0.42, with a standard error of 0.014, so 0.37 to 0.46 with 95 % confidence. Another seed gives
# 0.43, and fitting three or seven runs instead of five 0.40 to 0.44: the choice of window moves it as much as the scatter
# does. That is at or below the lower end of the published 0.46 to 0.51 for real text (approach 2, which is ours: 0.49 for
# the size, hence 0.51 for the tokens) and far below 0.73. With the other seed $N^*(10^{15})$ is $1.5 \cdot 10^6$, inside the
# band. The language is small, the models have one layer, and a third to a half of the best ones' parameters are embeddings: do
# not carry the number over to other data. What carries over is the method.
# ### END SOLUTION
