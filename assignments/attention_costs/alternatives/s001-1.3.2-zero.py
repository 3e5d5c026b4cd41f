# %% as_a_tuple
"""a tuple with one letter is one letter"""
pool_at_zero = ("c",)


# %% capital_letter
"""case does not matter"""
pool_at_zero = "C"


# %% with_a_full_stop
"""punctuation is no letter"""
pool_at_zero = "c."
