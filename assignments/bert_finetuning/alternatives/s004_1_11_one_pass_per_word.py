"""
item: s004-1.11
cell: s004-1_11
why: one pass per hidden word; the state copied through cloned tensors
"""

def pll(model, ids, *, mask_id, special_ids):
    total = 0.0
    for place in range(len(ids)):
        if int(ids[place]) in set(special_ids):
            continue
        hidden = ids.clone()
        hidden[place] = mask_id
        total -= float(F.cross_entropy(logits_of(model, hidden.unsqueeze(0))[0, place], ids[place]))
    return total


def init_from(bert, lm):
    source, target = dict(bert.named_parameters()), dict(lm.named_parameters())
    fitting = [name for name in target if name in source and source[name].shape == target[name].shape]
    for name in fitting:
        target[name].data.copy_(source[name].data)
    return sorted(set(target).difference(fitting))
