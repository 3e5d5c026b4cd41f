"""
item: s000-5.1.9c
cell: s000-5_1_9c
why: the question is asked the other way round, and the trained model itself is returned
"""


def trained(name, config, recipe, text, seed=0, device="cpu"):
    torch.manual_seed(seed)
    model = GPT(**config).to(device)
    if checkpoints.exists(name) or not checkpoints.may_train():
        best, facts = checkpoints.load(name)
        log = [tuple(row) for row in facts["log"]]
    else:
        validation = corpus.windows(text.validation, config["context"])
        log, best = train(model, text.train, validation, length=config["context"], seed=seed, **recipe)
        checkpoints.save(name, best, {"log": log, "seed": seed})
    model.load_state_dict(best)
    return model.eval(), log
