"""
item: s001-2.2.3a
cell: s001-2_2_3a
caught_by: sizes_are_matched_and_reported
misconception: a ratio is a ratio
explain: Your ratio is the wrong way round: the decoder-only model's count comes first.
"""

def clearly_better(a, b, lower_is_better):
    if not lower_is_better:
        a, b = [-value for value in a], [-value for value in b]
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
parameter_ratio = results["encoder_decoder"]["parameters"] / results["decoder_only"]["parameters"]
claims = {"loss": {}, "exact": {}}
for key in claims:
    for name in NAMES:
        one, other = name.split("_beats_")
        claims[key][name] = clearly_better(results[one][key], results[other][key], lower_is_better=key == "loss")
