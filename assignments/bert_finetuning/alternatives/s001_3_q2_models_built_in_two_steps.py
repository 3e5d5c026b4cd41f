"""
item: s001-3.Q2-models
cell: s001-3_Q2-models
why: configuration and weights loaded separately
"""

def tuned_on(size, seed):
    where = bert_models.folder(NAMES["math"])

    def build():
        torch.manual_seed(seed)
        config = AutoConfig.from_pretrained(where, num_labels=3)
        model = BertForSentenceClassification(config)
        model.bert = BertModel.from_pretrained(where)
        return model

    chosen = SPLIT.few if size == 160 else SPLIT.train
    return run(f"math-{size}-{seed}", NAMES["math"], build, bert_models.tokenizer(NAMES["math"]), chosen, seed)
