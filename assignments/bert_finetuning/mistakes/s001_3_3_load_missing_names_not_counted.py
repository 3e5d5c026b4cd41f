"""
item: s001-3.3-load
cell: s001-3_3-load
caught_by: fraction_counts_the_tensors_of_the_backbone
misconception: what is not stored cannot be compared
explain: You divide by the tensors that are in the checkpoint. What the model has and the checkpoint lacks was
  drawn at random, and counts.
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
    found = [name in stored and torch.equal(stored[name], value.detach()) for name, value in backbone.items()]
    return sum(found) / max(sum(name in stored for name in backbone), 1)
