//===- Optimizer.cpp - The update of the parameters -----------------------===//
//
// The formulas of torch.optim (single tensor, not capturable, amsgrad and
// maximize off, dampening 0), in its order of operations. g: gradient after
// clipping, p: parameter, w: weight decay, n = step + 1, lr: the learning rate
// of this step (Passes.td has the schedules).
//
//   sgd      g += w p;  buf = m buf + g (0 before the first step, so buf = g then);
//            d = g without momentum, g + m buf with nesterov, else buf;  p -= lr d
//   adam     g += w p;  a += (1 - b1)(g - a);  s = b2 s + (1 - b2) g^2;
//            p -= lr / (1 - b1^n) a / (sqrt(s) / sqrt(1 - b2^n) + eps)
//   adamw    p *= 1 - lr w, then as adam without g += w p
//   adagrad  g += w p;  s += g^2;  p -= lr / (1 + step d) g / (sqrt(s) + eps)
//
//===----------------------------------------------------------------------===//
#include "Optimizer.h"

using namespace mlir;

namespace mlopt::training {

namespace {

class Builder {
public:
  Builder(ComposeBuilder &b, const Settings &s, const Update &u)
      : b(b), s(s), u(u), f32(b.getBuilder().getF32Type()), f64(b.getBuilder().getF64Type()) {}

  Updated run() {
    Updated result;
    Value g = u.gradients;
    if (s.clips)
      g = clip(g, result.gradNorm);
    rate = learningRate();
    switch (s.optimizer) {
    case OptimizerKind::sgd:
      sgd(g, result);
      break;
    case OptimizerKind::adam:
    case OptimizerKind::adamw:
      adam(g, result);
      break;
    case OptimizerKind::adagrad:
      adagrad(g, result);
      break;
    }
    return result;
  }

private:
  // Scalars.
  Value number(double v) { return b.scalar(f64, v); }
  Value small(Value v) { return b.cast(v, f32); }
  Value stepNumber() { return b.cast(u.step, f64); }

  /// f64: the rate times the schedule's factor.
  Value learningRate() {
    Value base = s.learningRate ? number(*s.learningRate) : b.cast(u.learningRate, f64);
    Value factor = scheduleFactor();
    return factor ? b.mul(base, factor) : base;
  }

  /// Null for 1.
  Value scheduleFactor() {
    double warmup = s.given.warmupSteps, total = s.given.totalSteps;
    Value step = stepNumber(), after = b.sub(step, number(warmup)), factor;
    Value part = b.min(b.div(after, number(total - warmup)), number(1));
    switch (s.schedule) {
    case ScheduleKind::constant:
      break;
    case ScheduleKind::linear:
      factor = b.sub(number(1), part);
      break;
    case ScheduleKind::cosine:
      factor = b.mul(b.add(b.create<CosOp>(b.mul(part, number(3.14159265358979323846))), number(1)),
                     number(0.5));
      break;
    case ScheduleKind::step:
      factor = b.create<PowOp>(
          number(s.given.gamma),
          b.create<FloorOp>(b.div(after, number(static_cast<double>(s.given.stepSize)))));
      break;
    }
    if (s.given.warmupSteps == 0)
      return factor;
    Value rising = b.div(b.add(step, number(1)), number(warmup));
    Value isRising = b.compare(ComparePredicate::lt, step, number(warmup));
    return b.select(isRising, rising, factor ? factor : number(1));
  }

  /// In f64: the order of the sum, which is the emitter's and depends on the size only, does not
  /// show in f32.
  Value sumOfSquares(Value g) {
    Value wide = b.cast(g, f64);
    return b.reduce(b.mul(wide, wide), ReduceKind::sum, {0}, /*keepdims=*/false);
  }

  Value clip(Value g, Value &norm) {
    Value wide = b.create<SqrtOp>(sumOfSquares(g));
    Value limit = s.clipNorm ? number(*s.clipNorm) : b.cast(u.clipNorm, f64);
    norm = small(wide);
    Value factor = b.min(b.div(limit, b.add(wide, number(1e-6))), number(1));
    return b.mul(g, small(factor));
  }

  // Regions.
  Value decayed(Value g) {
    return s.weightDecay == 0 ? g : b.add(g, b.mulScalar(u.parameters, s.weightDecay));
  }

  void sgd(Value g, Updated &result) {
    g = decayed(g);
    Value direction = g;
    if (s.given.momentum != 0) {
      Value buffer = b.add(b.mulScalar(u.state[0], s.given.momentum), g);
      result.state.push_back(buffer);
      direction = s.given.nesterov ? b.add(g, b.mulScalar(buffer, s.given.momentum)) : buffer;
    }
    result.parameters = b.sub(u.parameters, b.mul(direction, small(rate)));
  }

  void adam(Value g, Updated &result) {
    Value p = u.parameters;
    if (s.optimizer == OptimizerKind::adam)
      g = decayed(g);
    else if (s.weightDecay != 0)
      p = b.mul(p, small(b.sub(number(1), b.mul(rate, number(s.weightDecay)))));
    Value n = b.add(stepNumber(), number(1));
    auto correction = [&](double beta) {
      return b.sub(number(1), b.create<PowOp>(number(beta), n));
    };
    Value average = b.add(u.state[0], b.mulScalar(b.sub(g, u.state[0]), 1 - s.given.beta1));
    Value square =
        b.add(b.mulScalar(u.state[1], s.given.beta2), b.mul(b.mulScalar(g, 1 - s.given.beta2), g));
    Value stepSize = small(b.div(rate, correction(s.given.beta1)));
    Value root = small(b.create<SqrtOp>(correction(s.given.beta2)));
    Value below = b.addScalar(b.div(b.create<SqrtOp>(square), root), s.epsilon);
    result.parameters = b.sub(p, b.div(b.mul(average, stepSize), below));
    result.state = {average, square};
  }

  void adagrad(Value g, Updated &result) {
    g = decayed(g);
    Value sum = b.add(u.state[0], b.mul(g, g));
    Value factor = b.add(number(1), b.mul(stepNumber(), number(s.given.lrDecay)));
    Value below = b.addScalar(b.create<SqrtOp>(sum), s.epsilon);
    result.parameters = b.sub(u.parameters, b.div(b.mul(g, small(b.div(rate, factor))), below));
    result.state = {sum};
  }

  ComposeBuilder &b;
  const Settings &s;
  const Update &u;
  Type f32, f64;
  Value rate;
};

} // namespace

Updated buildUpdate(ComposeBuilder &b, const Settings &settings, const Update &update) {
  return Builder(b, settings, update).run();
}

} // namespace mlopt::training
