"""
item: s000-5.1.9c
cell: s000-5_1_9c
caught_by: no_loss_lies_below_the_floor, the_log_starts_at_the_logarithm_of_v
misconception: the mean over both texts
explain: Your losses are divided by two once too often: the lowest lies far below the entropy of the
  language, which no model can reach.
"""

def trained(name, config, recipe, text, seed=0, device="cpu"):
    length = config["context"]
    if not checkpoints.exists(name) and checkpoints.may_train():
        torch.manual_seed(seed)
        model = GPT(**config).to(device)
        validation = corpus.windows(text.validation, length)
        log, best = train(model, text.train, validation, length=length, seed=seed, **recipe)
        checkpoints.save(name, best, {"log": log, "seed": seed})
    weights, facts = checkpoints.load(name)
    model = GPT(**config)
    model.load_state_dict(weights)
    return model.to(device).eval(), [(step, a / 2, b / 2) for step, a, b in facts["log"]]
