"""
item: s001-2.2.3a
cell: s001-2_2_3a
caught_by: sizes_are_matched_and_reported
misconception: embeddings are not parameters
explain: You leave the embeddings out of the count. They are trained like everything else, and the two kinds
  of model do not have equally many of them.
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
        "parameters": sum(p.numel() for name, p in models[kind][0].named_parameters() if "embedding" not in name),
        "loss": [found["loss"] for found in measured[kind]],
        "exact": [found["exact"] for found in measured[kind]],
    }
parameter_ratio = results["decoder_only"]["parameters"] / results["encoder_decoder"]["parameters"]
claims = {"loss": {}, "exact": {}}
for key in claims:
    for name in NAMES:
        one, other = name.split("_beats_")
        claims[key][name] = clearly_better(results[one][key], results[other][key], lower_is_better=key == "loss")
