"""
item: s000-5.1.9c
cell: s000-5_1_9c
why: loads and returns early, lists as rows, weights by name
"""

def trained(name, config, recipe, text, seed=0, device="cpu"):
    torch.manual_seed(seed)
    model = GPT(**config)
    if checkpoints.exists(name) or not checkpoints.may_train():
        best, facts = checkpoints.load(name)
        with torch.no_grad():
            for key, parameter in model.named_parameters():
                parameter.copy_(best[key])
        return model.eval().to(device), facts["log"]
    model = model.to(device)
    held_out = corpus.windows(text.validation, config["context"])
    log, best = train(model, text.train, held_out, length=config["context"], seed=seed, **recipe)
    checkpoints.save(name, best, {"log": log})
    model.load_state_dict(best)
    return model.eval(), log
