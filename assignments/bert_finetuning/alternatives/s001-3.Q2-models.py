# %% a_finished_model_per_call
"""the model is built at once and handed over by a function"""
def tuned_on(size, seed):
    name = NAMES["math"]
    model, tokenizer = pre_trained(name, num_labels=3, seed=seed), bert_models.tokenizer(name)
    if size == 160:
        return run(f"math-160-{seed}", name, lambda: model, tokenizer, SPLIT.few, seed, RATE)
    return run(f"math-640-{seed}", name, lambda: model, tokenizer, SPLIT.train, seed, RATE)


# %% built_in_two_steps
"""configuration and weights loaded separately"""
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


# %% seed_and_class_directly
"""the class's own from_pretrained after torch.manual_seed"""
def tuned_on(size, seed):
    def start():
        torch.manual_seed(seed)
        return BertForSentenceClassification.from_pretrained(bert_models.folder(NAMES["math"]), num_labels=3)

    return run(
        label=f"math-{size}-{seed}", start=NAMES["math"], build=start,
        tokenizer=bert_models.tokenizer(NAMES["math"]), items=getattr(SPLIT, "few" if size < 640 else "train"), seed=seed,
    )
