"""
item: s000-5.1.9c
cell: s000-5_1_9c
caught_by: the_model_is_close_to_the_best_possible, the_model_is_the_best_of_its_log
misconception: two digits are enough for a weight
explain: The weights of your model are rounded so coarsely that it no longer has the loss of its log. Save
  them as they are.
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
    model.load_state_dict({name: (tensor * 3).round() / 3 for name, tensor in weights.items()})
    return model.to(device).eval(), [tuple(row) for row in facts["log"]]
