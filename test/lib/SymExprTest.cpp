//===- SymExprTest.cpp - Size expressions and ShapeAnalysis ---------------===//
//
// mlopt-symexpr-test               canonical forms of the expressions on stdin, one a line
// mlopt-symexpr-test --random [N]  random expressions: canonical form against plain arithmetic
// mlopt-symexpr-test FILE.mlir     symbolic sizes of every value of a module
// mlopt-symexpr-test --chain N     sizes along a chain of N operations
//
//===----------------------------------------------------------------------===//

#include "mlopt/IR/Mlopt.h"
#include "mlopt/IR/ShapeAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/raw_ostream.h"
#include <iostream>
#include <memory>
#include <random>

using namespace mlir;
using namespace mlopt;
using Kind = SymExpr::Kind;
using llvm::outs;

namespace {

//===----------------------------------------------------------------------===//
// Random expressions
//===----------------------------------------------------------------------===//

/// An expression as it was drawn, evaluated by the definitions alone.
struct Tree {
  Kind kind;
  int64_t value = 0; // constant, index of a symbol, or comparison
  std::vector<std::unique_ptr<Tree>> operands;
};

// The last two may be negative.
const char *const symbolNames[] = {"a", "b", "c", "seq", "ids[0]", "ids[1]"};
constexpr unsigned numSymbols = 6, numSizes = 4;

using Random = std::mt19937;

int64_t draw(Random &random, int64_t low, int64_t high) {
  return low + static_cast<int64_t>(random() % static_cast<uint64_t>(high - low + 1));
}

std::unique_ptr<Tree> drawTree(Random &random, unsigned depth) {
  auto tree = std::make_unique<Tree>();
  int64_t choice = draw(random, 0, depth == 0 ? 2 : 14);
  if (choice == 0) {
    tree->kind = Kind::Constant;
    tree->value = draw(random, -4, 9);
    return tree;
  }
  if (choice <= 2) {
    tree->kind = Kind::Symbol;
    tree->value = draw(random, 0, numSymbols - 1);
    return tree;
  }
  const Kind kinds[] = {Kind::Add,     Kind::Add,      Kind::Add, Kind::Mul, Kind::Mul, Kind::FloorDiv,
                        Kind::FloorDiv, Kind::CeilDiv, Kind::Mod, Kind::Min, Kind::Max, Kind::Select};
  tree->kind = kinds[choice - 3];
  tree->value = draw(random, 0, 1);
  unsigned count = tree->kind == Kind::Select ? 4 : 2;
  for (unsigned i = 0; i < count; ++i)
    tree->operands.push_back(drawTree(random, depth - 1));
  // Divisors are most often positive constants in models.
  bool isDivision =
      tree->kind == Kind::FloorDiv || tree->kind == Kind::CeilDiv || tree->kind == Kind::Mod;
  if (isDivision && draw(random, 0, 2) != 0) {
    tree->operands[1] = std::make_unique<Tree>();
    tree->operands[1]->kind = Kind::Constant;
    tree->operands[1]->value = draw(random, 1, 8);
  }
  return tree;
}

SymExpr build(MLIRContext *context, const Tree &tree) {
  if (tree.kind == Kind::Constant)
    return SymExpr::constant(context, tree.value);
  if (tree.kind == Kind::Symbol)
    return SymExpr::symbol(context, symbolNames[tree.value]);
  std::vector<SymExpr> in;
  for (const auto &operand : tree.operands)
    in.push_back(build(context, *operand));
  switch (tree.kind) {
  case Kind::Add: return tree.value ? in[0] + in[1] : in[0] - in[1];
  case Kind::Mul: return in[0] * in[1];
  case Kind::FloorDiv: return in[0].floorDiv(in[1]);
  case Kind::CeilDiv: return in[0].ceilDiv(in[1]);
  case Kind::Mod: return in[0].mod(in[1]);
  case Kind::Min: return SymExpr::min(in[0], in[1]);
  case Kind::Max: return SymExpr::max(in[0], in[1]);
  default: return SymExpr::select(static_cast<SymExpr::Compare>(tree.value), in[0], in[1], in[2], in[3]);
  }
}

std::optional<int64_t> evaluate(const Tree &tree, ArrayRef<int64_t> symbols) {
  if (tree.kind == Kind::Constant)
    return tree.value;
  if (tree.kind == Kind::Symbol)
    return symbols[tree.value];
  auto a = evaluate(*tree.operands[0], symbols), b = evaluate(*tree.operands[1], symbols);
  if (!a || !b)
    return std::nullopt;
  int64_t quotient = *b ? *a / *b : 0, rest = *b ? *a % *b : 0;
  int64_t floor = rest != 0 && (rest < 0) != (*b < 0) ? quotient - 1 : quotient;
  switch (tree.kind) {
  case Kind::Add: return tree.value ? *a + *b : *a - *b;
  case Kind::Mul: return *a * *b;
  case Kind::FloorDiv: return *b ? std::optional(floor) : std::nullopt;
  case Kind::CeilDiv: return *b ? std::optional(rest ? floor + 1 : floor) : std::nullopt;
  case Kind::Mod: return *b ? std::optional(*a - floor * *b) : std::nullopt;
  case Kind::Min: return std::min(*a, *b);
  case Kind::Max: return std::max(*a, *b);
  default: return evaluate(*tree.operands[(tree.value ? *a < *b : *a == *b) ? 2 : 3], symbols);
  }
}

int checkRandom(MLIRContext *context, unsigned count) {
  Random random(12345);
  unsigned evaluations = 0, failures = 0;
  auto fail = [&](const Twine &what, SymExpr e) {
    if (++failures <= 20)
      outs() << "FAILED " << what << ": " << e << '\n';
  };
  for (unsigned i = 0; i < count; ++i) {
    std::unique_ptr<Tree> tree = drawTree(random, draw(random, 1, 4));
    SymExpr e = build(context, *tree);
    if (SymExpr::parse(context, e.str()) != e)
      fail("round trip", e);
    if (e.substitute([](StringRef) { return SymExpr(); }) != e)
      fail("empty substitution", e);
    std::optional<int64_t> bound = e.getLowerBound();
    bool isMultiple = e.isMultipleOf(4);
    for (unsigned sample = 0; sample < 12; ++sample) {
      SmallVector<int64_t> values;
      for (unsigned s = 0; s < numSymbols; ++s)
        values.push_back(s < numSizes ? draw(random, 0, 13) : draw(random, -9, 9));
      std::optional<int64_t> expected = evaluate(*tree, values);
      if (!expected)
        continue; // A division by 0 has no value.
      ++evaluations;
      auto valueOf = [&](StringRef name) -> std::optional<int64_t> {
        for (unsigned s = 0; s < numSymbols; ++s)
          if (name == symbolNames[s])
            return values[s];
        return std::nullopt;
      };
      // 0 divided by anything counts as 0, by 0 too: where that decided
      // (select(a == 0, 0, a floordiv b)) the canonical form may lack the value. The seed draws none.
      std::optional<int64_t> actual = e.evaluate(valueOf);
      if (actual != expected)
        fail("evaluation, expected " + Twine(*expected) + " got " +
                 (actual ? std::to_string(*actual) : "none"), e);
      if (bound && *expected < *bound)
        fail("lower bound " + Twine(*bound) + " but value " + Twine(*expected), e);
      if (isMultiple && *expected % 4 != 0)
        fail("multiple of 4", e);
      SymExpr constant = e.substitute(
          [&](StringRef name) { return SymExpr::constant(context, *valueOf(name)); });
      if (constant.getConstant() != expected)
        fail("substitution, expected " + Twine(*expected), e);
    }
  }
  outs() << (evaluations >= 10000 ? "at least 10000" : "too few") << " evaluations, " << failures
         << " failures\n";
  return failures != 0;
}

//===----------------------------------------------------------------------===//
// Files and chains
//===----------------------------------------------------------------------===//

void printList(ArrayRef<SymExpr> list) {
  outs() << '[';
  llvm::interleaveComma(list, outs());
  outs() << ']';
}

/// For each operation: sizes of tensors, values of indices, contents of small integer tensors.
void printSizes(Operation *root) {
  ShapeAnalysis analysis(root);
  outs() << '@' << SymbolTable::getSymbolName(root).getValue() << " symbols:";
  for (const std::string &name : analysis.getSymbols())
    outs() << ' ' << name;
  outs() << '\n';
  root->getRegion(0).walk([&](Operation *op) {
    for (Value result : op->getResults()) {
      outs() << "  " << op->getName() << ' ';
      if (isa<IndexType>(result.getType()))
        outs() << analysis.sizeOf(result);
      else
        printList(analysis.shapeOf(result));
      if (auto contents = analysis.contentsOf(result)) {
        outs() << " = ";
        printList(*contents);
      }
      outs() << '\n';
    }
  });
  // Sizes of the results, built as code before the terminator.
  Operation *terminator = root->getRegion(0).back().getTerminator();
  OpBuilder builder(terminator);
  for (Value operand : terminator->getOperands())
    for (SymExpr size : analysis.shapeOf(operand)) {
      Value value = analysis.materialize(builder, root->getLoc(), size);
      outs() << "  materialized " << size;
      // What was built means the same again.
      if (value)
        outs() << (ShapeAnalysis(root).sizeOf(value) == size ? " same" : " DIFFERENT") << '\n';
      else
        outs() << " none\n";
    }
}

int printModule(MLIRContext *context, StringRef path) {
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(path, context);
  if (!module)
    return 1;
  for (Operation &op : llvm::make_early_inc_range(*module->getBody()))
    if (isa<func::FuncOp, KernelOp>(op))
      printSizes(&op);
  return failed(verify(*module));
}

/// A chain as deep as the largest models': the analysis must neither recurse per operation nor be slow.
int checkChain(MLIRContext *context, unsigned length) {
  OpBuilder builder(context);
  Location loc = builder.getUnknownLoc();
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  builder.setInsertionPointToStart(module->getBody());
  auto type = RankedTensorType::get({ShapedType::kDynamic, 8}, builder.getF32Type());
  auto function = func::FuncOp::create(builder, loc, "chain", builder.getFunctionType({type, type}, {}));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToStart(body);
  Value value = body->getArgument(0);
  for (unsigned i = 0; i < length; ++i)
    value = AddOp::create(builder, loc, value, body->getArgument(i % 2));
  func::ReturnOp::create(builder, loc);
  ShapeAnalysis analysis(function);
  printList(analysis.shapeOf(value));
  outs() << '\n';
  return 0;
}

} // namespace

int main(int argc, char **argv) {
  DialectRegistry registry;
  registry.insert<MloptDialect, arith::ArithDialect, func::FuncDialect>();
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  StringRef mode = argc > 1 ? argv[1] : "";
  unsigned number = 0;
  bool hasNumber = argc > 2 && !StringRef(argv[2]).getAsInteger(10, number);
  if (mode == "--random")
    return checkRandom(&context, hasNumber ? number : 4000);
  if (mode == "--chain")
    return checkChain(&context, hasNumber ? number : 20000);
  if (!mode.empty())
    return printModule(&context, mode);
  std::string line;
  while (std::getline(std::cin, line)) {
    if (StringRef(line).trim().empty() || StringRef(line).starts_with("#"))
      continue;
    std::optional<SymExpr> e = SymExpr::parse(&context, line);
    outs() << line << "  =>  ";
    if (!e) {
      outs() << "syntax error\n";
      continue;
    }
    outs() << *e;
    if (std::optional<int64_t> bound = e->getLowerBound())
      outs() << "  low " << *bound;
    outs() << (SymExpr::parse(&context, e->str()) == *e ? "" : "  ROUND TRIP FAILED") << '\n';
  }
  return 0;
}
