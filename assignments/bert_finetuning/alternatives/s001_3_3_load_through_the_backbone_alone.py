"""
item: s001-3.3-load
cell: s001-3_3-load
why: walks over model.bert's own parameters; weights copied into a fresh backbone
"""

def load_classifier(name, num_labels):
    """(model, tokenizer): your classifier on the stored backbone of `name`, of BERT's or of RoBERTa's kind.

    The model is read anew at every call: two of them share no memory.
    """
    where = bert_models.folder(name)
    config = AutoConfig.from_pretrained(where, num_labels=num_labels)
    model, loaded = BertForSentenceClassification(config), AutoModel.from_pretrained(where)
    model.bert = AutoModel.from_config(config)
    model.bert.load_state_dict(loaded.state_dict())
    return model, bert_models.tokenizer(name)


def loaded_fraction(model, checkpoint):
    """The share of the backbone's parameters (counted as tensors, the head left out) that are stored in the
    checkpoint: under the same name up to the prefix, with the same shape and the same numbers.

    checkpoint: stored name -> tensor.
    """
    stored = {name.removeprefix("bert.").removeprefix("roberta."): value for name, value in checkpoint.items()}
    hits = total = 0
    for name, value in model.bert.named_parameters():
        total += 1
        other = stored.get(name)
        hits += int(other is not None and other.shape == value.shape and bool((other == value).all()))
    return hits / total
