"""
item: s001-3.1
cell: s001-3_1
why: the pooler applied by hand to the first token's vector
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
        first = self.bert(**inputs).last_hidden_state[:, 0]
        logits = self.classifier(torch.tanh(self.bert.pooler.dense(first)))
        if labels is None:
            return (logits,)
        return logits, F.cross_entropy(logits, labels)
