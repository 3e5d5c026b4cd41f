"""
item: s001-2.2.3a
cell: s001-2_2_3a
why: the two lists, sorted; numbers from the runs; claims as numbers 0 and 1 and the word None
"""

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
