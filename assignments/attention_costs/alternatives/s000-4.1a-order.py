# %% as_a_list_with_bracket
"""so is a list, and a bracket is no letter"""
leading_order = ["c)"]


# %% as_a_set
"""a set with one letter is one letter"""
leading_order = {"c"}


# %% capital_letter
"""case and spaces do not matter"""
leading_order = " C "
