"""The same steps and losses in PyTorch on one thread: reads a task from each line, prints its processor time in ms."""

import os
import sys
import time

for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.set_num_threads(1)
torch.manual_seed(0)
n, dim = 256, 512
eye = torch.eye(n)
far = 1e30


def vsepp_of(s, margin=0.2):
    own = s.diag()
    cost_rows = (margin + s - own[:, None]).clamp(min=0).masked_fill(torch.eye(len(s)) > 0, 0)
    cost_columns = (margin + s - own[None, :]).clamp(min=0).masked_fill(torch.eye(len(s)) > 0, 0)
    return cost_rows, cost_columns


def vsepp(a, b):
    rows, columns = vsepp_of(a @ b.T)
    return rows.max(1)[0].sum() + columns.max(0)[0].sum()


def vse0(a, b):
    rows, columns = vsepp_of(a @ b.T)
    return rows.sum() + columns.sum()



def devise(a, b):
    rows, _ = vsepp_of(a @ b.T, 0.1)
    return rows.sum()


def info_nce(a, b):
    logits = a @ b.T * scale.exp().clamp(max=100)
    target = torch.arange(len(a))
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2


def siglip(a, b):
    logits = a @ b.T * scale.exp() + bias
    return -F.logsigmoid((2 * eye - 1) * logits).sum() / n


def sup_con(a, b, temperature=0.1):
    x = torch.cat([a, b])
    both = torch.cat([labels, labels])
    others = 1 - torch.eye(2 * n)
    positives = (both[:, None] == both[None]).float() * others
    logits = x @ x.T / temperature
    log_p = logits - torch.logsumexp(logits.masked_fill(others == 0, -far), 1, keepdim=True)
    return -((positives * log_p).sum(1) / positives.sum(1)).mean()


def multi_similarity(a, b):
    s = a @ b.T - 0.5
    same = labels[:, None] == labels[None]
    zero = torch.zeros(n, 1)
    p = torch.logsumexp(torch.cat([(-2 * s).masked_fill(~same, -far), zero], 1), 1) / 2
    q = torch.logsumexp(torch.cat([(50 * s).masked_fill(same, -far), zero], 1), 1) / 50
    return (p + q).mean()


def circle(a, b, margin=0.4, gamma=80):
    s = a @ b.T
    same = labels[:, None] == labels[None]
    pull = (1 + margin - s.detach()).clamp(min=0)
    push = (s.detach() + margin).clamp(min=0)
    p = torch.logsumexp((gamma * pull * (1 - margin - s)).masked_fill(~same, -far), 1)
    q = torch.logsumexp((gamma * push * (s - margin)).masked_fill(same, -far), 1)
    return F.softplus(p + q).mean()


def triplet(a, b):
    d = torch.cdist(a, b)
    same = labels[:, None] == labels[None]
    positive = d.masked_fill(~same, -far).max(1)[0]
    negative = d.masked_fill(same, far).min(1)[0]
    return (positive - negative + 0.3).clamp(min=0).mean()


def standardized(x):
    c = x - x.mean(0)
    return c / c.square().mean(0).clamp(min=1e-24).sqrt()


def barlow_twins(a, b):
    c = standardized(a).T @ standardized(b) / n
    same = torch.eye(dim)
    return ((c - same).square() * (same * (1 - 5e-3) + 5e-3)).sum()


def vic_reg(a, b):
    def one(x):
        c = x - x.mean(0)
        hinge = (1 - (c.var(0) + 1e-4).sqrt()).clamp(min=0).mean()
        covariance = c.T @ c / (n - 1)
        return hinge, (covariance.square().sum() - covariance.diag().square().sum()) / dim

    (s1, c1), (s2, c2) = one(a), one(b)
    return 25 * F.mse_loss(a, b) + 25 * (s1 + s2) / 2 + c1 + c2


def uniformity(x):
    return torch.pdist(x).pow(2).mul(-2).exp().mean().log()


def alignment_uniformity(a, b):
    return (a - b).square().sum(1).mean() + (uniformity(a) + uniformity(b)) / 2


def deep_cca(a, b, ridge=1e-4):
    x, y = a.double() - a.double().mean(0), b.double() - b.double().mean(0)
    i = ridge * torch.eye(dim, dtype=torch.double)
    left = torch.linalg.cholesky(x.T @ x / (n - 1) + i)
    right = torch.linalg.cholesky(y.T @ y / (n - 1) + i)
    t = torch.linalg.solve_triangular(left, x.T @ y / (n - 1), upper=False)
    t = torch.linalg.solve_triangular(right, t.T, upper=False)
    return -torch.linalg.matrix_norm(t, "nuc")


