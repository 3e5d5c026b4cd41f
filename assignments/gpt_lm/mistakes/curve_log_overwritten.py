"""
item: s000-5.1.9b
cell: s000-5_1_9b
caught_by: perplexities_leave_the_log_alone
misconception: the log of losses is no longer needed
explain: You write the perplexities into the log of losses. It belongs to the caller, who still needs it.
"""

def perplexity_log(log):
    for row in log:
        if isinstance(row, list):
            row[1], row[2] = ppl(row[1]), ppl(row[2])
    return [row if isinstance(row, list) else (row[0], ppl(row[1]), ppl(row[2])) for row in log]
