//===- Contraction.cpp - Matrix products -----------------------------------===//
#include "Evaluation.h"

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

/// T is double, or uint64_t for integers, whose products wrap.
template <typename T>
static LogicalResult evalTyped(MatmulOp op, Evaluation &e, ArrayRef<T> a, ArrayRef<T> b,
                               MutableArrayRef<T> (*view)(HostTensor &)) {
  Shape shapeA(e[op.getLhs()].getShape()), shapeB(e[op.getRhs()].getShape());
  if (shapeA.size() < 2 || shapeB.size() < 2)
    return e.fail("expects operands of rank 2 or more");
  auto last = [](const Shape &s, unsigned fromEnd) { return s[s.size() - fromEnd]; };
  int64_t m = last(shapeA, 2), k = last(shapeA, 1), kb = last(shapeB, 2), n = last(shapeB, 1);
  if (op.getTransposeA())
    std::swap(m, k);
  if (op.getTransposeB())
    std::swap(kb, n);
  if (k != kb)
    return e.fail("the contracted sizes " + Twine(k) + " and " + Twine(kb) + " differ");
  ArrayRef<int64_t> batchA = ArrayRef<int64_t>(shapeA).drop_back(2);
  ArrayRef<int64_t> batchB = ArrayRef<int64_t>(shapeB).drop_back(2);
  FailureOr<Shape> batch = broadcastShape(batchA, batchB);
  if (failed(batch))
    return e.fail("batch shapes " + toString(batchA) + " and " + toString(batchB) +
                  " do not broadcast");
  Shape shape(*batch);
  shape.append({m, n});
  HostTensor *out = e.allocate(0, shape);
  if (!out)
    return failure();
  std::vector<T> turnedA(op.getTransposeA() ? m * k : 0), turnedB(op.getTransposeB() ? n * k : 0);
  const T *lastB = nullptr; // the matrix that turnedB holds
  walk<2>(*batch, {broadcastStrides(batchA, *batch), broadcastStrides(batchB, *batch)},
          [&](int64_t i, const std::array<int64_t, 2> &at) {
            const T *pa = a.data() + at[0] * m * k, *pb = b.data() + at[1] * k * n;
            if (op.getTransposeA()) {
              transposeMatrix(pa, turnedA.data(), k, m);
              pa = turnedA.data();
            }
            if (op.getTransposeB()) {
              if (pb != lastB)
                transposeMatrix(pb, turnedB.data(), n, k);
              lastB = pb;
              pb = turnedB.data();
            }
            multiply(pa, pb, view(*out).data() + i * m * n, m, n, k);
          });
  return success();
}

static LogicalResult evalMatmul(MatmulOp op, Evaluation &e) {
  const HostTensor &a = e[op.getLhs()], &b = e[op.getRhs()];
  if (a.isFloat())
    return evalTyped<double>(op, e, a.doubles(), b.doubles(),
                             [](HostTensor &t) { return t.mutableDoubles(); });
  return evalTyped<uint64_t>(op, e, a.words(), b.words(),
                             [](HostTensor &t) { return t.mutableWords(); });
}

void reference::registerContraction(Registry &r) { r.add<MatmulOp>(evalMatmul); }
