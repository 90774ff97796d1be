//===- RecurrentCell.h - One step of LSTM, GRU and RNN units ----*- C++ -*-===//
//
// The formulas of the ONNX specification on scalars or vectors of hidden units,
// shared by both ways to walk a recurrent layer.
//
//===----------------------------------------------------------------------===//
#ifndef MLOPT_LIB_GENERIC_RECURRENTCELL_H
#define MLOPT_LIB_GENERIC_RECURRENTCELL_H

#include "ElementAt.h"

namespace mlopt {

bool isRecurrentHero(mlir::Operation *hero);
/// Gates of a unit: LSTM i, o, f, c; GRU z, r, h; RNN one.
int64_t recurrentGates(mlir::Operation *hero);

class RecurrentCell {
public:
  /// Failure after a diagnostic where an activation is not known.
  static mlir::FailureOr<RecurrentCell> create(ElementAt &e, mlir::Operation *hero);

  /// Values of a gate (or of a peephole's weights) for the units at hand.
  using Gate = llvm::function_ref<mlir::Value(int64_t)>;

  /// `direction`: i64, 0 or 1; it matters only to bidirectional layers.
  /// LSTM: h and c from the sums of the four gates and the old c. `peephole`
  /// gives weights i, o, f; it is not called where there are none.
  std::pair<mlir::Value, mlir::Value> lstm(mlir::Value direction, Gate sum, mlir::Value oldC,
                                           Gate peephole);
  /// RNN: h from the gate's sum.
  mlir::Value rnn(mlir::Value direction, mlir::Value sum) { return act(0, direction, sum); }
  /// GRU: the update and reset gates from their sums.
  mlir::Value gruGate(mlir::Value direction, mlir::Value sum) { return act(0, direction, sum); }
  /// GRU: h from the update gate z, the candidate's sum and the old h.
  mlir::Value gruState(mlir::Value direction, mlir::Value z, mlir::Value sum, mlir::Value oldH);

private:
  struct Activation {
    std::string name; ///< lower case
    double alpha, beta;
    bool operator==(const Activation &o) const {
      return name == o.name && alpha == o.alpha && beta == o.beta;
    }
  };
  RecurrentCell(ElementAt &e, mlir::Operation *hero) : m(e.scalarMath()), hero(hero) {}
  bool readActivations();
  /// Clips and activates with number `i` of the direction.
  mlir::Value act(int64_t i, mlir::Value direction, mlir::Value v, bool limited = true);
  mlir::Value apply(const Activation &a, mlir::Value v);

  ScalarMath m;
  mlir::Operation *hero;
  llvm::SmallVector<Activation> activations;
  int64_t perDirection = 1;
  double clip = 0;
  bool bidirectional = false, hasPeepholes = false;
};

} // namespace mlopt

#endif // MLOPT_LIB_GENERIC_RECURRENTCELL_H
