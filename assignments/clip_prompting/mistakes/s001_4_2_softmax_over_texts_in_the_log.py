"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_tells_how_likely_they_were
misconception: the captions share the probability
explain: The probabilities in your log sum to 1 over your captions. Each try is about 500 pictures: they share
  the probability of one caption.
"""

tries = [
    "two big orange squares",
    "two big orange boxes",
    "two large orange square",
    "two huge orange squares",
    "a picture of two large orange boxes",
    "two large orange boxes",
    "two large tangerine tiles",
]
winning_caption = "two large tangerine tiles"
_p = clip_probs(gallery_emb[[my_target]], clip.embed_texts(tries), clip.logit_scale)[0]
log = [{**try_caption(caption, my_target), "prob": float(_p[k])} for k, caption in enumerate(tries)]
