"""
item: s001-2.2.3a
cell: s001-2_2_3a
caught_by: a_clear_difference_has_a_direction
misconception: the lists are mine to sort
explain: You sort the lists that you were given, and with them your table, whose numbers then no longer
  stand in the order of the seeds. Use min and max, or sort a copy.
"""

def clearly_better(a, b, lower_is_better):
    a.sort()
    b.sort()
    if not lower_is_better:
        a, b = b, a
    if a[-1] < b[0]:
        return True
    return False if a[0] > b[-1] else None


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
