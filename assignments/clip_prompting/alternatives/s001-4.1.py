# %% by_differences_of_logits
"""probabilities as one over a sum of exponentials of differences; scale as a tensor"""
def similarity_matrix(image_emb, text_emb):
    gram = image_emb.matmul(text_emb.t())
    return gram.div(image_emb.norm(p=2, dim=1).unsqueeze(1)).div(text_emb.norm(p=2, dim=1).unsqueeze(0))

def clip_probs(image_emb, text_emb, logit_scale):
    c = similarity_matrix(image_emb, text_emb)
    return 1 / torch.exp(logit_scale * (c[:, None, :] - c[:, :, None])).sum(dim=2)


# %% cosine_similarity_by_broadcasting
"""torch.cosine_similarity over pairs"""
def similarity_matrix(image_emb, text_emb):
    return torch.cosine_similarity(image_emb[:, None], text_emb[None], dim=-1)


# %% divide_afterwards
"""inner products first, then the lengths; an epsilon far below them"""
def similarity_matrix(image_emb, text_emb):
    lengths = torch.outer(image_emb.norm(dim=1), text_emb.norm(dim=1))
    return image_emb @ text_emb.T / (lengths + 1e-12)

def clip_probs(image_emb, text_emb, logit_scale):
    return (float(logit_scale) * similarity_matrix(image_emb, text_emb)).softmax(-1)


# %% double_precision_inside
"""computed in float64, handed back in the dtype of the inputs"""
def similarity_matrix(image_emb, text_emb):
    a, b = image_emb.double(), text_emb.double()
    return ((a / a.norm(dim=1, keepdim=True)) @ (b / b.norm(dim=1, keepdim=True)).T).to(image_emb.dtype)


# %% from_distances
"""from distances between directions: |a - b|^2 = 2 - 2 cos"""
def similarity_matrix(image_emb, text_emb):
    images = image_emb / image_emb.pow(2).sum(1, keepdim=True).sqrt()
    texts = text_emb / text_emb.pow(2).sum(1, keepdim=True).sqrt()
    return 1 - (images[:, None] - texts).pow(2).sum(-1) / 2

def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(similarity_matrix(image_emb, text_emb) * logit_scale, -1)


# %% functional_normalize
"""torch.nn.functional.normalize, einsum, and log-softmax"""
def similarity_matrix(image_emb, text_emb):
    unit = torch.nn.functional.normalize
    return torch.einsum("id,jd->ij", unit(image_emb, dim=-1), unit(text_emb, dim=-1))

def clip_probs(image_emb, text_emb, logit_scale):
    return torch.nn.functional.log_softmax(logit_scale * similarity_matrix(image_emb, text_emb), dim=-1).exp()


# %% gradients_off
"""both under no_grad, with inputs that may ask for gradients"""
@torch.no_grad()
def similarity_matrix(image_emb, text_emb):
    images = image_emb.clone()
    images /= images.norm(dim=-1, keepdim=True)
    texts = text_emb.clone()
    texts /= texts.norm(dim=-1, keepdim=True)
    return images.mm(texts.t())

@torch.no_grad()
def clip_probs(image_emb, text_emb, logit_scale):
    logits = similarity_matrix(image_emb, text_emb)
    logits *= logit_scale
    logits -= logits.max(dim=1, keepdim=True).values
    return logits.exp_().div_(logits.sum(dim=1, keepdim=True))


# %% lists_and_loops
"""loops over pairs, softmax by hand with the largest logit taken off, each function by itself"""
def similarity_matrix(image_emb, text_emb):
    rows = [[torch.dot(a, b) / (a.norm() * b.norm()) for b in text_emb] for a in image_emb]
    return torch.stack([torch.stack(row) for row in rows])

def clip_probs(image_emb, text_emb, logit_scale):
    logits = similarity_matrix(image_emb, text_emb) * logit_scale
    weight = (logits - logits.amax(dim=1, keepdim=True)).exp()
    return weight / weight.sum(dim=1, keepdim=True)


