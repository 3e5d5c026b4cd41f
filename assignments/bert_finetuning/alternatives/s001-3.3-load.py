# %% branch_by_kind
"""the configuration's model type decides; BERT's kind through the class itself"""
def load_classifier(name, num_labels):
    """(model, tokenizer): your classifier on the stored backbone of `name`, of BERT's or of RoBERTa's kind.

    The model is read anew at every call: two of them share no memory.
    """
    where = bert_models.folder(name)
    config = AutoConfig.from_pretrained(where, num_labels=num_labels)
    if config.model_type == "bert":
        model = BertForSentenceClassification.from_pretrained(where, config=config)
    else:
        model = BertForSentenceClassification(config)
        model.bert = RobertaModel.from_pretrained(where)
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
    return float(torch.tensor(found).double().mean())


# %% configuration_of_the_backbone
"""the backbone's own configuration; parameters looked up under three prefixes"""
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


# %% through_the_backbone_alone
"""walks over model.bert's own parameters; weights copied into a fresh backbone"""
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


# %% tokenizer_by_the_library
"""AutoTokenizer directly; names cut by a regular expression"""
def load_classifier(name, num_labels):
    """(model, tokenizer): your classifier on the stored backbone of `name`, of BERT's or of RoBERTa's kind.

    The model is read anew at every call: two of them share no memory.
    """
    where = bert_models.folder(name)
    from transformers import AutoTokenizer

    model = BertForSentenceClassification(AutoConfig.from_pretrained(where, num_labels=num_labels))
    model.bert = AutoModel.from_pretrained(where, add_pooling_layer=True)
    return model.eval(), AutoTokenizer.from_pretrained(where)

def loaded_fraction(model, checkpoint):
    """The share of the backbone's parameters (counted as tensors, the head left out) that are stored in the
    checkpoint: under the same name up to the prefix, with the same shape and the same numbers.

    checkpoint: stored name -> tensor.
    """
    import re

    stored = {re.sub("^(bert|roberta)[.]", "", name): value for name, value in checkpoint.items()}
    backbone = {
        name.removeprefix("bert."): value
        for name, value in model.named_parameters()
        if not name.startswith("classifier.")
    }
    found = [name in stored and torch.equal(stored[name], value.detach()) for name, value in backbone.items()]
    return sum(found) / len(found)
