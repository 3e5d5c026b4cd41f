"""
item: s001-3.1
cell: s001-3_1
caught_by: one_linear_layer_beside_the_backbone, logits_come_from_the_pooled_output,
  the_loss_is_the_mean_cross_entropy, the_loss_reaches_every_embedding_in_use,
  the_stored_backbone_is_found_by_name
misconception: names of attributes do not matter
explain: Your backbone is not called bert. Stored weights are found by name: from_pretrained would find none
  of them and draw random numbers instead.
"""

class BertForSentenceClassification(BertPreTrainedModel):
    """BERT with a linear layer on its pooled output.

    config.num_labels classes. self.bert: a BertModel; self.classifier: nn.Linear(hidden_size, num_labels).
    """

    def __init__(self, config):
        super().__init__(config)
        self.encoder = BertModel(config)
        self.classifier = nn.Linear(config.hidden_size, config.num_labels)
        self.post_init()

    def forward(self, labels=None, **inputs):
        """inputs: what BERT takes (input_ids and attention_mask, (b, n)); labels: (b,) classes, or None.

        Returns (logits,) or, with labels, (logits, loss): raw logits (b, num_labels), mean cross-entropy.
        """
        logits = self.classifier(self.encoder(**inputs).pooler_output)
        if labels is None:
            return (logits,)
        return logits, F.cross_entropy(logits, labels)
