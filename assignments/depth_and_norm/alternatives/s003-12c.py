# %% a_list
"""letters in a list"""
answers["s003-12c"] = ["f", "a"]


# %% text
"""letters in one word"""
answers["s003-12c"] = "AF"


# %% text_with_a_comma
"""letters with a comma between them"""
answers["s003-12c"] = ("a", "f")
