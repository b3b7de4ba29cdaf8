"""Values of further CCA variants for packages/alignment/test/cca/more-variants.json, by scikit-learn and plain numpy in double
precision: python3 tools/references/cca_variants.py > packages/alignment/test/cca/more-variants.json

Run by hand where Python is; nothing in the project needs it.
"""

import json
from itertools import product

import numpy as np
from numpy.linalg import cholesky, eigh, inv, norm, solve, svd
from sklearn.cross_decomposition import PLSSVD
from sklearn.kernel_approximation import Nystroem

rng = np.random.default_rng(20261130)
n = 40
z = rng.normal(size=(n, 2))
x = np.round(z @ rng.normal(size=(2, 5)) + rng.normal(size=(n, 5)) + 3, 3)
y = np.round(z @ rng.normal(size=(2, 4)) + rng.normal(size=(n, 4)) - 2, 3)
w = np.round(np.abs(z) @ rng.normal(size=(2, 3)) + rng.normal(size=(n, 3)), 3)


def signed(a, *others):
    """Columns of the first with their entries of largest magnitude positive, the others turned with them."""
    signs = np.sign(a[np.abs(a).argmax(0), np.arange(a.shape[1])])
    return [m * signs for m in (a, *others)]


def covariances(a, b):
    joint = np.cov(a, b, rowvar=False)
    p = a.shape[1]
    return joint[:p, :p], joint[p:, p:], joint[:p, p:]


def cca(a, b, ridge=(0, 0)):
    sxx, syy, sxy = covariances(a, b)
    lx, ly = cholesky(sxx + ridge[0] * np.eye(len(sxx))), cholesky(syy + ridge[1] * np.eye(len(syy)))
    u, rho, vt = svd(solve(lx, sxy) @ inv(ly).T, full_matrices=False)
    return (rho, *signed(solve(lx.T, u), solve(ly.T, vt.T)))


out = {"x": x.tolist(), "y": y.tolist(), "w": w.tolist()}

# Partial least squares.
fit = PLSSVD(n_components=3, scale=False).fit(x, y)
u, v = signed(fit.x_weights_, fit.y_weights_)
projected = (x - x.mean(0)) @ u, (y - y.mean(0)) @ v
values = [(a * b).sum() / (n - 1) for a, b in zip(projected[0].T, projected[1].T)]
out["pls"] = {"values": values, "u": u.tolist(), "v": v.tolist()}

# Sparse CCA: soft thresholds found exactly, on the sorted magnitudes.


def within(a, bound):
    """argmax of a·u with |u|2 = 1, |u|1 <= bound."""
    if np.abs(a).sum() / norm(a) <= bound:
        return a / norm(a)
    sizes = np.append(np.sort(np.abs(a))[::-1], 0)
    for k in range(1, len(a) + 1):  # the k largest differ from 0
        low, high = sizes[k], sizes[k - 1]
        # (s1 - k t)^2 = bound^2 (s2 - 2 t s1 + k t^2)
        s1, s2 = sizes[:k].sum(), (sizes[:k] ** 2).sum()
        for t in np.roots([k * k - bound**2 * k, -2 * k * s1 + 2 * bound**2 * s1, s1**2 - bound**2 * s2]):
            if np.isreal(t) and low <= t.real + 1e-15 and t.real < high:
                shrunk = np.sign(a) * np.maximum(np.abs(a) - t.real, 0)
                if abs(np.abs(shrunk).sum() / norm(shrunk) - bound) < 1e-9:
                    return shrunk / norm(shrunk)
    raise ValueError("no threshold")


def sparse(k, penalties, components):
    k = k.copy()
    bounds = [max(1, c * np.sqrt(size)) for c, size in zip(penalties, k.shape)]
    us, vs, ds = [], [], []
    for _ in range(components):
        v = svd(k)[2][0]
        for _ in range(20000):
            u = within(k @ v, bounds[0])
            new = within(k.T @ u, bounds[1])
            done = norm(new - v) < 1e-15
            v = new
            if done:
                break
        d = u @ k @ v
        us, vs, ds = us + [u], vs + [v], ds + [d]
        k -= d * np.outer(u, v)
    return np.array(ds), *signed(np.array(us).T, np.array(vs).T)


d, u, v = sparse(covariances(x, y)[2], (0.7, 0.75), 2)
out["sparse"] = {"penalties": [0.7, 0.75], "values": d.tolist(), "u": u.tolist(), "v": v.tolist()}

# Low-rank kernel CCA: features by landmarks, then linear CCA.
gamma, landmarks = 0.05, 6
features = []
for rows in (x, y):
    # Nystroem draws its landmarks; fitted to those alone it takes all of them, in an order of its own.
    fit = Nystroem(gamma=gamma, n_components=landmarks, random_state=0).fit(rows[:landmarks])
    features.append(fit.transform(rows))
products = [(f @ f.T)[:3].tolist() for f in features]
out["nystrom"] = {
    "gamma": gamma,
    "landmarks": landmarks,
    "products": products,
    "values": cca(*features, (1e-3, 1e-3))[0][:3].tolist(),
    "ridge": 1e-3,
}

