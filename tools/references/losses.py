"""Values and gradients of further losses for packages/alignment/test/losses/more-losses.json, by PyTorch in double precision as
sentence-transformers defines them: python3 tools/references/losses.py > packages/alignment/test/losses/more-losses.json

Run by hand where Python is; nothing in the project needs it.
"""

import json

import torch
from torch.nn.functional import cross_entropy, normalize

torch.manual_seed(20261130)
torch.set_default_dtype(torch.float64)
n, d = 6, 8


def unit():
    return normalize(torch.round(torch.randn(n, d), decimals=3))


inputs = {name: unit() for name in ("a", "b", "negatives", "guide_a", "guide_b")}
inputs["b"] = normalize(inputs["b"] + 0.7 * inputs["a"])
inputs["guide_b"] = normalize(inputs["guide_b"] + 0.6 * inputs["guide_a"])
judged = [0.1, 0.9, 0.5, 0.5, 0.0, 1.0]
margins = [0.5, -0.2, 0.3, 0.0, 1.0, 0.1]
labels = [0, 1, 0, 2, 1, 0]
log_scale = 2.0


def ordered(scores, scale=20):
    scores = scores * scale
    differences = scores[:, None] - scores[None, :]
    truth = torch.tensor(judged)
    wrong = truth[:, None] < truth[None, :]
    return torch.logsumexp(torch.cat([torch.zeros(1), differences[wrong]]), 0)


def cosent(a, b):
    return ordered((a * b).sum(1))


def angle(a, b):
    (x, y), (u, v) = torch.chunk(a, 2, 1), torch.chunk(b, 2, 1)
    z = (u**2 + v**2).sum(1, keepdim=True)
    re, im = (x * u + y * v) / z, (y * u - x * v) / z
    ratio = (x**2 + y**2).sum(1, keepdim=True).sqrt() / z.sqrt()
    return ordered(torch.cat([re / ratio, im / ratio], 1).sum(1).abs())


def margin_mse(a, b, negatives):
    return (((a * b).sum(1) - (a * negatives).sum(1) - torch.tensor(margins)) ** 2).mean()


def gist(a, b, margin=0.0, kind="absolute", temperature=0.05):
    guide_a, guide_b = inputs["guide_a"], inputs["guide_b"]
    guided = [guide_a @ guide_b.T, guide_a @ guide_a.T, guide_b @ guide_b.T]
    own = guided[0].diagonal().view(-1, 1)
    limit = own - margin if kind == "absolute" else own * (1 - margin)
    scores = []
    for i, (mine, theirs) in enumerate(zip([a @ b.T, a @ a.T, b @ b.T], guided)):
        mask = theirs > limit
        if i == 0:
            mask = mask & ~torch.eye(n, dtype=torch.bool)
        scores.append(mine.masked_fill(mask, -torch.inf))
    return cross_entropy(torch.cat(scores, 1) / temperature, torch.arange(n))


def hard_negatives(a, b, negatives, symmetric=False):
    scale = torch.exp(torch.tensor(log_scale))
    scores = torch.cat([a @ b.T, a @ negatives.T], 1) * scale
    forward = cross_entropy(scores, torch.arange(n))
    if not symmetric:
        return forward
    return (forward + cross_entropy(scores[:, :n].T, torch.arange(n))) / 2


def distances(a, b):
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")


same = torch.tensor(labels)[:, None] == torch.tensor(labels)[None, :]


def batch_all(a, b, margin=0.3):
    d = distances(a, b)
    costs = d[:, :, None] - d[:, None, :] + margin
    valid = same[:, :, None] & ~same[:, None, :]
    costs = costs[valid & (costs > 0)]
    return costs.mean()


def semi_hard(a, b, margin=0.3):
    d = distances(a, b)
    costs = []
    for i in range(n):
        others = [k for k in range(n) if not same[i, k]]
        for j in range(n):
            if not same[i, j]:
                continue
            beyond = [k for k in others if d[i, k] > d[i, j]]
            k = min(beyond, key=lambda k: d[i, k]) if beyond else max(others, key=lambda k: d[i, k])
            costs.append(torch.relu(d[i, j] - d[i, k] + margin))
    return torch.stack(costs).mean()


cases = {
    "cosent": cosent,
    "angle": angle,
    "marginMse": margin_mse,
    "gist": gist,
    "gist, margin": lambda a, b: gist(a, b, margin=0.1),
    "gist, relative": lambda a, b: gist(a, b, margin=0.2, kind="relative"),
    "hardNegativeInfoNce": hard_negatives,
    "hardNegativeInfoNce, symmetric": lambda a, b, negatives: hard_negatives(a, b, negatives, symmetric=True),
    "batchAllTriplet": batch_all,
    "batchSemiHardTriplet": semi_hard,
}
out = {"inputs": {k: v.tolist() for k, v in inputs.items()}, "judged": judged, "margins": margins, "labels": labels}
out["logScale"] = log_scale
out["cases"] = {}
for name, loss in cases.items():
    takes = ("a", "b", "negatives") if name == "marginMse" or name.startswith("hardNegative") else ("a", "b")
    given = [inputs[k].clone().requires_grad_() for k in takes]
    value = loss(*given)
    value.backward()
    out["cases"][name] = {"loss": value.item(), "gradients": [x.grad.tolist() for x in given]}
print(json.dumps(out))
