"""
item: s000-5.1.9c
cell: s000-5_1_9c
caught_by: the_loss_log_is_a_whole_curve
misconception: the last rows tell everything
explain: You hand in the last rows of the log only. A curve needs its beginning: that is where one sees that
  the model started at ln V.
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
    return model.to(device).eval(), [tuple(row) for row in facts["log"][-4:]]
