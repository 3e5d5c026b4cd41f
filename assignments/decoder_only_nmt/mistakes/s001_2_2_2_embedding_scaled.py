"""
item: s001-2.2.2
cell: s001-2_2_2
caught_by: forward_agrees_with_the_formulas, states_pass_through_constant_layers
misconception: embeddings are multiplied by sqrt(h), as in the first Transformer
explain: You scale the embeddings. Some models do; this one adds embedding and position code as they are.
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) * self.embedding.embedding_dim**0.5 + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            context, weights = attention(x, x, x, allowed)
            x = x + context
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
