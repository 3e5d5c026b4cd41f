"""
item: s001-3.1
cell: s001-3_1
caught_by: logits_come_from_the_pooled_output, the_loss_is_the_mean_cross_entropy,
  the_loss_reaches_every_embedding_in_use
misconception: pooler_output is the first token's last vector
explain: You read the first token's last vector directly. The pooler takes it through one more layer and a
  tanh; it is that output the head should see.
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
        logits = self.classifier(self.bert(**inputs).last_hidden_state[:, 0])
        if labels is None:
            return (logits,)
        return logits, F.cross_entropy(logits, labels)
