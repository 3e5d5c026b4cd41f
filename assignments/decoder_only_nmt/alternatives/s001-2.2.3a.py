# %% every_pair_of_runs whole=true
"""every run against every run"""
def clearly_better(a, b, lower_is_better):
    sign = -1 if lower_is_better else 1
    wins = [sign * (x - y) for x in a for y in b]
    return True if all(w > 0 for w in wins) else False if all(w < 0 for w in wins) else None


again = measured
results, claims = {}, {"loss": {}, "exact": {}}
for kind in KINDS:
    results[kind] = {key: [entry[key] for entry in again[kind]] for key in ("loss", "exact")}
    results[kind]["parameters"] = float(count_parameters(runs[kind][2].model))
parameter_ratio = results["decoder_only"]["parameters"] / results["encoder_decoder"]["parameters"]
for one, other in (("decoder_only", "encoder_decoder"), ("prefix", "encoder_decoder"), ("prefix", "decoder_only")):
    claims["loss"][f"{one}_beats_{other}"] = clearly_better(results[one]["loss"], results[other]["loss"], True)
    claims["exact"][f"{one}_beats_{other}"] = clearly_better(results[one]["exact"], results[other]["exact"], False)


# %% numpy_arrays whole=true
"""arrays; np.nanmax and so on; numpy booleans as claims"""
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


# %% sorted_together whole=true
"""the two lists, sorted; numbers from the runs; claims as numbers 0 and 1 and the word None"""
def clearly_better(a, b, lower_is_better):
    a, b = sorted(a), sorted(b)
    if a[-1] < b[0]:
        return lower_is_better
    if b[-1] < a[0]:
        return not lower_is_better
    return None


results = {
    kind: {
        "parameters": sum(p.numel() for p in run[0].model.parameters()),
        "loss": tuple(one.best_loss for one in run),
        "exact": torch.tensor([found["exact"] for found in measured[kind]]),
    }
    for kind, run in runs.items()
}
parameter_ratio = torch.tensor(results["decoder_only"]["parameters"] / results["encoder_decoder"]["parameters"])
claims = {
    key: {
        f"{one}_beats_{other}": {True: 1, False: 0, None: "None"}[
            clearly_better(list(results[one][key]), list(results[other][key]), key == "loss")
        ]
        for one, other in (("decoder_only", "encoder_decoder"), ("prefix", "encoder_decoder"), ("prefix", "decoder_only"))
    }
    for key in ("loss", "exact")
}
