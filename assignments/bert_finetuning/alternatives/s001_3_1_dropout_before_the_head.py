"""
item: s001-3.1
cell: s001-3_1
why: dropout before the head, as the library's own class has it, is nothing in eval mode; loss written out
"""

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
