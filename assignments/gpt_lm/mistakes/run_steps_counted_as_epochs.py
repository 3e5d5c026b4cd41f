"""
item: s000-5.1.9c
cell: s000-5_1_9c
caught_by: the_loss_log_is_a_whole_curve
misconception: the step of a row is its place from one on
explain: Your rows do not begin with step 0. The first row is the state before any update.
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
    return model.to(device).eval(), [(k, *row[1:]) for k, row in enumerate(facts["log"], 1)]
