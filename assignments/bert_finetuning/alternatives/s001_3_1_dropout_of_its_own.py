"""
item: s001-3.1
cell: s001-3_1
why: a fixed dropout before the head, arguments spelt out, loss on flattened logits
"""

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
