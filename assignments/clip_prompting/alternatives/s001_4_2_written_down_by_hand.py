"""
item: s001-4.2
cell: s001-4_2
why: literals with two digits, as copied from what the playground printed
"""

tries = None
winning_caption = "two large orange boxes"
log = [
    {"caption": "two big orange squares", "picked": 258, "prob": 0.32, "rank": 3},
    {"caption": "two large orange square", "picked": 347, "prob": 0.43, "rank": 2},
    {"caption": "two large orange boxes", "picked": 31, "prob": 0.35, "rank": 1},
    {"caption": "two large tangerine tiles", "picked": 31, "prob": 0.38, "rank": 1},
    try_caption("two goldfish", my_target),
    try_caption("orange", my_target),
]
