"""
item: s000-5.1.9c
cell: s000-5_1_9c
caught_by: the_model_is_the_best_of_its_log
misconception: the mode matters only while training
explain: You return the model in training mode. With dropout in it, everything after this line would be random;
  call eval().
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
    return model.to(device).train(), [tuple(row) for row in facts["log"]]
