"""
item: s000-3.2.3
cell: s000-3_2_3
caught_by: every_use_of_whh_contributes, one_loss_matches_finite_differences
misconception: contributions of several steps are averaged
explain: You average over the steps. Nudging the shared matrix nudges all its copies at once, and the
  effects add up.
"""

def dJt_dWhh(gh, h):
    return gh.T @ h / len(gh)
