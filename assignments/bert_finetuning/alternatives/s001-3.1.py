# %% a_list_is_returned
"""a list instead of a tuple, and the backbone without return_dict"""
class BertForSentenceClassification(BertPreTrainedModel):
    """BERT with a linear layer on its pooled output.

    config.num_labels classes. self.bert: a BertModel; self.classifier: nn.Linear(hidden_size, num_labels).
    """

    def __init__(self, config):
        super().__init__(config)
        self.bert = BertModel(config)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        self.post_init()

    def forward(self, labels=None, **inputs):
        """inputs: what BERT takes (input_ids and attention_mask, (b, n)); labels: (b,) classes, or None.

        Returns (logits,) or, with labels, (logits, loss): raw logits (b, num_labels), mean cross-entropy.
        """
        logits = self.classifier(self.bert(**inputs, return_dict=False)[1])
        out = [logits]
        if labels is not None:
            out.append(F.cross_entropy(logits, labels))
        return tuple(out)


# %% dropout_before_the_head
"""dropout before the head, as the library's own class has it, is nothing in eval mode; loss written out"""
class BertForSentenceClassification(BertPreTrainedModel):
    """BERT with a linear layer on its pooled output.

    config.num_labels classes. self.bert: a BertModel; self.classifier: nn.Linear(hidden_size, num_labels).
    """

    def __init__(self, config):
        super().__init__(config)
        self.bert = BertModel(config)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        self.dropout = nn.Dropout(config.hidden_dropout_prob)
        self.post_init()

    def forward(self, labels=None, **inputs):
        """inputs: what BERT takes (input_ids and attention_mask, (b, n)); labels: (b,) classes, or None.

        Returns (logits,) or, with labels, (logits, loss): raw logits (b, num_labels), mean cross-entropy.
        """
        logits = self.classifier(self.dropout(self.bert(**inputs).pooler_output))
        if labels is None:
            return (logits,)
        picked = logits.log_softmax(dim=-1)[torch.arange(len(labels)), labels]
        return logits, -picked.mean()


# %% dropout_of_its_own
"""a fixed dropout before the head, arguments spelt out, loss on flattened logits"""
class BertForSentenceClassification(BertPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.num_labels = config.num_labels
        self.bert = BertModel(config, add_pooling_layer=True)
        self.dropout = nn.Dropout(0.1)
        self.classifier = nn.Linear(config.hidden_size, self.num_labels)
        self.post_init()

    def forward(self, input_ids=None, attention_mask=None, token_type_ids=None, position_ids=None, labels=None):
        found = self.bert(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids, position_ids=position_ids
        )
        logits = self.classifier(self.dropout(found.pooler_output))
        if labels is None:
            return (logits,)
        return logits, nn.CrossEntropyLoss()(logits.view(-1, self.num_labels), labels.view(-1))


# %% on_the_librarys_own_class
"""the library's classifier, its answer as a tuple"""
from transformers import BertForSequenceClassification

class BertForSentenceClassification(BertForSequenceClassification):
    def forward(self, labels=None, **inputs):
        found = super().forward(labels=labels, **inputs)
        return (found.logits,) if labels is None else (found.logits, found.loss)


# %% pooler_by_hand
"""the pooler applied by hand to the first token's vector"""
class BertForSentenceClassification(BertPreTrainedModel):
    """BERT with a linear layer on its pooled output.

    config.num_labels classes. self.bert: a BertModel; self.classifier: nn.Linear(hidden_size, num_labels).
    """

    def __init__(self, config):
        super().__init__(config)
        self.bert = BertModel(config)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        self.post_init()

    def forward(self, labels=None, **inputs):
        """inputs: what BERT takes (input_ids and attention_mask, (b, n)); labels: (b,) classes, or None.

        Returns (logits,) or, with labels, (logits, loss): raw logits (b, num_labels), mean cross-entropy.
        """
        first = self.bert(**inputs).last_hidden_state[:, 0]
        logits = self.classifier(torch.tanh(self.bert.pooler.dense(first)))
        if labels is None:
            return (logits,)
        return logits, F.cross_entropy(logits, labels)


# %% second_entry_of_the_output
"""the pooler's output is also entry 1 of what BERT returns, and the loss a module"""
class BertForSentenceClassification(BertPreTrainedModel):
    """BERT with a linear layer on its pooled output.

    config.num_labels classes. self.bert: a BertModel; self.classifier: nn.Linear(hidden_size, num_labels).
    """

    def __init__(self, config):
        super().__init__(config)
        self.bert = BertModel(config)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        self.post_init()

    def forward(self, labels=None, **inputs):
        """inputs: what BERT takes (input_ids and attention_mask, (b, n)); labels: (b,) classes, or None.

        Returns (logits,) or, with labels, (logits, loss): raw logits (b, num_labels), mean cross-entropy.
        """
        logits = self.classifier(self.bert(**inputs)[1])
        if labels is None:
            return (logits,)
        return logits, nn.CrossEntropyLoss()(logits, labels)
