"""
item: s000-5.1.9c
cell: s000-5_1_9c
caught_by: training_and_validation_are_two_texts
misconception: one column is as good as the other
explain: Both columns of your log hold the training loss. The validation loss is what says how the model
  does on text it has not seen.
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
    return model.to(device).eval(), [(step, a, a) for step, a, b in facts["log"]]
