# %% computed_from_the_models
"""verdicts computed from the models"""
scores = {name: [one["accuracy"] for one in reports] for name, reports in reports_by_start().items()}
few_items = compare(scores["math, 160"], scores["tweet, 160"]).replace("first", "math").replace("second", "tweet")
many_items = compare(scores["math, 640"], scores["random, 640"]).replace("first", "math").replace("second", "random")
share = loaded_fraction(pre_trained("roberta-tweet"), bert_models.weights("roberta-tweet"))
misread_began_as = "nothing" if share < 0.5 else "tweets"


# %% looked_up
"""read from a table of one's own"""
answers = {"few": "math", "many": "undecided", "misread": "nothing"}
few_items = answers["few"]
many_items = answers["many"]
misread_began_as = answers["misread"]


# %% unpacked
"""all three in one assignment"""
few_items, many_items, misread_began_as = "math", "undecided", "nothing"
