"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas
misconception: every layer reads the words anew
explain: In your later layers, queries look at the embeddings instead of the states that the layer before
  has made. Queries, keys and values are all x.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked, words = [], x
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, words, words, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
