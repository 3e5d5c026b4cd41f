"""
item: s001-2.2.3a
cell: s001-2_2_3a
caught_by: a_clear_difference_needs_separate_ranges
misconception: the better mean is better
explain: You compare means. Two kinds whose runs overlap can still have different means; by the rule, that
  is no clear difference.
"""

def clearly_better(a, b, lower_is_better):
    one, other = sum(a) / len(a), sum(b) / len(b)
    if one == other:
        return None
    return (one < other) == lower_is_better


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