# Probabilistic CCA, Bach and Jordan 2005: what is common, given one view or both, by conditioning of the joint Gaussian.
rho, a, b = cca(x, y)
k = 2
sxx, syy, sxy = covariances(x, y)
wx, wy = sxx @ a[:, :k] * np.sqrt(rho[:k]), syy @ b[:, :k] * np.sqrt(rho[:k])
psi_x, psi_y = sxx - wx @ wx.T, syy - wy @ wy.T
both = np.vstack([wx, wy])
joint = both @ both.T + np.block([[psi_x, np.zeros_like(sxy)], [np.zeros_like(sxy.T), psi_y]])
deviations = np.hstack([x - x.mean(0), y - y.mean(0)])
out["probabilistic"] = {
    "components": k,
    "loadings": [wx.tolist(), wy.tolist()],
    "noise": [psi_x.tolist(), psi_y.tolist()],
    "given_x": (deviations[:4, :5] @ solve(sxx, wx)).tolist(),
    "given_y": (deviations[:4, 5:] @ solve(syy, wy)).tolist(),
    "given_both": (deviations[:4] @ solve(joint, both)).tolist(),
    "variance_one": np.diag(np.eye(k) - wx.T @ solve(sxx, wx)).tolist(),
    "variance_both": np.diag(np.eye(k) - both.T @ solve(joint, both)).tolist(),
}

# A ridge by cross-validation: rows i, i + 4, i + 8, … are fold i.
parts = [0.01, 0.1, 1, 10]
folds = [np.arange(i, n, 4) for i in range(4)]


def relative(a, part):
    return part * np.trace(np.cov(a, rowvar=False)) / a.shape[1]


def score(px, py, components=2):
    total = 0
    for held in folds:
        rest = np.setdiff1d(np.arange(n), held)
        _, a, b = cca(x[rest], y[rest], (relative(x[rest], px), relative(y[rest], py)))
        total += sum(np.corrcoef(x[held] @ a[:, i], y[held] @ b[:, i])[0, 1] for i in range(components))
    return total / len(folds)


together = [score(p, p) for p in parts]
each = [score(p, q) for p, q in product(parts, parts)]
best = list(product(parts, parts))[int(np.argmax(each))]
out["ridge"] = {
    "parts": parts,
    "together": together,
    "separately": each,
    "best": list(best),
    "ridge": [relative(x, best[0]), relative(y, best[1])],
}

# Tensor CCA of three views: the covariance tensor is built, and products of directions found by alternating least squares from
# random beginnings, of which the best counts.
whitened = []
roots = []
for view in (x, y, w):
    lower = cholesky(np.cov(view, rowvar=False))
    roots.append(inv(lower).T)
    whitened.append((view - view.mean(0)) @ roots[-1])
tensor = np.einsum("ni,nj,nk->ijk", *whitened) / (n - 1)


def products_of(components, tries):
    best = None
    for _ in range(tries):
        factors = [rng.normal(size=(size, components)) for size in tensor.shape]
        for _ in range(3000):
            for mode, path in enumerate(("ijk,jr,kr->ir", "ijk,ir,kr->jr", "ijk,ir,jr->kr")):
                others = [f for i, f in enumerate(factors) if i != mode]
                gram = (others[0].T @ others[0]) * (others[1].T @ others[1])
                factors[mode] = np.einsum(path, tensor, *others) @ inv(gram)
                lengths = norm(factors[mode], axis=0)
                factors[mode] = factors[mode] / lengths
        error = norm(tensor - np.einsum("ir,jr,kr,r->ijk", *factors, lengths))
        if best is None or error < best[0] - 1e-12:
            best = error, factors, lengths
    return best


error, factors, lengths = products_of(1, 30)
weights = [root @ factor for root, factor in zip(roots, factors)]
for i in (0, 1):
    sign = np.sign(weights[i][np.abs(weights[i]).argmax()])
    weights[i], weights[2] = weights[i] * sign, weights[2] * sign
out["tensor"] = {"value": lengths.tolist(), "weights": [m[:, 0].tolist() for m in weights], "error": error}
error, factors, lengths = products_of(2, 30)
out["tensor_two"] = {"values": sorted(lengths.tolist(), reverse=True), "error": error, "norm": norm(tensor)}

# Deep generalised CCA: the sum of eigenvalues, and its slopes by central differences.
views = [x, y, w]
ridge = 0.05


def agreement(views, components=2):
    total = 0
    for view in views:
        centred = view - view.mean(0)
        gram = centred.T @ centred + (n - 1) * ridge * np.eye(view.shape[1])
        total = total + centred @ solve(gram, centred.T)
    return -eigh(total)[0][-components:].sum()


slopes = []
for i, view in enumerate(views):
    grid = np.zeros((3, view.shape[1]))
    for row, column in product(range(3), range(view.shape[1])):
        changed = [v.copy() for v in views]
        h = 1e-5
        changed[i][row, column] += h
        above = agreement(changed)
        changed[i][row, column] -= 2 * h
        grid[row, column] = (above - agreement(changed)) / (2 * h)
    slopes.append(grid.tolist())
out["deep_gcca"] = {"ridge": ridge, "loss": agreement(views), "slopes_first3rows": slopes}

print(json.dumps(out))
