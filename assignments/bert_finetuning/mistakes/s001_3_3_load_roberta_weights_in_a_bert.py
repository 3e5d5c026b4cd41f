"""
item: s001-3.3-load
cell: s001-3_3-load
caught_by: stored_numbers_of_a_roberta_arrive
misconception: the kinds differ in names only
explain: You put RoBERTa's numbers into a BERT by renaming them. They arrive, but RoBERTa counts positions
  from 2: every word is read with the position of another one.
"""

def load_classifier(name, num_labels):
    """(model, tokenizer): your classifier on the stored backbone of `name`, of BERT's or of RoBERTa's kind.

    The model is read anew at every call: two of them share no memory.
    """
    where = bert_models.folder(name)
    config = AutoConfig.from_pretrained(where, num_labels=num_labels)
    model = BertForSentenceClassification(config)
    stored = {n.removeprefix("bert.").removeprefix("roberta."): v for n, v in bert_models.weights(name).items()}
    model.bert.load_state_dict({n: v for n, v in stored.items() if n in model.bert.state_dict()}, strict=False)
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
    return sum(found) / len(found)
