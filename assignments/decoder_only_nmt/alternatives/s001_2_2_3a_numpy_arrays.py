"""
item: s001-2.2.3a
cell: s001-2_2_3a
why: arrays; np.nanmax and so on; numpy booleans as claims
"""

import numpy as np


def clearly_better(a, b, lower_is_better):
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    better, worse = (a.max() < b.min(), a.min() > b.max())
    if not lower_is_better:
        better, worse = worse, better
    if not better and not worse:
        return None
    return bool(better)


results = {}
for kind in KINDS:
    numbers = np.array([[found["loss"], found["exact"]] for found in measured[kind]])
    size = int(np.sum([np.prod(p.shape) for p in models[kind][1].parameters()]))
    results[kind] = {"parameters": size, "loss": numbers[:, 0], "exact": numbers[:, 1]}
parameter_ratio = float(np.divide(results["decoder_only"]["parameters"], results["encoder_decoder"]["parameters"]))
claims = {
    key: {
        "decoder_only_beats_encoder_decoder": clearly_better(results["decoder_only"][key], results["encoder_decoder"][key], low),
        "prefix_beats_encoder_decoder": clearly_better(results["prefix"][key], results["encoder_decoder"][key], low),
        "prefix_beats_decoder_only": clearly_better(results["prefix"][key], results["decoder_only"][key], low),
    }
    for key, low in (("loss", True), ("exact", False))
}
