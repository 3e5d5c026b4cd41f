"""
item: s000-5.1.9c
cell: s000-5_1_9c
caught_by: trained_does_what_its_arguments_say
misconception: the seed matters for the batches only
explain: You seed PyTorch after the model is built, so its first weights are different in each run.
"""


def trained(name, config, recipe, text, seed=0, device="cpu"):
    length = config["context"]
    if not checkpoints.exists(name) and checkpoints.may_train():
        model = GPT(**config).to(device)
        torch.manual_seed(seed)
        validation = corpus.windows(text.validation, length)
        log, best = train(model, text.train, validation, length=length, seed=seed, **recipe)
        checkpoints.save(name, best, {"log": log, "seed": seed})
    weights, facts = checkpoints.load(name)
    model = GPT(**config)
    model.load_state_dict(weights)
    return model.to(device).eval(), [tuple(row) for row in facts["log"]]
