"""
item: s000-5.1.9b
cell: s000-5_1_9b
why: a tensor and cat
"""

def perplexity_log(log):
    rows = torch.tensor([[float(value) for value in row] for row in log], dtype=torch.float64)
    return torch.cat([rows[:, :1], rows[:, 1:].exp()], dim=1).tolist()
