# %% as_text whole=true
"""text and numbers instead of truth values"""
answers["s003-7a"] = "3"
base_changes = {1: 0, 2: 0, 3: 1}


# %% a_bare_number whole=true
"""a bare number"""
answers["s003-7a"] = 3
base_changes = {1: False, 2: False, 3: True}


# %% a_list whole=true
"""a list, keys in another order"""
answers["s003-7a"] = ["3"]
base_changes = {3: True, 2: False, 1: False}
