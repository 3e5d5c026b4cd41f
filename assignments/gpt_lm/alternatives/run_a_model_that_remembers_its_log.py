"""
item: s000-5.1.9c
cell: s000-5_1_9c
why: a subclass of GPT with one more attribute is the same model
"""

class Remembering(GPT):
    log = ()


def trained(name, config, recipe, text, seed=0, device="cpu"):
    n = config["context"]
    if checkpoints.may_train() and not checkpoints.exists(name):
        torch.manual_seed(seed)
        fresh = GPT(**config).to(device)
        log, best = train(fresh, text.train, corpus.windows(text.validation, n), length=n, seed=seed, **recipe)
        checkpoints.save(name, best, {"log": log, "seed": seed})
    weights, facts = checkpoints.load(name)
    model = Remembering(**config)
    model.load_state_dict(weights)
    model.log = [tuple(row) for row in facts["log"]]
    return model.to(device).eval(), model.log
