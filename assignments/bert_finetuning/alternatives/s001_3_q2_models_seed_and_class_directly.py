"""
item: s001-3.Q2-models
cell: s001-3_Q2-models
why: the class's own from_pretrained after torch.manual_seed
"""

def tuned_on(size, seed):
    def start():
        torch.manual_seed(seed)
        return BertForSentenceClassification.from_pretrained(bert_models.folder(NAMES["math"]), num_labels=3)

    return run(
        label=f"math-{size}-{seed}", start=NAMES["math"], build=start,
        tokenizer=bert_models.tokenizer(NAMES["math"]), items=getattr(SPLIT, "few" if size < 640 else "train"), seed=seed,
    )
