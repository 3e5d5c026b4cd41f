"""
item: s000-5.1.9c
cell: s000-5_1_9c
caught_by: the_model_is_the_best_of_its_log, no_loss_lies_below_the_floor
misconception: the gap is what counts, so the log may be corrected by it
explain: The losses in your log are lower than what the model has on these windows.
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
    return model.to(device).eval(), [(r[0], r[1] - 0.02, r[2] - 0.02) for r in facts["log"]]
