# %% as_a_list whole=true
"""a list of capital letters, in another order"""
answers["s000-2.06"] = ["C"]


# %% as_text whole=true
"""text with commas and spaces"""
answers["s000-2.06"] = "C"


# %% as_a_tuple whole=true
"""a tuple of letters"""
answers["s000-2.06"] = ("c",)
