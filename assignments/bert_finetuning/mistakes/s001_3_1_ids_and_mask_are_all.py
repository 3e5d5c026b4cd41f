"""
item: s001-3.1
cell: s001-3_1
caught_by: logits_come_from_the_pooled_output
misconception: BERT has two inputs
explain: Only ids and mask reach BERT. Token types and positions are inputs too: a caller who gives them is
  answered as if they had not been given.
"""

class BertForSentenceClassification(BertPreTrainedModel):
    """BERT with a linear layer on its pooled output.

    config.num_labels classes. self.bert: a BertModel; self.classifier: nn.Linear(hidden_size, num_labels).
    """

    def __init__(self, config):
        super().__init__(config)
        self.bert = BertModel(config)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        self.post_init()  # of transformers, stays last: draws what no checkpoint fills

    def forward(self, input_ids, attention_mask=None, token_type_ids=None, labels=None, **ignored):
        """inputs: what BERT takes (input_ids and attention_mask, (b, n)); labels: (b,) classes, or None.

        Returns (logits,) or, with labels, (logits, loss): raw logits (b, num_labels), mean cross-entropy.
        """
        logits = self.classifier(self.bert(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).pooler_output)
        if labels is None:
            return (logits,)
        return logits, F.cross_entropy(logits, labels)
