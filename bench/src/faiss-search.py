"""Flat indexes of faiss on one thread, beside bench:stores and bench:search: `python3 faiss-search.py 100000`. Needs faiss-cpu and numpy."""

import sys
import time

import faiss
import numpy

n, dim, k, rounds = int(sys.argv[1]), 512, 10, 15
faiss.omp_set_num_threads(1)
random = numpy.random.default_rng(1)
centres = random.standard_normal((500, dim), dtype=numpy.float32)
rows = random.standard_normal((n, dim), dtype=numpy.float32) * 0.58 + centres[numpy.arange(n) % 500]
faiss.normalize_L2(rows)
queries = random.standard_normal((rounds, dim), dtype=numpy.float32) * 0.58 + centres[:rounds]
faiss.normalize_L2(queries)


def measure(label, index, **options):
    index.add(rows)
    times = []
    for query in queries:
        start = time.process_time()
        index.search(query[None], k, **options)
        times.append(1000 * (time.process_time() - start))
    print(f"{label}: median {numpy.median(times):.2f} ms, least {min(times):.2f} ms")


def passing(share):
    ids = numpy.flatnonzero(numpy.arange(n) % 100 < share)
    return {"params": faiss.SearchParameters(sel=faiss.IDSelectorBatch(ids))}


print(f"faiss {faiss.__version__}, {n} x {dim}, best {k} of one query, processor time")
measure("float32", faiss.IndexFlatIP(dim))
measure("float32, 1 % pass", faiss.IndexFlatIP(dim), **passing(1))
measure("float32, 10 % pass", faiss.IndexFlatIP(dim), **passing(10))
quantized = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
quantized.train(rows[:10_000])
measure("SQ8", quantized)
