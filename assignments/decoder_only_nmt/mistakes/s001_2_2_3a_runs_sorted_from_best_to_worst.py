"""
item: s001-2.2.3a
cell: s001-2_2_3a
caught_by: reported_losses_can_be_measured_again
misconception: the order of the runs does not matter
explain: Your table lists the runs from best to worst. One entry per seed, in the order of the seeds: otherwise nobody
  can tell which number belongs to which model.
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
        "loss": sorted(found["loss"] for found in measured[kind]),
        "exact": [found["exact"] for found in measured[kind]],
    }
parameter_ratio = results["decoder_only"]["parameters"] / results["encoder_decoder"]["parameters"]
claims = {"loss": {}, "exact": {}}
for key in claims:
    for name in NAMES:
        one, other = name.split("_beats_")
        claims[key][name] = clearly_better(results[one][key], results[other][key], lower_is_better=key == "loss")
