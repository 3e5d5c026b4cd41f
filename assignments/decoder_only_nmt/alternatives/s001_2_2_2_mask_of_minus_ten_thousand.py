"""
item: s001-2.2.2
cell: s001-2_2_2
why: forbidden scores get a number that is low enough in practice
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[1]
        allowed = causal_mask(n) if allowed is None else allowed
        x = self.embedding(inputs) + self.positions[:n]
        looked = []
        for attention, mlp in zip(self.attentions, self.mlps, strict=True):
            head = attention.head
            q, k, v = nn.functional.linear(x, head.in_proj_weight, head.in_proj_bias).chunk(3, dim=-1)
            scores = q @ k.mT / q.shape[-1] ** 0.5
            weights = (scores + (1 - allowed.float()) * -1e4).softmax(dim=-1)
            x = x + head.out_proj(weights @ v)
            x = x + mlp(x)
            looked.append(weights)
        return self.output(x), torch.stack(looked)
