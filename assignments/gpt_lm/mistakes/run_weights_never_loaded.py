"""
item: s000-5.1.9c
cell: s000-5_1_9c
caught_by: the_model_is_close_to_the_best_possible, the_model_is_the_best_of_its_log
misconception: building the model brings the weights back
explain: You build a fresh GPT and return it without loading the weights. Your log shows a trained model,
  but what you return knows nothing.
"""

def trained(name, config, recipe, text, seed=0, device="cpu"):
    length = config["context"]
    if not checkpoints.exists(name) and checkpoints.may_train():
        torch.manual_seed(seed)
        model = GPT(**config).to(device)
        validation = corpus.windows(text.validation, length)
        log, best = train(model, text.train, validation, length=length, seed=seed, **recipe)
        checkpoints.save(name, best, {"log": log, "seed": seed})
    _, facts = checkpoints.load(name)
    model = GPT(**config)
    return model.to(device).eval(), [tuple(row) for row in facts["log"]]
