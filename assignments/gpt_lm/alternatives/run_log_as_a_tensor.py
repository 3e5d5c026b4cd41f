"""
item: s000-5.1.9c
cell: s000-5_1_9c
why: the log is an array of numbers; double precision changes the loss by nothing that counts
"""

def trained(name, config, recipe, text, seed=0, device="cpu"):
    if not checkpoints.exists(name) and checkpoints.may_train():
        torch.manual_seed(seed)
        model = GPT(**config).to(device)
        windows = corpus.windows(text.validation, config["context"])
        log, best = train(model, text.train, windows, length=config["context"], seed=seed, **recipe)
        checkpoints.save(name, best, {"log": [list(map(float, row)) for row in log]})
    state, facts = checkpoints.load(name)
    model = GPT(**config).to(device)
    model.load_state_dict({key: value.to(device) for key, value in state.items()}, strict=True)
    return model.train(False), [[float(value) for value in row] for row in facts["log"]]
