"""
item: s001-3.3-load
cell: s001-3_3-load
why: the backbone's own configuration; parameters looked up under three prefixes
"""

def load_classifier(name, num_labels):
    backbone = AutoModel.from_pretrained(bert_models.folder(name))
    config = backbone.config
    config.num_labels = num_labels
    model = BertForSentenceClassification(config)
    model.bert = backbone
    return [model, bert_models.tokenizer(name)]


def loaded_fraction(model, checkpoint):
    own, hits = dict(model.bert.named_parameters()), 0
    for name, p in own.items():
        stored = [checkpoint[prefix + name] for prefix in ("", "bert.", "roberta.") if prefix + name in checkpoint]
        hits += any(value.shape == p.shape and torch.allclose(value, p, rtol=0, atol=0) for value in stored)
    return torch.tensor(hits / len(own))
