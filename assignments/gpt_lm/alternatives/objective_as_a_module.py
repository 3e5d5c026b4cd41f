"""
item: s004-1.06
cell: s004-1_06
why: nn.CrossEntropyLoss as a module, sums divided by counts
"""

def lm_forward(model, tokens):
    x, y = tokens[:, :-1].contiguous(), tokens[:, 1:].contiguous()
    logits = model(x)
    total = nn.CrossEntropyLoss(reduction="sum")(logits.view(-1, logits.size(-1)), y.view(-1))
    return logits, total / y.numel()
