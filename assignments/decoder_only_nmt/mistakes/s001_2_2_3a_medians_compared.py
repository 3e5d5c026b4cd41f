"""
item: s001-2.2.3a
cell: s001-2_2_3a
caught_by: a_clear_difference_needs_separate_ranges
misconception: the middle run stands for all
explain: You compare the middle runs. One run that strays is exactly what the rule wants to hear of: compare worst
  with best.
"""

def clearly_better(a, b, lower_is_better):
    if not lower_is_better:
        a, b = [-value for value in a], [-value for value in b]
    a, b = torch.tensor(a).median(), torch.tensor(b).median()
    return True if a < b else False if a > b else None


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
