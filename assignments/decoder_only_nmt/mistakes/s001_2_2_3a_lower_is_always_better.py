"""
item: s001-2.2.3a
cell: s001-2_2_3a
caught_by: a_clear_difference_has_a_direction
misconception: lower is better
explain: For you lower is always better. That is true of a loss; of words that are right, one wants many.
"""

def clearly_better(a, b, lower_is_better):
    if max(a) < min(b):
        return True
    return False if min(a) > max(b) else None


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
