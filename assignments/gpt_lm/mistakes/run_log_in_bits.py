"""
item: s000-5.1.9c
cell: s000-5_1_9c
caught_by: the_log_starts_at_the_logarithm_of_v, the_model_is_the_best_of_its_log
misconception: losses are measured in bits
explain: Your losses are in bits. Nats are asked for, so that the first row is close to ln V.
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
    return model.to(device).eval(), [(step, a / math.log(2), b / math.log(2)) for step, a, b in facts["log"]]
