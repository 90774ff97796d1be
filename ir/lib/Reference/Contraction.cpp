//===- Contraction.cpp - Matrix products -----------------------------------===//
#include "Products.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

/// c[m, n] += a[m, k] * b[k, n], all dense row-major. Blocks of k keep a part
/// of b in the cache; the innermost loop runs over a row of b and c.
template <typename T>
static void multiply(const T *a, const T *b, T *c, int64_t m, int64_t n, int64_t k) {
  const int64_t block = 64, columns = 512;
  for (int64_t j0 = 0; j0 < n; j0 += columns)
    for (int64_t l0 = 0; l0 < k; l0 += block) {
      int64_t l1 = std::min(k, l0 + block), width = std::min(columns, n - j0);
      for (int64_t i = 0; i < m; ++i) {
        T *__restrict row = c + i * n + j0;
        for (int64_t l = l0; l < l1; ++l) {
          T x = a[i * k + l];
          const T *__restrict other = b + l * n + j0;
          for (int64_t j = 0; j < width; ++j)
            row[j] += x * other[j];
        }
      }
    }
}

/// The matrix at `from`, [rows, columns], transposed into `to`.
template <typename T>
static void transposeMatrix(const T *from, T *to, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j)
      to[j * rows + i] = from[i * columns + j];
}

FailureOr<MatrixProduct> reference::planProduct(Evaluation &e, ArrayRef<int64_t> shapeA,
                                                ArrayRef<int64_t> shapeB, bool transposeA,
                                                bool transposeB) {
  if (shapeA.size() < 2 || shapeB.size() < 2)
    return e.fail("expects operands of rank 2 or more");
  auto last = [](ArrayRef<int64_t> s, unsigned fromEnd) { return s[s.size() - fromEnd]; };
  MatrixProduct p{transposeA, transposeB, last(shapeA, 2), last(shapeB, 1), last(shapeA, 1), {}, {},
                  {},         {}};
  int64_t kb = last(shapeB, 2);
  if (transposeA)
    std::swap(p.m, p.k);
  if (transposeB)
    std::swap(kb, p.n);
  if (p.k != kb)
    return e.fail("the contracted sizes " + Twine(p.k) + " and " + Twine(kb) + " differ");
  ArrayRef<int64_t> batchA = shapeA.drop_back(2), batchB = shapeB.drop_back(2);
  FailureOr<Shape> batch = broadcastShape(batchA, batchB);
  if (failed(batch))
    return e.fail("batch shapes " + toString(batchA) + " and " + toString(batchB) +
                  " do not broadcast");
  p.batch = *batch;
  p.stridesA = broadcastStrides(batchA, *batch);
  p.stridesB = broadcastStrides(batchB, *batch);
  p.shape = *batch;
  p.shape.append({p.m, p.n});
  return p;
}

template <typename T>
void reference::multiplyAll(const MatrixProduct &p, ArrayRef<T> a, ArrayRef<T> b,
                            MutableArrayRef<T> c) {
  int64_t m = p.m, n = p.n, k = p.k;
  std::vector<T> turnedA(p.transposeA ? m * k : 0), turnedB(p.transposeB ? n * k : 0);
  const T *lastB = nullptr; // the matrix that turnedB holds
  walk<2>(p.batch, {p.stridesA, p.stridesB}, [&](int64_t i, const std::array<int64_t, 2> &at) {
    const T *pa = a.data() + at[0] * m * k, *pb = b.data() + at[1] * k * n;
    if (p.transposeA) {
      transposeMatrix(pa, turnedA.data(), k, m);
      pa = turnedA.data();
    }
    if (p.transposeB) {
      if (pb != lastB)
        transposeMatrix(pb, turnedB.data(), n, k);
      lastB = pb;
      pb = turnedB.data();
    }
    multiply(pa, pb, c.data() + i * m * n, m, n, k);
  });
}

template void reference::multiplyAll<double>(const MatrixProduct &, ArrayRef<double>,
                                             ArrayRef<double>, MutableArrayRef<double>);
template void reference::multiplyAll<uint64_t>(const MatrixProduct &, ArrayRef<uint64_t>,
                                               ArrayRef<uint64_t>, MutableArrayRef<uint64_t>);

static LogicalResult evalMatmul(MatmulOp op, Evaluation &e) {
  const HostTensor &a = e[op.getLhs()], &b = e[op.getRhs()];
  FailureOr<MatrixProduct> p =
      planProduct(e, a.getShape(), b.getShape(), op.getTransposeA(), op.getTransposeB());
  HostTensor *out = succeeded(p) ? e.allocate(0, p->shape) : nullptr;
  if (!out)
    return failure();
  if (a.isFloat())
    multiplyAll(*p, a.doubles(), b.doubles(), out->mutableDoubles());
  else
    multiplyAll(*p, a.words(), b.words(), out->mutableWords());
  return success();
}

void reference::registerContraction(Registry &r) { r.add<MatmulOp>(evalMatmul); }