# %% modules
"""torch.nn.CosineSimilarity and torch.nn.Softmax"""
def similarity_matrix(image_emb, text_emb):
    return torch.nn.CosineSimilarity(dim=2)(image_emb.unsqueeze(1), text_emb.unsqueeze(0))

def clip_probs(image_emb, text_emb, logit_scale):
    scale = torch.as_tensor(logit_scale, dtype=image_emb.dtype, device=image_emb.device)
    return torch.nn.Softmax(dim=1)(similarity_matrix(image_emb, text_emb).mul(scale))


# %% numpy_inside
"""computed in numpy, handed back as tensors of the same dtype"""
import numpy

def similarity_matrix(image_emb, text_emb):
    a, b = image_emb.detach().cpu().numpy(), text_emb.detach().cpu().numpy()
    cosines = a @ b.T / numpy.outer(numpy.linalg.norm(a, axis=1), numpy.linalg.norm(b, axis=1))
    return torch.from_numpy(cosines).to(image_emb)

def clip_probs(image_emb, text_emb, logit_scale):
    logits = float(logit_scale) * similarity_matrix(image_emb, text_emb).numpy()
    weights = numpy.exp(logits - logits.max(axis=1, keepdims=True))
    return torch.from_numpy(weights / weights.sum(axis=1, keepdims=True)).to(image_emb)


# %% one_gram_matrix_in_inference_mode
"""one matrix of inner products holds the squared lengths on its diagonal; a bound of 1e-12 below them"""
@torch.inference_mode()
def similarity_matrix(image_emb, text_emb):
    both = torch.cat([image_emb, text_emb])
    products = both @ both.T
    weight = products.diagonal().clamp(min=1e-12).rsqrt()
    return (weight[:, None] * products * weight)[: len(image_emb), len(image_emb) :]

@torch.inference_mode()
def clip_probs(image_emb, text_emb, logit_scale):
    logits = logit_scale * similarity_matrix(image_emb, text_emb)
    return torch.stack([row.softmax(0) for row in logits])


# %% one_text_at_a_time
"""a loop over texts with functional cosine_similarity; log-sum-exp by hand"""
def similarity_matrix(image_emb, text_emb):
    return torch.stack([torch.nn.functional.cosine_similarity(image_emb, text, dim=-1) for text in text_emb], dim=1)

def clip_probs(image_emb, text_emb, logit_scale):
    logits = logit_scale * similarity_matrix(image_emb, text_emb)
    return (logits - logits.logsumexp(dim=-1, keepdim=True)).exp()


# %% roots_of_both_lengths
"""normalises by rsqrt with a clamp far below the lengths; vmap over pictures"""
def _unit(x):
    return x * x.square().sum(-1, keepdim=True).clamp_min(1e-24).rsqrt()

def similarity_matrix(image_emb, text_emb):
    return torch.vmap(lambda a: torch.mv(_unit(text_emb), a))(_unit(image_emb))

def clip_probs(image_emb, text_emb, logit_scale):
    return torch.vmap(lambda row: row.softmax(0))(logit_scale * similarity_matrix(image_emb, text_emb))


# %% small_epsilon
"""an epsilon of 1e-8 beside each length"""
def similarity_matrix(image_emb, text_emb):
    images = image_emb / (image_emb.norm(dim=-1, keepdim=True) + 1e-8)
    texts = text_emb / (text_emb.norm(dim=-1, keepdim=True) + 1e-8)
    return images @ texts.T


# %% texts_first_and_turned
"""the table of texts by pictures, turned; softmax over its first axis before turning"""
def similarity_matrix(image_emb, text_emb):
    unit = torch.nn.functional.normalize
    return (unit(text_emb) @ unit(image_emb).mT).mT

def clip_probs(image_emb, text_emb, logit_scale):
    return torch.softmax(similarity_matrix(image_emb, text_emb).T * logit_scale, dim=0).T
