"""
item: s000-5.1.9c
cell: s000-5_1_9c
caught_by: trained_does_what_its_arguments_say
misconception: RECIPE and recipe are the same
explain: You train with RECIPE whatever recipe asks for.
"""


def trained(name, config, recipe, text, seed=0, device="cpu"):
    length = config["context"]
    if not checkpoints.exists(name) and checkpoints.may_train():
        torch.manual_seed(seed)
        model = GPT(**config).to(device)
        validation = corpus.windows(text.validation, length)
        log, best = train(model, text.train, validation, length=length, seed=seed, **RECIPE)
        checkpoints.save(name, best, {"log": log, "seed": seed})
    weights, facts = checkpoints.load(name)
    model = GPT(**config)
    model.load_state_dict(weights)
    return model.to(device).eval(), [tuple(row) for row in facts["log"]]
