"""
item: s001-2.2.3a
cell: s001-2_2_3a
why: every run against every run
"""

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
