# %% run_a_model_that_remembers_its_log
"""a subclass of GPT with one more attribute is the same model"""
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


# %% run_dictionary_of_facts
"""loads and returns early, lists as rows, weights by name"""
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


# %% run_loads_unless_it_may_train
"""the question is asked the other way round, and the trained model itself is returned"""
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


# %% run_log_as_a_tensor
"""the log is an array of numbers; double precision changes the loss by nothing that counts"""
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
