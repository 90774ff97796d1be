"""Two .npz files hold the same arrays, up to the rounding of sums: close_results.py A B."""

import sys

import numpy as np

a, b = np.load(sys.argv[1]), np.load(sys.argv[2])
assert sorted(a.files) == sorted(b.files) and a.files, (a.files, b.files)
for name in a.files:
    np.testing.assert_allclose(a[name], b[name], rtol=1e-5, atol=1e-6, err_msg=name)
