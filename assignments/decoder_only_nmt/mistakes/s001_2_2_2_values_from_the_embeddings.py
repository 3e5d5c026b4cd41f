"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas
misconception: what is looked up are always the words themselves
explain: In your later layers, queries and keys are states, but the values are still the embeddings. Queries, keys and
  values are all x.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        words = x
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, words, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
