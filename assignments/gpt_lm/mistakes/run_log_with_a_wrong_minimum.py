"""
item: s000-5.1.9c
cell: s000-5_1_9c
caught_by: the_model_is_the_best_of_its_log
misconception: the best value is a little better than the rest
explain: The lowest validation loss of your log is not the one that your model reaches. Log and weights have
  to come from the same run.
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
    return model.to(device).eval(), [(step, a, b - 0.004 * (step == facts["log"][-1][0])) for step, a, b in facts["log"]]
