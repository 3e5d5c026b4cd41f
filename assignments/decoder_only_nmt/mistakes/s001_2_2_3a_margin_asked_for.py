"""
item: s001-2.2.3a
cell: s001-2_2_3a
caught_by: touching_ranges_are_not_clear
misconception: a small gap is no gap
explain: You ask for a margin between the ranges. The rule has none: every run better than every run, by
  however little.
"""

def clearly_better(a, b, lower_is_better):
    if not lower_is_better:
        a, b = [-v for v in a], [-v for v in b]
    if max(a) < min(b) - 0.01:
        return True
    return False if min(a) > max(b) + 0.01 else None


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
