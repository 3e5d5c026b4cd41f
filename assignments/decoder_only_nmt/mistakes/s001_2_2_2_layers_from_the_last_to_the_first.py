"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, attention_of_each_layer_comes_back
misconception: the last layer reads the words
explain: You go through the layers from the last to the first. Layer 1 reads the embeddings; the last layer is read by
  `output`.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions[::-1], self.mlps[::-1], strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
