//===- Convolution.cpp - Convolutions --------------------------------------===//
#include "Products.h"

using namespace mlir;
using namespace mlopt;
using namespace mlopt::reference;

namespace {
/// A run of positions that one kernel position pairs: result element
/// `out + i` belongs to input element `in + i * step`, for i below `count`.
struct Run {
  int64_t out, in, count, step;
};
} // namespace

static int64_t ceilDiv(int64_t a, int64_t b) { return a / b + (a % b > 0); }
static int64_t floorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0); }

/// The runs along the innermost axis for the kernel position `k`. Element o of
/// an output axis reads input o * stride + k * dilation - pad.
static std::vector<Run> runsOf(const Convolution &g, ArrayRef<int64_t> k) {
  std::vector<Run> runs;
  unsigned last = g.output.size() - 1;
  Shape inStrides = rowMajorStrides(g.input), outStrides = rowMajorStrides(g.output);
  int64_t shift = k[last] * g.dilations[last] - g.padsBegin[last], step = g.strides[last];
  int64_t begin = std::max<int64_t>(0, ceilDiv(-shift, step));
  int64_t end = std::min(g.output[last], floorDiv(g.input[last] - 1 - shift, step) + 1);
  if (begin >= end)
    return runs;
  ArrayRef<int64_t> outer = ArrayRef<int64_t>(g.output).drop_back();
  for (int64_t row = 0, rows = product(outer); row < rows; ++row) {
    Shape at = coordinatesOf(row, outer);
    int64_t in = 0, out = 0;
    bool inside = true;
    for (unsigned d = 0; d < last && inside; ++d) {
      int64_t x = at[d] * g.strides[d] + k[d] * g.dilations[d] - g.padsBegin[d];
      inside = x >= 0 && x < g.input[d];
      in += x * inStrides[d];
      out += at[d] * outStrides[d];
    }
    if (!inside)
      continue;
    Run run{out + begin, in + begin * step + shift, end - begin, step};
    // Rows that follow each other in both tensors are one run.
    if (!runs.empty() && step == 1 && runs.back().out + runs.back().count == run.out &&
        runs.back().in + runs.back().count == run.in)
      runs.back().count += run.count;
    else
      runs.push_back(run);
  }
  return runs;
}

static std::vector<std::vector<Run>> allRuns(const Convolution &g) {
  std::vector<std::vector<Run>> runs;
  for (int64_t k = 0, n = product(g.kernel); k < n; ++k)
    runs.push_back(runsOf(g, coordinatesOf(k, g.kernel)));
  return runs;
}

static Shape spatial(const HostTensor &t) {
  ArrayRef<int64_t> sizes = t.getShape().drop_front(2);
  return Shape(sizes.begin(), sizes.end());
}

/// out[o] += w * in[i] over the runs.
static void gatherRuns(ArrayRef<Run> runs, double w, const double *in, double *out) {
  for (const Run &run : runs) {
    double *__restrict y = out + run.out;
    const double *__restrict x = in + run.in;
    if (run.step == 1) {
      for (int64_t i = 0; i < run.count; ++i)
        y[i] += w * x[i];
    } else {
      for (int64_t i = 0; i < run.count; ++i)
        y[i] += w * x[i * run.step];
    }
  }
}

/// in[i] += w * out[o] over the runs: the transposed direction.
static void scatterRuns(ArrayRef<Run> runs, double w, const double *out, double *in) {
  for (const Run &run : runs)
    for (int64_t i = 0; i < run.count; ++i)
      in[run.in + i * run.step] += w * out[run.out + i];
}

Shape Convolution::shape() const {
  Shape shape{batch, filters};
  shape.append(output);
  return shape;
}

FailureOr<Convolution>
reference::planConvolution(Evaluation &e, ArrayRef<int64_t> input, ArrayRef<int64_t> filter,
                           ArrayRef<int64_t> strides, ArrayRef<int64_t> padsBegin,
                           ArrayRef<int64_t> padsEnd, ArrayRef<int64_t> dilations, int64_t groups) {
  Convolution c{Shape(input.drop_front(2)),
                Shape(filter.drop_front(2)),
                {},
                Shape(strides),
                Shape(padsBegin),
                Shape(dilations),
                input[0],
                input[1],
                filter[0],
                filter[1],
                groups};
  for (unsigned d = 0; d < c.input.size(); ++d) {
    int64_t window = (c.kernel[d] - 1) * dilations[d] + 1;
    int64_t padded = c.input[d] + padsBegin[d] + padsEnd[d];
    c.output.push_back(std::max<int64_t>(0, floorDiv(padded - window, strides[d]) + 1));
  }
  if (groups <= 0 || c.channels != groups * c.perGroup || c.filters % groups)
    return e.fail("has " + Twine(c.channels) + " input channels and " + Twine(c.filters) +
                  " filters of " + Twine(c.perGroup) + " channels, which do not go with " +
                  Twine(groups) + " groups");
  return c;
}

