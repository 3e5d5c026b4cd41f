"""
item: s001-3.3-load
cell: s001-3_3-load
caught_by: fraction_exposes_reinitialised_tensors
misconception: names that end alike are alike
explain: You compare how names end. A tensor of another part of the checkpoint may end like that too: compare the
  whole name after the prefix.
"""

def load_classifier(name, num_labels):
    """(model, tokenizer): your classifier on the stored backbone of `name`, of BERT's or of RoBERTa's kind.

    The model is read anew at every call: two of them share no memory.
    """
    where = bert_models.folder(name)
    config = AutoConfig.from_pretrained(where, num_labels=num_labels)
    model = BertForSentenceClassification(config)
    model.bert = AutoModel.from_pretrained(where)
    return model, bert_models.tokenizer(name)


def loaded_fraction(model, checkpoint):
    own = dict(model.bert.named_parameters())
    found = [
        any(key.endswith(name) and torch.equal(value, p.detach()) for key, value in checkpoint.items())
        for name, p in own.items()
    ]
    return sum(found) / len(found)