rows_a, rows_b = F.normalize(torch.randn(n, dim)), F.normalize(torch.randn(n, dim))
for rows in (rows_a, rows_b):
    rows.requires_grad_()
scale = torch.tensor(2.6592, requires_grad=True)
bias = torch.tensor(-10.0, requires_grad=True)
labels = torch.arange(n) // 4


def of(loss):
    def task():
        for one in (rows_a, rows_b, scale, bias):
            one.grad = None
        loss(rows_a, rows_b).backward()

    return task


def products():
    with torch.no_grad():
        scores = rows_a @ rows_b.T
        scores @ rows_b
        scores.T @ rows_a


class Gru(nn.Module):
    """VSE++ over features, its sizes those of `pytorch-steps.ts`."""

    def __init__(self, vocabulary=4000, word=300, hidden=512, features=1024):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, word)
        self.rnn = nn.GRU(word, hidden, batch_first=True)
        self.fc = nn.Linear(features, hidden)

    def forward(self, features, ids, lengths):
        packed = pack_padded_sequence(self.embed(ids), lengths, batch_first=True)
        states, _ = pad_packed_sequence(self.rnn(packed)[0], batch_first=True)
        last = states[torch.arange(len(ids)), lengths - 1]
        return F.normalize(self.fc(features)), F.normalize(last)


def gru():
    model = Gru()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-4)
    lengths = torch.tensor(sorted((7 + i % 10 for i in range(128)), reverse=True))
    ids = torch.randint(4, 4000, (128, int(lengths.max())))
    features = torch.rand(128, 1024)

    def task():
        optimizer.zero_grad()
        vsepp(*model(features, ids, lengths)).backward()
        optimizer.step()

    return task


class Cnn(nn.Module):
    def __init__(self, widths=(32, 64, 128), out=128):
        super().__init__()
        units = []
        for i, width in enumerate(widths):
            units += [nn.Conv2d(([3] + list(widths))[i], width, 3, 2, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
        self.units = nn.Sequential(*units)
        self.head = nn.Linear(widths[-1], out)

    def forward(self, x):
        return self.head(self.units(x).mean((2, 3)))


class Transformer(nn.Module):
    def __init__(self, vocabulary=4000, width=256, length=32, out=128):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(0.01 * torch.randn(length, width))
        layer = nn.TransformerEncoderLayer(width, 4, 4 * width, 0, "gelu", batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)
        self.head = nn.Parameter(width**-0.5 * torch.randn(width, out))
        self.register_buffer("mask", torch.full((length, length), float("-inf")).triu(1))

    def forward(self, ids, at):
        x = self.blocks(self.embed(ids) + self.positions, mask=self.mask, is_causal=True)
        return self.norm(x)[torch.arange(len(ids)), at] @ self.head


def cnn_transformer():
    cnn, text = Cnn(), Transformer()
    log_scale = nn.Parameter(torch.tensor(2.6592))
    optimizer = torch.optim.AdamW([*cnn.parameters(), *text.parameters(), log_scale], lr=2e-4)
    pixels = torch.randn(32, 3, 64, 64)
    ids = torch.randint(4, 4000, (32, 32))
    at = torch.tensor([7 + i % 10 for i in range(32)])
    target = torch.arange(32)

    def task():
        optimizer.zero_grad()
        logits = F.normalize(cnn(pixels)) @ F.normalize(text(ids, at)).T * log_scale.exp().clamp(max=100)
        ((F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2).backward()
        optimizer.step()

    return task


losses = {
    "vse0": vse0,
    "vsepp": vsepp,
    "chunkedVsepp": vsepp,
    "devise": devise,
    "infoNce": info_nce,
    "chunkedInfoNce": info_nce,
    "siglip": siglip,
    "chunkedSiglip": siglip,
    "supCon": sup_con,
    "multiSimilarity": multi_similarity,
    "circle": circle,
    "batchHardTriplet": triplet,
    "barlowTwins": barlow_twins,
    "vicReg": vic_reg,
    "alignmentUniformity": alignment_uniformity,
    "deepCca": deep_cca,
}
tasks = {"products": products, **{name: of(loss) for name, loss in losses.items()}}
steps = {"gru": gru, "cnnTransformer": cnn_transformer}
for line in sys.stdin:
    name = line.strip()
    if name not in tasks:
        tasks[name] = steps[name]()
    before = time.process_time()
    tasks[name]()
    print(1000 * (time.process_time() - before), flush=True)
