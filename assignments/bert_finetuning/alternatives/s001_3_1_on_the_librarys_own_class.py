"""
item: s001-3.1
cell: s001-3_1
why: the library's classifier, its answer as a tuple
"""

from transformers import BertForSequenceClassification


class BertForSentenceClassification(BertForSequenceClassification):
    def forward(self, labels=None, **inputs):
        found = super().forward(labels=labels, **inputs)
        return (found.logits,) if labels is None else (found.logits, found.loss)
