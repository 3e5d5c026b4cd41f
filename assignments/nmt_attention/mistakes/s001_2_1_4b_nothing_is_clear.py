"""
item: s001-2.1.4b
cell: s001-2_1_4b
caught_by: width_claim_on_small_fits_the_table, width_claim_on_large_fits_the_table,
  data_claim_at_64_fits_the_table, gap_claim_fits_the_table
misconception: no clear effect everywhere
explain: You see no clear effect anywhere. Where every seed of one configuration beats every seed of the
  other, the effect is clear.
"""

claims = {
    "hidden_helps_small": "no clear effect",
    "hidden_helps_large": "no clear effect",
    "data_helps_32": "no clear effect",
    "data_helps_64": "no clear effect",
    "gap_shrinks": "no clear effect",
}
