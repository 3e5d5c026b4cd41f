"""
item: s004-1.14
cell: s004-1_14
caught_by: changed_means_other_numbers
misconception: float32 is precise enough
explain: You cast both sides to float32 before you compare. What differs in the later digits of a float64
  tensor is then the same.
"""

def diff(sd_a, sd_b):
    both = sd_a.keys() & sd_b.keys()
    unchanged = {
        name
        for name in both
        if sd_a[name].shape == sd_b[name].shape
        and sd_a[name].dtype == sd_b[name].dtype
        and torch.equal(sd_a[name].float(), sd_b[name].float())
    }
    return {
        "changed": both - unchanged,
        "added": sd_b.keys() - sd_a.keys(),
        "removed": sd_a.keys() - sd_b.keys(),
        "unchanged": unchanged,
    }
