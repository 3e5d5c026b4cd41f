"""
item: s001-2.2.2
cell: s001-2_2_2
why: attention written out with einsum on the weights of the given head; the lowest float where looking is forbidden
"""

class DecoderOnlyTransformer(DecoderOnlyParts):
    def heard(self, layer, x, allowed):
        head = self.attentions[layer].head
        w, c = head.in_proj_weight.view(3, x.shape[-1], -1), head.in_proj_bias.view(3, 1, 1, -1)
        q, k, v = torch.einsum("bnh,pdh->pbnd", x, w) + c
        scores = torch.einsum("bid,bjd->bij", q, k) / x.shape[-1] ** 0.5
        scores = torch.where(allowed, scores, torch.finfo(scores.dtype).min)
        weights = scores.softmax(dim=2)
        return head.out_proj(torch.einsum("bij,bjd->bid", weights, v)), weights

    def forward(self, inputs, allowed=None):
        b, n = inputs.shape
        if allowed is None:
            allowed = ~torch.ones(n, n, dtype=torch.bool).triu(1)
        x = self.embedding(inputs)
        x += self.positions[None, :n]
        maps = torch.zeros(len(self.mlps), b, n, n)
        for layer, mlp in enumerate(self.mlps):
            context, maps[layer] = self.heard(layer, x, allowed)
            x = x.add(context)
            x = x.add(mlp(x))
        return self.output(x), maps
