"""
item: s001-3.1
cell: s001-3_1
caught_by: logits_come_from_the_pooled_output, logits_are_raw_and_linear_in_the_head,
  without_labels_there_are_only_logits, hidden_padding_is_ignored_and_words_are_not
misconception: a tuple of one entry is the entry
explain: Without labels you return the tensor itself, not a tuple. Whoever takes entry 0 of it gets the
  first sentence only.
"""

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
        logits = self.classifier(self.bert(**inputs).pooler_output)
        if labels is None:
            return logits
        return logits, F.cross_entropy(logits, labels)
