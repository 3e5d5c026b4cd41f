"""
item: s001-4.2
cell: s001-4_2
caught_by: the_log_tells_how_likely_they_were
misconception: prob belongs to the target
explain: The probabilities in your log are those of your picture. An entry holds that of the picture that was
  picked.
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
_p = clip_probs(clip.embed_texts(tries), gallery_emb, clip.logit_scale)[:, my_target]
log = [{**try_caption(caption, my_target), "prob": float(_p[k])} for k, caption in enumerate(tries)]
