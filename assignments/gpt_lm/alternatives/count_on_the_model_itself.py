"""
item: s000-5.1.9a-count
cell: s000-5_1_9a-count
why: counts the parameters of a model that is built for it
"""


def count_params(cfg, head=False):
    m = GPT(**cfg)
    return sum(p.numel() for k, p in m.named_parameters() if head or not k.startswith("head"))
