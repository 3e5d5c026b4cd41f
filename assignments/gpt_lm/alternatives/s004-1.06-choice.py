# %% choice_as_a_list whole=true
"""a list with one letter"""
answers["s004-1.06"] = ["b"]


# %% choice_as_a_string whole=true
"""a letter, in upper case, as text"""
answers["s004-1.06"] = "B"
