"""
item: s000-5.1.9b
cell: s000-5_1_9b
why: columns turned one after the other and zipped again
"""

def perplexity_log(log):
    steps, *losses = zip(*log, strict=True)
    return list(zip(steps, *([math.e**loss for loss in column] for column in losses), strict=True))
