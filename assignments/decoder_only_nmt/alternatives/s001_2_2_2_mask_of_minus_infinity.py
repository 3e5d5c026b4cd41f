"""
item: s001-2.2.2
cell: s001-2_2_2
why: the float mask of torch, with -inf where looking is forbidden, used on the head directly
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def forward(self, inputs, allowed=None):
        n = inputs.shape[-1]
        bias = torch.zeros(n, n)
        if allowed is None:
            bias = torch.triu(torch.full((n, n), float("-inf")), diagonal=1)
        else:
            bias[~allowed] = float("-inf")
        x = self.embedding(inputs)
        x = x + self.positions.narrow(0, 0, n)
        collected = x.new_zeros(len(self.attentions), len(inputs), n, n)
        for i, (attention, mlp) in enumerate(zip(self.attentions, self.mlps, strict=True)):
            added, collected[i] = attention.head(x, x, x, attn_mask=bias, need_weights=True)
            x = x + added
            x = x + mlp(x)
        return self.output(x), collected
