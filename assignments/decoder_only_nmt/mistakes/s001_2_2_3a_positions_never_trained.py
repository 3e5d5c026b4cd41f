"""
item: s001-2.2.3a
cell: s001-2_2_3a
caught_by: three_seeds_are_three_runs
misconception: reading `.data` of a parameter is as good as reading the parameter
explain: The codes of the positions stand where they stood before training, as they do when the forward
  pass reads `positions.data` or detaches something: no gradient comes back that way.
"""

def clearly_better(a, b, lower_is_better):
    if not lower_is_better:
        a, b = [-v for v in a], [-v for v in b]
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


for kind in ("decoder_only", "prefix"):
    for seed in SEEDS:
        models[kind][seed].positions.data.copy_(build(kind, seed).positions.data)
