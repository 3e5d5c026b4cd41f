# %% by_name
"""decides by the names of the weights"""
def prepare(model, kind, r=4, alpha=8.0):
    for name, parameter in model.named_parameters():
        parameter.requires_grad = kind == "full" or name.startswith("classifier.")
    if kind == "lora":
        for module in list(model.modules()):
            for part in ("query", "value"):
                if isinstance(getattr(module, part, None), nn.Linear):
                    setattr(module, part, LoRALinear(getattr(module, part), r, alpha))
    elif kind == "prompt":
        model.add_module("prompt", SoftPrompt(5, model.classifier.in_features))
    return model


# %% through_the_blocks
"""goes through the blocks of BERT"""
def prepare(model, kind, r=4, alpha=8.0):
    if kind != "full":
        model.requires_grad_(False)
        model.classifier.requires_grad_(True)
    if kind == "prompt":
        model.prompt = SoftPrompt(tokens=5, d=model.config.hidden_size)
    if kind == "lora":
        for block in model.bert.encoder.layer:
            own = block.attention.self
            own.query, own.value = LoRALinear(own.query, r, alpha), LoRALinear(own.value, r, alpha)
    return model


# %% added_first
"""adds first and freezes afterwards"""
def prepare(model, kind, r=4, alpha=8.0):
    old = {id(p) for p in model.bert.parameters()}
    if kind == "lora":
        for part in list(model.modules()):
            for child in ("query", "value"):
                if child in dict(part.named_children()):
                    setattr(part, child, LoRALinear(part._modules[child], r, alpha))
    if kind == "prompt":
        model.prompt = SoftPrompt(5, model.config.hidden_size)
    for parameter in model.parameters():
        if id(parameter) in old:
            parameter.requires_grad_(kind == "full")
    return model
