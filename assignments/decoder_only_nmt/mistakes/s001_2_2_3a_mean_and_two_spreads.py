"""
item: s001-2.2.3a
cell: s001-2_2_3a
caught_by: a_clear_difference_needs_separate_ranges
misconception: two means are clearly apart when their spreads do not overlap
explain: You compare means, give or take two standard deviations. The rule compares the worst run of one
  with the best run of the other: one run in twenty that overlaps is enough.
"""

from statistics import mean, pstdev


def clearly_better(a, b, lower_is_better):
    gap = (mean(a) - mean(b)) * (1 if lower_is_better else -1)
    spread = 2 * (pstdev(a) + pstdev(b))
    return None if abs(gap) <= spread else gap < 0


NAMES = ("decoder_only_beats_encoder_decoder", "prefix_beats_encoder_decoder", "prefix_beats_decoder_only")
results = {}
for kind in KINDS:
    results[kind] = {
        "parameters": count_parameters(models[kind][0]),
        "loss": [found["loss"] for found in measured[kind]],
        "exact": [found["exact"] for found in measured[kind]],
    }
parameter_ratio = results["decoder_only"]["parameters"] / results["encoder_decoder"]["parameters"]
claims = {"loss": {}, "exact": {}}
for key in claims:
    for name in NAMES:
        one, other = name.split("_beats_")
        claims[key][name] = clearly_better(results[one][key], results[other][key], lower_is_better=key == "loss")
