"""Searches of faiss on one thread: rows of float32 from a file; the number of a query from each line. Needs faiss-cpu and numpy.

Prints the processor time of the search in ms and the rows that it found.
"""

import sys
import time

import faiss
import numpy

path, dim, k, kind = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
faiss.omp_set_num_threads(1)
rows = numpy.fromfile(path, numpy.float32).reshape(-1, dim)
queries = numpy.fromfile(path + ".queries", numpy.float32).reshape(-1, dim)
if kind == "SQ8":
    index = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    index.train(rows[:100_000])
else:
    index = faiss.IndexFlatIP(dim)
index.add(rows)
del rows
for line in sys.stdin:
    query = int(line)
    start = time.process_time()
    _, found = index.search(queries[query : query + 1], k)
    spent = 1000 * (time.process_time() - start)
    print(spent, *found[0], flush=True)
