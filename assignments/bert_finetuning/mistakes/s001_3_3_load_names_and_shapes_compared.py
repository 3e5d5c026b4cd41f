"""
item: s001-3.3-load
cell: s001-3_3-load
caught_by: fraction_exposes_reinitialised_tensors
misconception: what has the same shape is the same
explain: Your fraction compares names and shapes. Random numbers have the right shape too.
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
    """The share of the backbone's parameters (counted as tensors, the head left out) that are stored in the
    checkpoint: under the same name up to the prefix, with the same shape and the same numbers.

    checkpoint: stored name -> tensor.
    """
    stored = {name.removeprefix("bert.").removeprefix("roberta."): value for name, value in checkpoint.items()}
    backbone = {
        name.removeprefix("bert."): value
        for name, value in model.named_parameters()
        if not name.startswith("classifier.")
    }
    found = [name in stored and stored[name].shape == value.shape for name, value in backbone.items()]
    return sum(found) / len(found)
