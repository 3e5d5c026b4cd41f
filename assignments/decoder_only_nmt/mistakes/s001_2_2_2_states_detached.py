"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: gradients_are_those_of_the_logits
misconception: what has been computed once can be cut off
explain: You detach the states between the layers. The logits are right, but the gradient ends there: the lower layers
  and the embeddings learn from what the last layer passes on, and you cut that.
"""


class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x.detach() + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