void reference::convolve(const Convolution &c, ArrayRef<double> x, ArrayRef<double> w,
                         MutableArrayRef<double> y) {
  std::vector<std::vector<Run>> runs = allRuns(c);
  int64_t inSize = product(c.input), outSize = product(c.output), kernelSize = runs.size();
  for (int64_t n = 0; n < c.batch; ++n)
    for (int64_t m = 0; m < c.filters; ++m) {
      int64_t group = m / (c.filters / c.groups);
      for (int64_t i = 0; i < c.perGroup; ++i) {
        const double *in = x.data() + (n * c.channels + group * c.perGroup + i) * inSize;
        for (int64_t k = 0; k < kernelSize; ++k)
          gatherRuns(runs[k], w[(m * c.perGroup + i) * kernelSize + k], in,
                     y.data() + (n * c.filters + m) * outSize);
      }
    }
}

static LogicalResult evalConv(ConvOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()], &w = e[op.getFilter()], &bias = e[op.getBias()];
  FailureOr<Convolution> c =
      planConvolution(e, x.getShape(), w.getShape(), op.getStrides(), op.getPadsBegin(),
                      op.getPadsEnd(), op.getDilations(), op.getGroups());
  HostTensor *y = succeeded(c) ? e.allocate(0, c->shape()) : nullptr;
  if (!y)
    return failure();
  if (!bias.isNone())
    for (int64_t i = 0, outSize = product(c->output), n = y->getNumElements(); i < n; ++i)
      y->mutableDoubles()[i] = bias.doubles()[i / outSize % c->filters];
  convolve(*c, x.doubles(), w.doubles(), y->mutableDoubles());
  return success();
}

/// The transposed convolution adds each input element, times the filter, at the
/// places where a convolution with the same attributes would have read it.
static LogicalResult evalConvTranspose(ConvTransposeOp op, Evaluation &e) {
  const HostTensor &x = e[op.getInput()], &w = e[op.getFilter()], &bias = e[op.getBias()];
  // Seen as a convolution, our result is its input and our input its result.
  Convolution g{{},
                spatial(w),
                spatial(x),
                Shape(op.getStrides()),
                Shape(op.getPadsBegin()),
                Shape(op.getDilations()),
                0,
                0,
                0,
                0,
                0};
  for (unsigned d = 0; d < g.output.size(); ++d)
    g.input.push_back(std::max<int64_t>(
        0, g.strides[d] * (g.output[d] - 1) + op.getOutputPadding()[d] +
               (g.kernel[d] - 1) * g.dilations[d] + 1 - g.padsBegin[d] - op.getPadsEnd()[d]));
  int64_t batch = x.getShape()[0], channels = x.getShape()[1], groups = op.getGroups();
  int64_t perGroup = w.getShape()[1], filters = perGroup * groups;
  if (groups <= 0 || channels != w.getShape()[0] || channels % groups)
    return e.fail("has " + Twine(channels) + " input channels, a filter for " +
                  Twine(w.getShape()[0]) + " and " + Twine(groups) + " groups");
  Shape shape{batch, filters};
  shape.append(g.input);
  HostTensor *y = e.allocate(0, shape);
  if (!y)
    return failure();
  std::vector<std::vector<Run>> runs = allRuns(g);
  int64_t inSize = product(g.output), outSize = product(g.input), kernelSize = runs.size();
  for (int64_t n = 0; n < batch; ++n)
    for (int64_t m = 0; m < filters; ++m) {
      double *out = y->mutableDoubles().data() + (n * filters + m) * outSize;
      if (!bias.isNone())
        std::fill(out, out + outSize, bias.doubles()[m]);
      int64_t group = m / perGroup, channelsPerGroup = channels / groups;
      for (int64_t c = group * channelsPerGroup; c < (group + 1) * channelsPerGroup; ++c) {
        const double *in = x.doubles().data() + (n * channels + c) * inSize;
        for (int64_t k = 0; k < kernelSize; ++k)
          scatterRuns(runs[k], w.doubles()[(c * perGroup + m % perGroup) * kernelSize + k], in,
                      out);
      }
    }
  return success();
}

void reference::registerConvolution(Registry &r) {
  r.add<ConvOp>(evalConv);
  r.add<ConvTransposeOp>(evalConvTranspose);
}
